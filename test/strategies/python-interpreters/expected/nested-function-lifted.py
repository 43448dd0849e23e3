import os
from concurrent.futures import InterpreterPoolExecutor
from functools import partial


def step(strength, value):
    return value * strength + 1


def settle(strength, value, rounds):
    for _ in range(rounds):
        value = step(strength, value)
    return value


def _simulate_end(strength, run):
    return settle(strength, run, 5)


def simulate(runs, strength):
    ends = []
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for end in pool.map(partial(_simulate_end, strength), range(runs)):
            ends.append(end)
    return ends


if __name__ == "__main__":
    print(simulate(5, 0.5))
