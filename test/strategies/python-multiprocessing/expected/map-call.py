import multiprocessing
import os


def weight(word):
    return sum(ord(letter) for letter in word)


def weights(words: list):
    chunksize = max(1, len(words) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        return list(pool.imap(weight, words, chunksize=chunksize))


if __name__ == "__main__":
    print(weights(["a", "bc", "def"]))
