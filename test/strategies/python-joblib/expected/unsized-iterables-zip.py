from joblib import Parallel, delayed


def sums(values):
    out = []
    for a, b in sorted(values):
        out.append(a + b)
    return out


def lengths(texts):
    out = []
    for text in reversed(texts):
        out.append(len(text) * 2)
    return out


def _zipped_item(a, b):
    try:
        return a * b + a, None
    except Exception as error:
        return None, error


def zipped(first: list, second: list):
    out = []
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_zipped_item)(a, b) for a, b in zip(first, second)
    )
    for value, error in results:
        if error is not None:
            raise error
        out.append(value)
    return out


def entries(table: dict):
    out = []
    for name, value in table.items():
        out.append(f"{name}={value * 2}")
    return out


if __name__ == "__main__":
    print(sums([(3, 4), (1, 2)]))
    print(lengths(["a", "bcd"]))
    print(zipped([1, 2, 3], [4, 5]))
    print(entries({"a": 1, "b": 2}))
