import math
from itertools import chain

from joblib import Parallel, delayed


def wave(i, n):
    return math.sin(i / n) * 1e-3


def area(n):
    return sum(wave(i, n) for i in range(n))


def _total_of_pairs_item(n, i):
    try:
        return [wave(i, n) * j for j in range(i)], None
    except Exception as error:
        return None, error


def _in_order(outcomes):
    for result, error in outcomes:
        if error is not None:
            raise error
        yield result


def total_of_pairs(n):
    results = chain.from_iterable(
        _in_order(Parallel(n_jobs=-1, return_as="generator")(delayed(_total_of_pairs_item)(n, i) for i in range(n)))
    )
    return sum(results)


if __name__ == "__main__":
    print(area(100).hex(), total_of_pairs(20).hex())
