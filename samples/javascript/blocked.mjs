// A rod that cools down, a walk, a search and a log: loops that must stay as they are.
//
//     node blocked.mjs [STEPS]
//
// Each of them looks like work that could be shared out, and none can: what stops it is said above it.
import { createHash } from 'node:crypto';

/** Heat flows to the neighbours, step by step. Every step starts from the one before. */
function cool(rod, steps, flow) {
  for (let step = 0; step < steps; step++) {
    for (let i = 1; i < rod.length - 1; i++) {
      // Uses the neighbour that this very pass has just changed.
      rod[i] += flow * (rod[i - 1] - 2 * rod[i] + rod[i + 1]);
    }
  }
  return rod;
}

/** A stream of numbers in [0, 1). Every call depends on the one before. */
function stream(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Where a random walk ends. */
function walk(steps, seed) {
  const next = stream(seed);
  let x = 0;
  let y = 0;
  for (let step = 0; step < steps; step++) {
    const turn = Math.floor(next() * 4);
    if (turn === 0) x++;
    else if (turn === 1) x--;
    else if (turn === 2) y++;
    else y--;
  }
  return { x, y };
}

/** Points from one shared stream: in another order other points would come out. */
function scatter(count, seed) {
  const next = stream(seed);
  return Array.from({ length: count }, () => ({ x: next(), y: next() }));
}

/** The first two names whose hashes begin alike. It stops as soon as it knows. */
function firstCollision(names, digits) {
  const seen = new Map();
  for (const name of names) {
    const key = createHash('md5').update(name).digest('hex').slice(0, digits);
    if (seen.has(key)) return [seen.get(key), name];
    seen.set(key, name);
  }
  return null;
}

/** Prints every n-th value: the lines have an order. */
function report(rod, every) {
  for (let i = 0; i < rod.length; i += every) {
    console.log(`  ${String(i).padStart(4)} ${rod[i].toFixed(6)}`);
  }
}

/** The running mean over time: each value builds on the one before. */
function smooth(values, weight) {
  const smoothed = [values[0]];
  for (let i = 1; i < values.length; i++) {
    smoothed.push(smoothed[i - 1] * (1 - weight) + values[i] * weight);
  }
  return smoothed;
}

/** How far Collatz's numbers climb. They share a memo, which later ones read. */
function collatzPeaks(count) {
  const memo = new Map([[1, 1]]);
  const peaks = [];
  for (let start = 1; start <= count; start++) {
    const path = [];
    let n = start;
    while (!memo.has(n)) {
      path.push(n);
      n = n % 2 === 0 ? n / 2 : 3 * n + 1;
    }
    let peak = memo.get(n);
    for (let i = path.length - 1; i >= 0; i--) {
      peak = Math.max(peak, path[i]);
      memo.set(path[i], peak);
    }
    peaks.push(peak);
  }
  return peaks;
}

/** Runs a function that comes from outside: nobody can tell here what it does. */
export function transform(values, apply) {
  const results = [];
  for (const value of values) {
    results.push(apply(value));
  }
  return results;
}

function main() {
  const steps = Number(process.argv[2] ?? 20_000);
  const rod = new Float64Array(300).fill(0).fill(1, 100, 200);
  cool(rod, steps, 0.2);
  report(rod, 50);

  const end = walk(steps * 20, 5);
  console.log(`walk ends at ${end.x}, ${end.y}`);
  console.log(`points: ${transform(scatter(3, 6), (point) => (point.x + point.y).toFixed(6)).join(' ')}`);

  const names = Array.from({ length: 5_000 }, (_, n) => `name-${n}`);
  console.log(`collision: ${firstCollision(names, 6)}`);
  console.log(`smoothed: ${smooth(rod, 0.1).at(-1).toFixed(9)}`);
  console.log(`highest peak: ${Math.max(...collatzPeaks(steps))}`);
}

main();
