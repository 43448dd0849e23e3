"""Pi by darts, from a generator that counts: every batch has its own stream."""


def mix(counter: int, key: int) -> int:
    x = (counter * 0x9E3779B1 + key * 0x85EBCA77) & 0xFFFFFFFF
    x ^= x >> 16
    x = (x * 0x45D9F3B) & 0xFFFFFFFF
    x ^= x >> 15
    x = (x * 0x119DE1F3) & 0xFFFFFFFF
    return x ^ (x >> 16)


def darts(batches: int, size: int) -> int:
    inside = 0
    for batch in range(batches):
        hits = 0
        for n in range(size):
            x = mix(2 * n, batch) / 4294967296.0
            y = mix(2 * n + 1, batch) / 4294967296.0
            if x * x + y * y <= 1.0:
                hits += 1
        inside += hits
    return inside


def result(size: int) -> object:
    return darts(size, 300)


if __name__ == "__main__":
    print(result(20))
