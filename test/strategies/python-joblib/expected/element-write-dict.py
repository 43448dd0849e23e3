from joblib import Parallel, delayed


def fill(size, scale):
    out = [0.0] * size
    for i in range(size):
        out[i] = (i * scale) ** 0.5
    return out


def _transform_value(factor, value):
    try:
        return value * factor, None
    except Exception as error:
        return None, error


def transform(values, factor):
    result = {}
    items = list(values)
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_transform_value)(factor, value) for value in items
    )
    for i, (term, error) in enumerate(results):
        if error is not None:
            raise error
        result[i] = term
    return result


if __name__ == "__main__":
    print(fill(9, 2.0))
    print(transform([3, 4, 5], 1.5))
