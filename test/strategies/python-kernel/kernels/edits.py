"""Edit distances of pairs of integer sequences."""


def distance(a: list[int], b: list[int]) -> int:
    previous = [j for j in range(len(b) + 1)]
    for i in range(1, len(a) + 1):
        current = [i]
        for j in range(1, len(b) + 1):
            cost = 0 if a[i - 1] == b[j - 1] else 1
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost))
        previous = current
    return previous[len(b)]


def distances(left: list[list[int]], right: list[list[int]]) -> list[int]:
    return [distance(left[k], right[k]) for k in range(len(left))]


def result(size: int) -> object:
    left = [[(i * j + i) % 4 for j in range(size // 2 + i % 5)] for i in range(size)]
    right = [[(i * j + j) % 4 for j in range(size // 2 + i % 7)] for i in range(size)]
    return distances(left, right)


if __name__ == "__main__":
    print(result(20))
