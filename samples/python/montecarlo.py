"""Prices an Asian call option by simulation and prints the price with its standard error.

    python montecarlo.py [PATHS]

Every path has a generator of its own, seeded with the path's number: the result does not hang on the order of the paths.
"""
import math
import random
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """A call on the average price of a share over the option's life."""

    spot: float
    strike: float
    rate: float
    volatility: float
    years: float
    steps: int


def path_payoff(option, seed):
    """What the option pays at the end of one simulated path."""
    rng = random.Random(seed)
    dt = option.years / option.steps
    drift = (option.rate - 0.5 * option.volatility**2) * dt
    spread = option.volatility * math.sqrt(dt)
    price = option.spot
    total = 0.0
    for _ in range(option.steps):
        price *= math.exp(drift + spread * rng.gauss(0.0, 1.0))
        total += price
    return max(total / option.steps - option.strike, 0.0)


def simulate(option, paths):
    """Mean discounted payoff over all paths, and its standard error."""
    total = 0.0
    squares = 0.0
    for seed in range(paths):
        payoff = path_payoff(option, seed)
        total += payoff
        squares += payoff * payoff
    mean = total / paths
    variance = max(squares / paths - mean * mean, 0.0)
    discount = math.exp(-option.rate * option.years)
    return discount * mean, discount * math.sqrt(variance / paths)


def convergence(option, sizes):
    """The price by more and more paths, each set on its own."""
    prices = []
    for size in sizes:
        price, _ = simulate(option, size)
        prices.append(price)
    return prices


def accumulate_interest(rate, years):
    """What one unit of money grows to when interest is added daily."""
    balance = 1.0
    for _ in range(round(years * 365)):
        balance += balance * rate / 365
    return balance


def resampled_spread(values, rounds, seed):
    """Spread of the mean under resampling. One generator serves all rounds, so their order matters."""
    rng = random.Random(seed)
    means = []
    for _ in range(rounds):
        sample = rng.choices(values, k=len(values))
        means.append(sum(sample) / len(sample))
    means.sort()
    return means[-1] - means[0]


def main():
    paths = int(sys.argv[1]) if len(sys.argv) > 1 else 12_000
    option = Option(spot=100.0, strike=102.0, rate=0.03, volatility=0.25, years=1.0, steps=252)

    price, error = simulate(option, paths)
    print(f"price {price:.6f} +- {error:.6f} over {paths} paths")

    small = convergence(option, [paths // 200, paths // 100, paths // 50])
    for value in small:
        print(f"  with fewer paths: {value:.6f}")
    print(f"spread of their mean: {resampled_spread(small, 20, seed=7):.6f}")
    print(f"one unit saved instead: {accumulate_interest(option.rate, option.years):.6f}")


if __name__ == "__main__":
    main()
