import multiprocessing
import os


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
    chunksize = max(1, len(words) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        by_digest = dict(pool.imap(_digests_word, words, chunksize=chunksize))
    return sorted(unique), by_word, by_digest


if __name__ == "__main__":
    print(digests(["one", "two", "three", "one"]))
