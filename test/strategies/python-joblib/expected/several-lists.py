"""Splits numbers into parts."""
import math

from joblib import Parallel, delayed


def _split_value(base, value):
    try:
        whole = math.floor(value / base)
        rest = value - whole * base
        return (whole, rest), None
    except Exception as error:
        return None, error


def split(values, base):
    wholes = []
    parts = []
    items = list(values)
    results = Parallel(n_jobs=-1, return_as='generator')(
        delayed(_split_value)(base, value) for value in items
    )
    for value, (result, error) in zip(items, results):
        if error is not None:
            raise error
        whole, rest = result
        wholes.append(whole)
        parts.append((value, rest))
    return wholes, parts


def main():
    print(split([1.5, 2.25, 17.0, 9.125], 2))
    print(split([], 2))


if __name__ == '__main__':
    main()
