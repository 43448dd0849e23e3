from itertools import chain as _chain

from joblib import Parallel, delayed


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def _long_chains_item(n):
    try:
        if n % 3 != 0:
            return [(n, collatz(n))], None
        return [], None
    except Exception as error:
        return None, error


def _in_order(outcomes):
    for result, error in outcomes:
        if error is not None:
            raise error
        yield result


def long_chains(limit, least):
    results = _chain.from_iterable(
        _in_order(Parallel(n_jobs=-1, return_as="generator")(delayed(_long_chains_item)(n) for n in range(1, limit)))
    )
    chains = list(results)
    return [chain for chain in chains if chain[1] > least]


if __name__ == "__main__":
    print(long_chains(30, 15))
