"""Blurs a generated grey image with a round kernel and prints checksums of the result.

    python convolve.py [SIZE]

Pure Python on lists of rows, as one would write it without numpy.
"""
import math
import sys


def make_image(height, width):
    """Rings around a point, with a bright bar across."""
    image = []
    for y in range(height):
        row = []
        for x in range(width):
            distance = math.hypot(x - width * 0.4, y - height * 0.6)
            value = 0.5 + 0.5 * math.sin(distance / 7.0)
            if height // 3 <= y < height // 3 + 6:
                value = 1.0
            row.append(value)
        image.append(row)
    return image


def make_kernel(radius):
    """Weights that fall off with the distance from the middle and add up to 1."""
    size = 2 * radius + 1
    kernel = [[0.0] * size for _ in range(size)]
    total = 0.0
    for y in range(size):
        for x in range(size):
            weight = math.exp(-((x - radius) ** 2 + (y - radius) ** 2) / (radius * radius))
            kernel[y][x] = weight
            total += weight
    return [[weight / total for weight in row] for row in kernel]


def convolve(image, kernel):
    """The image with every point replaced by the weighted mean around it. Edges repeat the outermost points."""
    height = len(image)
    width = len(image[0])
    radius = len(kernel) // 2
    result = [None] * height
    for y in range(height):
        blurred = []
        for x in range(width):
            value = 0.0
            for ky, weights in enumerate(kernel):
                source = image[min(max(y + ky - radius, 0), height - 1)]
                for kx, weight in enumerate(weights):
                    value += weight * source[min(max(x + kx - radius, 0), width - 1)]
            blurred.append(value)
        result[y] = blurred
    return result


def trail(row, keep):
    """Lets bright points fade out to the right: each point needs the one before it."""
    faded = list(row)
    for x in range(1, len(faded)):
        faded[x] = max(faded[x], keep * faded[x - 1])
    return faded


def add_trails(image, keep):
    """Fades every row."""
    return [trail(row, keep) for row in image]


def mean_and_peak(image):
    """Mean and largest value over all points."""
    total = 0.0
    peak = image[0][0]
    for row in image:
        for value in row:
            total += value
            if value > peak:
                peak = value
    return total / (len(image) * len(image[0])), peak


def first_row_above(image, threshold):
    """Number of the first row with a point above the threshold, -1 if none has one."""
    for y, row in enumerate(image):
        if max(row) > threshold:
            return y
    return -1


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 260
    image = make_image(size, size)
    kernel = make_kernel(4)

    blurred = convolve(image, kernel)
    mean, peak = mean_and_peak(blurred)
    print(f"blurred: mean {mean:.12f}, peak {peak:.12f}")

    faded = add_trails(blurred, 0.98)
    mean, peak = mean_and_peak(faded)
    print(f"with trails: mean {mean:.12f}, peak {peak:.12f}")
    print(f"first row above 0.99: {first_row_above(faded, 0.99)}")


if __name__ == "__main__":
    main()
