import multiprocessing
import os


def busy(record):
    return sum(record["load"]) > 3


def _busiest_record(record):
    return bool(busy(record))


def busiest(records: list):
    chunksize = max(1, len(records) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(_busiest_record, records, chunksize=chunksize)
        return [record for record, keep in zip(records, results) if keep]


if __name__ == "__main__":
    records = [{"load": [i, i]} for i in range(5)]
    found = busiest(records)
    found[0]["load"].append(99)
    print(records)
