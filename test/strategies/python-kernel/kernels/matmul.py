"""The product of two matrices."""


def multiply(a: list[list[float]], b: list[list[float]], out: list[list[float]]) -> None:
    for i in range(len(a)):
        for j in range(len(b[0])):
            total = 0.0
            for k in range(len(b)):
                total += a[i][k] * b[k][j]
            out[i][j] = total


def result(size: int) -> object:
    a = [[(i * 3 + j) % 7 / 3.0 for j in range(size)] for i in range(size)]
    b = [[(i - 2 * j) % 5 / 7.0 for j in range(size)] for i in range(size)]
    out = [[0.0] * size for _ in range(size)]
    multiply(a, b, out)
    return out


if __name__ == "__main__":
    print(result(20))
