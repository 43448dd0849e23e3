import os
from concurrent.futures import ThreadPoolExecutor


def digest(word):
    total = 7
    for letter in word:
        total = (total * 31 + ord(letter)) % 1009
    return total


def _digests_word(word):
    return digest(word), word.upper()


def digests(words: list):
    unique = {digest(word) for word in words}
    by_word = {word: digest(word) for word in words}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        by_digest = dict(pool.map(_digests_word, words))
    return sorted(unique), by_word, by_digest


if __name__ == "__main__":
    print(digests(["one", "two", "three", "one"]))
