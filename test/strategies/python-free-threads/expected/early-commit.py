import os
from concurrent.futures import ThreadPoolExecutor


def _trace_item(i):
    value = i * 10
    result = value
    value += i
    return result, value


def trace(n):
    before = []
    after = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for result, value in pool.map(_trace_item, range(n)):
            before.append(result)
            after.append(value)
    return before, after


if __name__ == "__main__":
    print(trace(4))
