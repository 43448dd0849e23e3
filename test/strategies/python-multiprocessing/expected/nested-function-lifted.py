import multiprocessing
import os
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
    chunksize = max(1, runs // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(
            partial(_simulate_end, strength),
            range(runs),
            chunksize=chunksize,
        )
        for end in results:
            ends.append(end)
    return ends


if __name__ == "__main__":
    print(simulate(5, 0.5))
