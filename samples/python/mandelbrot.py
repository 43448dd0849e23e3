"""Draws the Mandelbrot set as text and prints a checksum of its escape times.

    python mandelbrot.py [ROWS]

More rows give a finer picture: the work grows with their square.
"""
import sys
import zlib

LEFT, RIGHT = -2.2, 0.8
TOP, BOTTOM = 1.2, -1.2
SHADES = " .:-=+*#%@"


def escape_time(c, limit):
    """How many steps z = z*z + c takes to leave the circle of radius 2; `limit` if it does not."""
    z = 0j
    for step in range(limit):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag > 4.0:
            return step
    return limit


def render_row(y, height, width, limit):
    """The escape times of one row of the picture."""
    imaginary = TOP + (BOTTOM - TOP) * y / (height - 1)
    row = []
    for x in range(width):
        real = LEFT + (RIGHT - LEFT) * x / (width - 1)
        row.append(escape_time(complex(real, imaginary), limit))
    return row


def render(height, width, limit):
    """All rows, top to bottom."""
    rows = []
    for y in range(height):
        rows.append(render_row(y, height, width, limit))
    return rows


def count_times(rows):
    """How often each escape time occurs."""
    counts = {}
    for row in rows:
        for time in row:
            counts[time] = counts.get(time, 0) + 1
    return counts


def shade(time, limit):
    """A darker character the longer a point stayed."""
    if time >= limit:
        return SHADES[-1]
    return SHADES[min(time * len(SHADES) // 40, len(SHADES) - 2)]


def draw(rows, limit, lines=24):
    """Prints every n-th point so that the picture fits a terminal."""
    down = max(1, len(rows) // lines)
    across = max(1, down // 2)
    for row in rows[::down]:
        characters = [shade(time, limit) for time in row[::across]]
        print("".join(characters).rstrip())


def checksum(rows):
    """CRC-32 over the rows in order, so that a swapped row would show."""
    crc = 0
    for row in rows:
        crc = zlib.crc32(repr(row).encode(), crc)
    return crc


def main():
    height = int(sys.argv[1]) if len(sys.argv) > 1 else 390
    width = height * 5 // 4
    limit = 180

    rows = render(height, width, limit)
    draw(rows, limit)

    counts = count_times(rows)
    inside = counts.get(limit, 0)
    print(f"{height} x {width} points, {inside} of them never left")
    print(f"checksum {checksum(rows):08x}")


if __name__ == "__main__":
    main()
