from joblib import Parallel, delayed


def digest(word):
    total = 7
    for letter in word:
        total = (total * 31 + ord(letter)) % 1009
    return total


def _digests_word(word):
    try:
        return (digest(word), word.upper()), None
    except Exception as error:
        return None, error


def _in_order(outcomes):
    for result, error in outcomes:
        if error is not None:
            raise error
        yield result


def digests(words: list):
    unique = {digest(word) for word in words}
    by_word = {word: digest(word) for word in words}
    results = _in_order(
        Parallel(n_jobs=-1, return_as="generator")(delayed(_digests_word)(word) for word in words)
    )
    by_digest = dict(results)
    return sorted(unique), by_word, by_digest


if __name__ == "__main__":
    print(digests(["one", "two", "three", "one"]))
