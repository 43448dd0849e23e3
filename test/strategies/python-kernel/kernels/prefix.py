"""Prefix sums inside each row."""


def accumulate(rows: list[list[int]]) -> list[list[int]]:
    sums = []
    for row in rows:
        running = 0
        line = []
        for value in row:
            running += value
            line.append(running)
        sums.append(line)
    return sums


def result(size: int) -> object:
    return accumulate([[(i * j) % 11 - 5 for j in range(size)] for i in range(size)])


if __name__ == "__main__":
    print(result(20))
