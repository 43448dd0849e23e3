// Finds the nearest known place of every query point and prints how far away they are.
//
//     npx tsx neighbours.ts [QUERIES]

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

interface Neighbour {
  readonly index: number;
  readonly distance: number;
}

/** The next state of a linear congruential generator, as a number in [0, 1). */
class Sequence {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 4294967296;
  }
}

/** Points in the unit square from one generator, denser towards the corner at 0, 0. */
function makePoints(count: number, seed: number): Point[] {
  const sequence = new Sequence(seed);
  const points: Point[] = [];
  for (let i = 0; i < count; i++) {
    points.push({ x: sequence.next() ** 1.5, y: sequence.next() ** 1.5, weight: 0.5 + sequence.next() });
  }
  return points;
}

/** Index and weighted distance of the point that is nearest to a query; of equals the first. */
function findNearest(query: Point, points: readonly Point[]): Neighbour {
  let index = -1;
  let distance = Infinity;
  for (let i = 0; i < points.length; i++) {
    const point = points[i]!;
    const dx = point.x - query.x;
    const dy = point.y - query.y;
    const here = Math.sqrt(dx * dx + dy * dy) * point.weight;
    if (here < distance) {
      distance = here;
      index = i;
    }
  }
  return { index, distance };
}

/** How many queries fall into each class of distance. */
function classesOfDistance(found: readonly Neighbour[], bins: number): number[] {
  const counts: number[] = new Array(bins).fill(0);
  for (const { distance } of found) {
    const bin = Math.min(Math.floor(distance * 400), bins - 1);
    counts[bin]! += 1;
  }
  return counts;
}

/** Which queries each point is the nearest of. */
function groupByPoint(found: readonly Neighbour[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  found.forEach(({ index }, query) => {
    const group = groups.get(index);
    if (group) group.push(query);
    else groups.set(index, [query]);
  });
  return groups;
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 32_000);
  const points = makePoints(15_000, 3);
  const queries = makePoints(count, 4);

  const nearest = queries.map((query) => findNearest(query, points));

  const total = nearest.reduce((sum, { distance }) => sum + distance, 0);
  console.log(`${count} queries, mean distance ${(total / count).toFixed(12)}`);
  console.log(`classes: ${classesOfDistance(nearest, 8).join(' ')}`);

  const groups = groupByPoint(nearest);
  let busiest = -1;
  let most = 0;
  for (const [index, group] of groups) {
    if (group.length > most) {
      most = group.length;
      busiest = index;
    }
  }
  console.log(`${groups.size} points are nearest of some query; point ${busiest} of ${most}`);
}

await main();
