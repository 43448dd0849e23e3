from joblib import Parallel, delayed


def score(value, target):
    return -abs(value - target)


def _nearest_value(target, value):
    try:
        s = score(value, target)
        return s, None
    except Exception as error:
        return None, error


def nearest(values, target):
    best = None
    best_score = float("-inf")
    items = list(values)
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_nearest_value)(target, value) for value in items
    )
    for i, (s, error) in enumerate(results):
        if error is not None:
            raise error
        if s > best_score:
            best_score = s
            best = i
    return best, best_score


if __name__ == "__main__":
    print(nearest([3.0, 8.0, 5.0, 6.0, 5.0], 5.5))
    print(nearest([], 1.0))
