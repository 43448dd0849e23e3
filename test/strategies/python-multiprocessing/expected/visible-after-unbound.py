import multiprocessing
import os


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
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(_last_or_unbound_value, items, chunksize=chunksize)
        for value, result in zip(items, results):
            squares.append(result)
    try:
        return squares, value
    except NameError as error:
        return squares, type(error).__name__


if __name__ == "__main__":
    print(last([1, 2, 3]))
    print(last_or_unbound([4, 5]))
    print(last_or_unbound([]))
