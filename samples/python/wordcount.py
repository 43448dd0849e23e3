"""Counts word stems over many generated texts and prints the commonest.

    python wordcount.py [TEXTS]
"""
import random
import re
import sys
import zlib
from collections import Counter

WORD = re.compile(r"[a-z']+")
SUFFIXES = ("ational", "fulness", "ization", "ingly", "ness", "ment", "able", "ible", "edly", "ing", "est", "ies", "ed", "ly", "es", "er", "s")
SYLLABLES = ("ba", "con", "der", "el", "fra", "gen", "hol", "in", "ka", "lor", "men", "ni", "or", "pre", "qua", "re", "sta", "tor", "un", "ver")
ENDINGS = ("", "", "", "s", "ed", "ing", "er", "ness", "ly", "able", "ization", "edly")
STOP_WORDS = {"elin", "unin", "orka", "bare", "ninor"}


def make_vocabulary(rng: random.Random, size):
    """Made-up words of two to four syllables, with an ending."""
    words = []
    for _ in range(size):
        syllables = [rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4))]
        words.append("".join(syllables) + rng.choice(ENDINGS))
    return words


def make_texts(count, words_each, seed):
    """Texts that use early words of the vocabulary more often. All come from one generator, one after another."""
    rng = random.Random(seed)
    vocabulary = make_vocabulary(rng, 3_000)
    texts = []
    for _ in range(count):
        picks = [int(3_000 * rng.random() ** 3) for _ in range(words_each)]
        texts.append(" ".join([vocabulary[pick] for pick in picks]).capitalize() + ".")
    return texts


def stem(word: str) -> str:
    """The word without its suffixes, as long as three letters and a vowel remain."""
    shorter = True
    while shorter:
        shorter = False
        for suffix in SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                word = word[: -len(suffix)]
                shorter = True
                break
    return word


def count_stems(text: str) -> Counter:
    """How often each stem occurs in one text."""
    counts = Counter()
    for word in WORD.findall(text.lower()):
        stemmed = stem(word)
        if stemmed not in STOP_WORDS:
            counts[stemmed] += 1
    return counts


def count_all(texts: list[str]) -> Counter:
    """The counts of all texts together."""
    total = Counter()
    for text in texts:
        total.update(count_stems(text))
    return total


def longest_text(texts: list[str]) -> str:
    """The longest text; the first one of equals."""
    longest = texts[0]
    for text in texts:
        if len(text) > len(longest):
            longest = text
    return longest


def vowels(words):
    """How many vowels the words have together."""
    return sum(len([letter for letter in word if letter in "aeiou"]) for word in words)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 45
    texts = make_texts(count, 9_000, seed=11)

    total = count_all(texts)
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    for word, times in ranked[:8]:
        print(f"{times:8} {word}")
    print(f"{sum(total.values())} words, {len(total)} stems, {vowels(total)} vowels in them")
    print(f"longest text: {len(longest_text(texts))} characters")
    print(f"checksum {zlib.crc32(repr(ranked).encode()):08x}")


if __name__ == "__main__":
    main()
