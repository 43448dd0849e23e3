"""A loop that must run in order: each value rests on the one before."""


def logistic(x, steps):
    for _ in range(steps):
        x = 3.9 * x * (1.0 - x)
    return x


if __name__ == "__main__":
    print(logistic(0.5, 1000))
