import os
from concurrent.futures import InterpreterPoolExecutor


def weight(word):
    return sum(ord(letter) for letter in word)


def weights(words: list):
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(weight, words))


if __name__ == "__main__":
    print(weights(["a", "bc", "def"]))
