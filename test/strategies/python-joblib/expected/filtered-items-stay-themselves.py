from joblib import Parallel, delayed


def busy(record):
    return sum(record["load"]) > 3


def _busiest_record(record):
    try:
        return bool(busy(record)), None
    except Exception as error:
        return None, error


def _in_order(outcomes):
    for result, error in outcomes:
        if error is not None:
            raise error
        yield result


def busiest(records: list):
    results = _in_order(
        Parallel(n_jobs=-1, return_as="generator")(delayed(_busiest_record)(record) for record in records)
    )
    return [record for record, keep in zip(records, results) if keep]


if __name__ == "__main__":
    records = [{"load": [i, i]} for i in range(5)]
    found = busiest(records)
    found[0]["load"].append(99)
    print(records)
