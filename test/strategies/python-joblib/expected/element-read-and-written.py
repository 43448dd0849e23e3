import os

from joblib import Parallel, delayed


def _relax_item(values, weights, i):
    try:
        value = values[i] * weights[i] + 1
        values[i] = value
        return (value, values[i] ** 2), None
    except Exception as error:
        return None, error


def relax(values, weights):
    batch_size = max(1, len(values) // (4 * (os.cpu_count() or 1)))
    results = Parallel(n_jobs=-1, max_nbytes=None, batch_size=batch_size)(
        delayed(_relax_item)(values, weights, i) for i in range(len(values))
    )
    for i, (result, error) in enumerate(results):
        if error is not None:
            raise error
        value, term = result
        values[i] = value
        values[i] = term


if __name__ == "__main__":
    data = [1, 2, 3, 4, 5]
    same = data
    relax(data, [5, 4, 3, 2, 1])
    print(data, same is data)
