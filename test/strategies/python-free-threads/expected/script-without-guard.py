import os
from concurrent.futures import ThreadPoolExecutor


def cube(n):
    return n ** 3


def cubes(n):
    out = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for value in pool.map(cube, range(n)):
            out.append(value)
    return out


print(cubes(5))
print("done")
