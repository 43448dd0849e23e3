"""Lengths of Collatz sequences."""


def length(n: int) -> int:
    steps = 1
    while n != 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def longest(limit: int) -> tuple[int, int]:
    best = 0
    start = 0
    for n in range(1, limit):
        steps = length(n)
        if steps > best:
            best = steps
            start = n
    return start, best


def result(size: int) -> object:
    return longest(size * 10)


if __name__ == "__main__":
    print(result(50))
