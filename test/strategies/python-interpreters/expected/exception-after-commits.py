import os
from concurrent.futures import InterpreterPoolExecutor


def invert(value):
    return 1 / value


def fill(out, values):
    items = list(values)
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for result in pool.map(invert, items):
            out.append(result)


if __name__ == "__main__":
    out = []
    try:
        fill(out, [4, 2, 0, 1, 0.0, 8])
    except ZeroDivisionError as error:
        print(type(error).__name__, error)
    print(out)
