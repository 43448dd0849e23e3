"""The discrete Fourier transform by its definition."""
import math


def transform(re: list[float], im: list[float]) -> tuple[list[float], list[float]]:
    n = len(re)
    out_re = [0.0] * n
    out_im = [0.0] * n
    for k in range(n):
        total_re = 0.0
        total_im = 0.0
        for t in range(n):
            angle = -2.0 * math.pi * t * k / n
            c = math.cos(angle)
            s = math.sin(angle)
            total_re += re[t] * c - im[t] * s
            total_im += re[t] * s + im[t] * c
        out_re[k] = total_re
        out_im[k] = total_im
    return out_re, out_im


def result(size: int) -> object:
    return transform([math.sin(0.3 * i) for i in range(size)], [0.1 * (i % 3) for i in range(size)])


if __name__ == "__main__":
    print(result(20))
