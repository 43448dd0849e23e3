// Draws the Mandelbrot set as text and prints a checksum of its escape times.
//
//     node mandelbrot.mjs [ROWS]
import { createHash } from 'node:crypto';

const LEFT = -2.2;
const RIGHT = 0.8;
const TOP = 1.2;
const BOTTOM = -1.2;
const SHADES = ' .:-=+*#%@';

/** How many steps z = z² + c takes to leave the circle of radius 2; `limit` if it does not. */
function escapeTime(cx, cy, limit) {
  let x = 0;
  let y = 0;
  for (let step = 0; step < limit; step++) {
    const next = x * x - y * y + cx;
    y = 2 * x * y + cy;
    x = next;
    if (x * x + y * y > 4) return step;
  }
  return limit;
}

/** The escape times of one row of the picture. */
function renderRow(y, height, width, limit) {
  const cy = TOP + ((BOTTOM - TOP) * y) / (height - 1);
  const row = new Uint16Array(width);
  for (let x = 0; x < width; x++) {
    row[x] = escapeTime(LEFT + ((RIGHT - LEFT) * x) / (width - 1), cy, limit);
  }
  return row;
}

/** How often each escape time occurs. */
function countTimes(rows, limit) {
  const counts = new Array(limit + 1).fill(0);
  for (const row of rows) {
    for (const time of row) {
      counts[time] += 1;
    }
  }
  return counts;
}

/** The escape time below which half of the points that left had gone. */
function medianTime(counts, limit) {
  const left = counts.slice(0, limit).reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (let time = 0; time < limit; time++) {
    seen += counts[time];
    if (seen * 2 >= left) return time;
  }
  return limit;
}

/** A darker character the longer a point stayed. */
function shade(time, limit) {
  if (time >= limit) return SHADES[SHADES.length - 1];
  return SHADES[Math.min(Math.floor((time * SHADES.length) / 40), SHADES.length - 2)];
}

/** Prints every n-th point so that the picture fits a terminal. */
function draw(rows, limit, lines = 24) {
  const down = Math.max(1, Math.floor(rows.length / lines));
  const across = Math.max(1, Math.floor(down / 2));
  for (let y = 0; y < rows.length; y += down) {
    let line = '';
    for (let x = 0; x < rows[y].length; x += across) {
      line += shade(rows[y][x], limit);
    }
    console.log(line.trimEnd());
  }
}

/** SHA-1 over the rows in order, so that a swapped row would show. */
function checksum(rows) {
  const hash = createHash('sha1');
  for (const row of rows) {
    hash.update(row);
  }
  return hash.digest('hex').slice(0, 12);
}

async function main() {
  const height = Number(process.argv[2] ?? 1500);
  const width = Math.floor((height * 5) / 4);
  const limit = 1000;

  const rows = [];
  for (let y = 0; y < height; y++) {
    rows.push(renderRow(y, height, width, limit));
  }

  draw(rows, limit);
  const counts = countTimes(rows, limit);
  console.log(`${height} x ${width} points, ${counts[limit]} of them never left, median ${medianTime(counts, limit)}`);
  console.log(`checksum ${checksum(rows)}`);
}

await main();
