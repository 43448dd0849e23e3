"""Counts the steps that each row of the Mandelbrot set takes: work for one core, over numbers whose types are annotated.

    python mandelbrot.py [ROWS]

Every way to run a loop over numbers in parallel fits the loop in `steps_by_row`. The work grows with the square of ROWS.
"""
import sys
import zlib


def row_steps(y: int, height: int, width: int, limit: int) -> int:
    """Steps of all points of a row until they leave the circle of radius 2."""
    imaginary = 2.4 * y / height - 1.2
    total = 0
    for x in range(width):
        real = 3.0 * x / width - 2.2
        a = 0.0
        b = 0.0
        step = 0
        while step < limit and a * a + b * b <= 4.0:
            next_a = a * a - b * b + real
            b = 2.0 * a * b + imaginary
            a = next_a
            step += 1
        total += step
    return total


def steps_by_row(height: int, width: int, limit: int) -> list[int]:
    """The steps of every row, top to bottom."""
    rows: list[int] = []
    for y in range(height):
        rows.append(row_steps(y, height, width, limit))
    return rows


def main() -> None:
    height = int(sys.argv[1]) if len(sys.argv) > 1 else 320
    width = height * 5 // 4
    rows = steps_by_row(height, width, 300)
    print(f"{height} x {width} points, {sum(rows)} steps")
    print(f"checksum {zlib.crc32(repr(rows).encode()):08x}")


if __name__ == "__main__":
    main()
