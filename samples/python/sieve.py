"""Counts the primes below a limit, block by block, and prints where they lie densest.

    python sieve.py [MILLIONS]

A plain script: the work is at module level.
"""
import math
import sys

BLOCK = 1 << 18


def small_primes(limit):
    """All primes up to the limit, by the sieve of Eratosthenes. Each step needs what the earlier ones crossed out."""
    flags = bytearray([1]) * (limit + 1)
    flags[0:2] = b"\0\0"
    for number in range(2, math.isqrt(limit) + 1):
        if flags[number]:
            flags[number * number :: number] = bytes(len(range(number * number, limit + 1, number)))
    return [number for number, flag in enumerate(flags) if flag]


def sieve_block(low, high, primes):
    """One byte for each number from low up to high: 1 for a prime."""
    flags = bytearray([1]) * (high - low)
    for prime in primes:
        if prime * prime >= high:
            break
        first = max(prime * prime, -(-low // prime) * prime)
        if first < high:
            flags[first - low :: prime] = bytes(len(range(first, high, prime)))
    if low == 0:
        flags[0:2] = b"\0\0"
    return flags


def count_twins(flags: bytearray) -> int:
    """How many pairs of primes in the block are two apart."""
    twins = 0
    at = flags.find(b"\1\0\1")
    while at >= 0:
        twins += 1
        at = flags.find(b"\1\0\1", at + 2)
    return twins


def summarize_block(low, high, primes):
    """Number of primes and of twins in one block, and its last prime (0 if it has none)."""
    flags = sieve_block(low, high, primes)
    last = flags.rfind(1)
    return sum(flags), count_twins(flags), low + last if last >= 0 else 0


limit = int(float(sys.argv[1]) * 1_000_000) if len(sys.argv) > 1 else 145_000_000
base = small_primes(math.isqrt(limit) + 1)

total = 0
twins = 0
densest = 0
largest = 0
for low in range(0, limit, BLOCK):
    count, pairs, last = summarize_block(low, min(low + BLOCK, limit), base)
    total += count
    twins += pairs
    densest = max(densest, count)
    largest = max(largest, last)

print(f"{total} primes below {limit}, {twins} twins within blocks")
print(f"largest {largest}, at most {densest} in a block of {BLOCK}")

gap = 0
for index in range(1, len(base)):
    gap = max(gap, base[index] - base[index - 1])
print(f"largest gap among the first {len(base)}: {gap}")
