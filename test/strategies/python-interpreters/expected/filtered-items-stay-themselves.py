import os
from concurrent.futures import InterpreterPoolExecutor


def busy(record):
    return sum(record["load"]) > 3


def _busiest_record(record):
    return bool(busy(record))


def busiest(records: list):
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(_busiest_record, records)
        return [record for record, keep in zip(records, results) if keep]


if __name__ == "__main__":
    records = [{"load": [i, i]} for i in range(5)]
    found = busiest(records)
    found[0]["load"].append(99)
    print(records)
