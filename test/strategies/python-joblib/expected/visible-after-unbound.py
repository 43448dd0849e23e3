from joblib import Parallel, delayed


def last(values):
    squares = []
    for value in values:
        square = value * value
        squares.append(square)
    return squares, value, square


def _last_or_unbound_value(value):
    try:
        return value * value, None
    except Exception as exception:
        return None, exception


def last_or_unbound(values):
    squares = []
    items = list(values)
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_last_or_unbound_value)(value) for value in items
    )
    for value, (result, exception) in zip(items, results):
        if exception is not None:
            raise exception
        squares.append(result)
    try:
        return squares, value
    except NameError as error:
        return squares, type(error).__name__


if __name__ == "__main__":
    print(last([1, 2, 3]))
    print(last_or_unbound([4, 5]))
    print(last_or_unbound([]))
