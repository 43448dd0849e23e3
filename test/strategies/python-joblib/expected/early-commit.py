from joblib import Parallel, delayed


def _trace_item(i):
    try:
        value = i * 10
        result = value
        value += i
        return (result, value), None
    except Exception as error:
        return None, error


def trace(n):
    before = []
    after = []
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_trace_item)(i) for i in range(n)
    )
    for outcome, error in results:
        if error is not None:
            raise error
        result, value = outcome
        before.append(result)
        after.append(value)
    return before, after


if __name__ == "__main__":
    print(trace(4))
