import os
from concurrent.futures import InterpreterPoolExecutor


def last(values):
    squares = []
    for value in values:
        square = value * value
        squares.append(square)
    return squares, value, square


def _last_or_unbound_value(value):
    return value * value


def last_or_unbound(values):
    squares = []
    items = list(values)
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for value, result in zip(items, pool.map(_last_or_unbound_value, items)):
            squares.append(result)
    try:
        return squares, value
    except NameError as error:
        return squares, type(error).__name__


if __name__ == "__main__":
    print(last([1, 2, 3]))
    print(last_or_unbound([4, 5]))
    print(last_or_unbound([]))
