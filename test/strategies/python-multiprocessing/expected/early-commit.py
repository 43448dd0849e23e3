import multiprocessing
import os


def _trace_item(i):
    value = i * 10
    result = value
    value += i
    return result, value


def trace(n):
    before = []
    after = []
    chunksize = max(1, n // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        for result, value in pool.imap(_trace_item, range(n), chunksize=chunksize):
            before.append(result)
            after.append(value)
    return before, after


if __name__ == "__main__":
    print(trace(4))
