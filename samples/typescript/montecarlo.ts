// Prices an Asian call option by simulation and prints the price with its standard error.
//
//     npx tsx montecarlo.ts [PATHS]
//
// Every path has a generator of its own, seeded with the path's number: the result does not hang on the order of the paths.

interface Option {
  readonly spot: number;
  readonly strike: number;
  readonly rate: number;
  readonly volatility: number;
  readonly years: number;
  readonly steps: number;
}

interface Estimate {
  readonly price: number;
  readonly error: number;
}

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32). */
class Uniform {
  state: number;
  constructor(seed: number) { this.state = seed | 0; }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}

/** A normally distributed number by Box and Muller's method. */
function normal(source: Uniform): number {
  const radius = Math.sqrt(-2 * Math.log(1 - source.next()));
  return radius * Math.cos(2 * Math.PI * source.next());
}

/** What the option pays at the end of one simulated path. */
function pathPayoff(option: Option, seed: number): number {
  const source = new Uniform(seed * 2654435761);
  const dt = option.years / option.steps;
  const drift = (option.rate - 0.5 * option.volatility ** 2) * dt;
  const spread = option.volatility * Math.sqrt(dt);
  let price = option.spot;
  let total = 0;
  for (let step = 0; step < option.steps; step++) {
    price *= Math.exp(drift + spread * normal(source));
    total += price;
  }
  return Math.max(total / option.steps - option.strike, 0);
}

/** Mean discounted payoff over all paths, and its standard error. */
async function simulate(option: Option, paths: number): Promise<Estimate> {
  let total = 0;
  let squares = 0;
  for (let seed = 1; seed <= paths; seed++) {
    const payoff = pathPayoff(option, seed);
    total += payoff;
    squares += payoff * payoff;
  }
  const mean = total / paths;
  const variance = Math.max(squares / paths - mean * mean, 0);
  const discount = Math.exp(-option.rate * option.years);
  return { price: discount * mean, error: discount * Math.sqrt(variance / paths) };
}

/** What one unit of money grows to when interest is added daily. */
function accumulateInterest(rate: number, years: number): number {
  let balance = 1;
  for (let day = 0; day < Math.round(years * 365); day++) {
    balance += (balance * rate) / 365;
  }
  return balance;
}

/** Spread of the mean under resampling. One generator serves all rounds, so their order matters. */
function resampledSpread(values: readonly number[], rounds: number, seed: number): number {
  const source = new Uniform(seed);
  const means: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) {
      sum += values[Math.floor(source.next() * values.length)]!;
    }
    means.push(sum / values.length);
  }
  return Math.max(...means) - Math.min(...means);
}

async function main(): Promise<void> {
  const paths = Number(process.argv[2] ?? 110_000);
  const option: Option = { spot: 100, strike: 102, rate: 0.03, volatility: 0.25, years: 1, steps: 252 };

  const { price, error } = await simulate(option, paths);
  console.log(`price ${price.toFixed(9)} +- ${error.toFixed(9)} over ${paths} paths`);

  const payoffs = Array.from({ length: 50 }, (_, index) => pathPayoff(option, index + 1));
  console.log(`spread of the mean of 50: ${resampledSpread(payoffs, 40, 7).toFixed(9)}`);
  console.log(`one unit saved instead: ${accumulateInterest(option.rate, option.years).toFixed(9)}`);
}

await main();
