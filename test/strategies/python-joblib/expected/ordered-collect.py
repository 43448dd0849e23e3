from joblib import Parallel, delayed


def area(width, height):
    return width * height


def _table_item(width, y):
    try:
        # The area is worked out row by row.
        value = area(width, y)
        return value, None
    except Exception as error:
        return None, error


def table(width, rows):
    areas = []
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_table_item)(width, y) for y in range(rows)
    )
    for value, error in results:
        if error is not None:
            raise error
        areas.append(value)  # in order
    return areas


if __name__ == "__main__":
    print(table(3, 10))
    print(table(3, 1), table(3, 0))
