"""How often each row of samples falls into each of a number of bins."""


def histograms(samples: list[list[float]], bins: int, low: float, high: float) -> list[list[int]]:
    width = (high - low) / bins
    tables = []
    for row in samples:
        counts = [0] * bins
        for value in row:
            place = int((value - low) / width)
            if place < 0:
                place = 0
            elif place >= bins:
                place = bins - 1
            counts[place] += 1
        tables.append(counts)
    return tables


def result(size: int) -> object:
    samples = [[((i * 37 + j * 101) % 997) / 90.0 - 0.5 for j in range(size + i)] for i in range(size)]
    return histograms(samples, 16, 0.0, 10.0)


if __name__ == "__main__":
    print(result(20))
