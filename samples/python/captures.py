"""Hands values to worker processes, among them some that cannot travel.

    python captures.py

It prints what arrived and what did not. Fanout marks each hand-over that fails, with the path to the value that is to blame.
"""
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field


@dataclass
class Order:
    """Plain data: it travels."""

    name: str
    amounts: list = field(default_factory=list)


class Ledger:
    """Books orders. Its lock keeps it at home."""

    def __init__(self, orders):
        self.orders = orders
        self.lock = threading.Lock()

    def total(self, factor):
        with self.lock:
            return factor * sum(sum(order.amounts) for order in self.orders)


class Archive:
    """Like Ledger, but it leaves its lock behind when it travels and makes a new one on arrival."""

    def __init__(self, orders):
        self.orders = orders
        self.lock = threading.Lock()

    def __getstate__(self):
        return {"orders": self.orders}

    def __setstate__(self, state):
        self.orders = state["orders"]
        self.lock = threading.Lock()

    def total(self, factor):
        with self.lock:
            return factor * sum(sum(order.amounts) for order in self.orders)


def total_of(order):
    """Sum of one order."""
    return sum(order.amounts)


def scaled(order, options):
    """Sum of one order, scaled by a function in the options if there is one."""
    convert = options.get("convert", float)
    return convert(total_of(order))


def longest_line(source):
    """Length of the longest line of an open file or a list of lines."""
    return max(len(line) for line in source)


def outcome(future):
    """What a call gave, or that it failed."""
    try:
        return future.result()
    except Exception as error:
        return f"failed with {type(error).__name__}"


def main():
    orders = [Order("apples", [3, 4]), Order("pears", [5])]
    ledger = Ledger(orders)
    archive = Archive(orders)

    with ProcessPoolExecutor(max_workers=2) as pool:
        print("orders:", list(pool.map(total_of, orders)))
        print("a lambda:", outcome(pool.submit(lambda order: total_of(order) * 2, orders[0])).split()[0])
        print("a lambda in the options:", outcome(pool.submit(scaled, orders[0], {"convert": lambda total: total * 2})).split()[0])
        print("options without it:", outcome(pool.submit(scaled, orders[0], {"convert": str})))
        print("a method of an object with a lock:", outcome(pool.submit(ledger.total, 2)).split()[0])
        print("one that leaves its lock behind:", outcome(pool.submit(archive.total, 2)))
        with open(__file__, encoding="utf-8") as source:
            print("an open file:", outcome(pool.submit(longest_line, source)).split()[0])
        with open(__file__, encoding="utf-8") as source:
            lines = source.readlines()
        print("its lines:", outcome(pool.submit(longest_line, lines)))


if __name__ == "__main__":
    main()
