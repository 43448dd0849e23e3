import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _multiply_item(n, a, b, c, i):
    for j in range(n):
        for k in range(n):
            c[i][j] += a[i][k] * b[k][j]


def multiply(a: list, b: list, n):
    c = [[0.0] * n for _ in range(n)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for _ in pool.map(partial(_multiply_item, n, a, b, c), range(n)):
            pass
    return c


if __name__ == "__main__":
    a = [[1.0, 2.0], [3.0, 4.0]]
    b = [[0.1, 0.2], [0.3, 0.4]]
    print(multiply(a, b, 2))
