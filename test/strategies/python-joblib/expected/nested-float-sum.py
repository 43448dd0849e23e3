from joblib import Parallel, delayed


def _overlap_row(scale, row):
    try:
        terms = []
        for value in row:
            terms.append(value * scale)
        return terms, None
    except Exception as error:
        return None, error


def overlap(rows, scale):
    total = 0.0
    items = list(rows)
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_overlap_row)(scale, row) for row in items
    )
    for terms, error in results:
        if error is not None:
            raise error
        for term in terms:
            total += term
    return total


if __name__ == "__main__":
    print(overlap([[0.1, 0.2, 0.3], [], [1e16, 1.0, -1e16]], 0.7).hex())
