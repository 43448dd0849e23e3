from joblib import Parallel, delayed


def cube(n):
    return n ** 3


def _cubes_item(i):
    try:
        return cube(i), None
    except Exception as error:
        return None, error


def cubes(n):
    out = []
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_cubes_item)(i) for i in range(n)
    )
    for value, error in results:
        if error is not None:
            raise error
        out.append(value)
    return out


print(cubes(5))
print("done")
