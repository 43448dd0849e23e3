from joblib import Parallel, delayed


def weight(word):
    return sum(ord(letter) for letter in word)


def _weights_item(item):
    try:
        return weight(item), None
    except Exception as error:
        return None, error


def _in_order(outcomes):
    for result, error in outcomes:
        if error is not None:
            raise error
        yield result


def weights(words: list):
    results = _in_order(
        Parallel(n_jobs=-1, return_as="generator")(delayed(_weights_item)(item) for item in words)
    )
    return list(results)


if __name__ == "__main__":
    print(weights(["a", "bc", "def"]))
