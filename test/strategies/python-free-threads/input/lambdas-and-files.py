import tempfile


class Scale:
    def __init__(self, power):
        self.of = lambda letter: ord(letter) ** power


def weigh(words, power):
    scale = Scale(power)
    weights = []
    with tempfile.TemporaryFile() as log:
        for word in words:
            heavy = sum(scale.of(letter) for letter in word)
            weights.append((word, heavy, log.closed))
    return weights


print(weigh(["a", "bc", "def"], 3))
