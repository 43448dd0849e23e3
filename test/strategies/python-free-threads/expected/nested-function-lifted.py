import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _simulate_end(settle, run):
    return settle(run, 5)


def simulate(runs, strength):
    def step(value):
        return value * strength + 1

    def settle(value, rounds):
        for _ in range(rounds):
            value = step(value)
        return value

    ends = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for end in pool.map(partial(_simulate_end, settle), range(runs)):
            ends.append(end)
    return ends


if __name__ == "__main__":
    print(simulate(5, 0.5))
