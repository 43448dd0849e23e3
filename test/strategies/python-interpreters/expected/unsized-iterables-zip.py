import os
from concurrent.futures import InterpreterPoolExecutor


def sums(values):
    out = []
    for a, b in sorted(values):
        out.append(a + b)
    return out


def lengths(texts):
    out = []
    for text in reversed(texts):
        out.append(len(text) * 2)
    return out


def _zipped_item(a, b):
    return a * b + a


def zipped(first: list, second: list):
    out = []
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for value in pool.map(_zipped_item, first, second):
            out.append(value)
    return out


def entries(table: dict):
    out = []
    for name, value in table.items():
        out.append(f"{name}={value * 2}")
    return out


if __name__ == "__main__":
    print(sums([(3, 4), (1, 2)]))
    print(lengths(["a", "bcd"]))
    print(zipped([1, 2, 3], [4, 5]))
    print(entries({"a": 1, "b": 2}))
