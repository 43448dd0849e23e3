import os
from concurrent.futures import ThreadPoolExecutor


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


def zipped(first: list, second: list):
    out = []
    for a, b in zip(first, second):
        out.append(a * b + a)
    return out


def _entries_item(item):
    name, value = item
    return f"{name}={value * 2}"


def entries(table: dict):
    out = []
    items = table.items()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for result in pool.map(_entries_item, items):
            out.append(result)
    return out


if __name__ == "__main__":
    print(sums([(3, 4), (1, 2)]))
    print(lengths(["a", "bcd"]))
    print(zipped([1, 2, 3], [4, 5]))
    print(entries({"a": 1, "b": 2}))
