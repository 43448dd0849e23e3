import multiprocessing
import os


def invert(value):
    return 1 / value


def _fill_value(value):
    try:
        return invert(value), None
    except Exception as error:
        return None, error


def fill(out, values):
    items = list(values)
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        for result, error in pool.imap(_fill_value, items, chunksize=chunksize):
            if error is not None:
                raise error
            out.append(result)


if __name__ == "__main__":
    out = []
    try:
        fill(out, [4, 2, 0, 1, 0.0, 8])
    except ZeroDivisionError as error:
        print(type(error).__name__, error)
    print(out)
