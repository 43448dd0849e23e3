import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial


class Scale:
    def __init__(self, power):
        self.of = lambda letter: ord(letter) ** power


def _weigh_word(scale, log, word):
    heavy = sum(scale.of(letter) for letter in word)
    return heavy, log.closed


def weigh(words, power):
    scale = Scale(power)
    weights = []
    with tempfile.TemporaryFile() as log:
        items = list(words)
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            results = pool.map(partial(_weigh_word, scale, log), items)
            for word, (heavy, weight) in zip(items, results):
                weights.append((word, heavy, weight))
    return weights


print(weigh(["a", "bc", "def"], 3))
