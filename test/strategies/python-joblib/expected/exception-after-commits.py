from joblib import Parallel, delayed


def invert(value):
    return 1 / value


def _fill_value(value):
    try:
        return invert(value), None
    except Exception as error:
        return None, error


def fill(out, values):
    items = list(values)
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_fill_value)(value) for value in items
    )
    for result, error in results:
        if error is not None:
            raise error
        out.append(result)


if __name__ == "__main__":
    out = []
    try:
        fill(out, [4, 2, 0, 1, 0.0, 8])
    except ZeroDivisionError as error:
        print(type(error).__name__, error)
    print(out)
