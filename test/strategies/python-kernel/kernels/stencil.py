"""One step of heat on a grid with a fixed border."""


def step(grid: list[list[float]], new: list[list[float]], alpha: float) -> None:
    for i in range(1, len(grid) - 1):
        for j in range(1, len(grid[i]) - 1):
            around = grid[i - 1][j] + grid[i + 1][j] + grid[i][j - 1] + grid[i][j + 1]
            new[i][j] = grid[i][j] + alpha * (around - 4.0 * grid[i][j])


def result(size: int) -> object:
    grid = [[((i * 7 + j * 13) % 10) / 10.0 for j in range(size)] for i in range(size)]
    new = [row[:] for row in grid]
    for _ in range(2):
        step(grid, new, 0.1)
        grid, new = new, grid
    return grid


if __name__ == "__main__":
    print(result(24))
