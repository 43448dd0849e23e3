// Blurs a generated grey image with a round kernel and prints checksums of the result.
//
//     node convolve.cjs [SIZE]
'use strict';

const { createHash } = require('node:crypto');

/** Rings around a point, with a bright bar across. */
function makeImage(height, width) {
  const image = [];
  for (let y = 0; y < height; y++) {
    const row = new Float64Array(width);
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot(x - width * 0.4, y - height * 0.6);
      row[x] = y >= height / 3 && y < height / 3 + 6 ? 1 : 0.5 + 0.5 * Math.sin(distance / 7);
    }
    image.push(row);
  }
  return image;
}

/** Weights that fall off with the distance from the middle and add up to 1. */
function makeKernel(radius) {
  const size = 2 * radius + 1;
  const kernel = Array.from({ length: size }, () => new Array(size).fill(0));
  let total = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const weight = Math.exp(-((x - radius) ** 2 + (y - radius) ** 2) / radius ** 2);
      kernel[y][x] = weight;
      total += weight;
    }
  }
  return kernel.map((row) => Float64Array.from(row, (weight) => weight / total));
}

/** One row of the blurred image. Edges repeat the outermost points. */
function convolveRow(image, kernel, y) {
  const height = image.length;
  const width = image[0].length;
  const radius = (kernel.length - 1) / 2;
  const blurred = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    let value = 0;
    for (let ky = 0; ky < kernel.length; ky++) {
      const weights = kernel[ky];
      const source = image[Math.min(Math.max(y + ky - radius, 0), height - 1)];
      for (let kx = 0; kx < weights.length; kx++) {
        value += weights[kx] * source[Math.min(Math.max(x + kx - radius, 0), width - 1)];
      }
    }
    blurred[x] = value;
  }
  return blurred;
}

/** Mean and largest value over all points. */
function meanAndPeak(image) {
  let total = 0;
  let peak = -Infinity;
  for (const row of image) {
    for (const value of row) {
      total += value;
      peak = Math.max(peak, value);
    }
  }
  return { mean: total / (image.length * image[0].length), peak };
}

/** Lets bright points fade out to the right: each needs the one before it. @param {Float64Array} row @param {number} keep */
function trail(row, keep) {
  const faded = row.slice();
  for (let x = 1; x < faded.length; x++) {
    faded[x] = Math.max(faded[x], keep * faded[x - 1]);
  }
  return faded;
}

/** Number of the first row with a point above the threshold, -1 if none has one. */
function firstRowAbove(image, threshold) {
  for (let y = 0; y < image.length; y++) {
    if (image[y].some((value) => value > threshold)) return y;
  }
  return -1;
}

/** SHA-1 over the rows in order. */
function checksum(image) {
  const hash = createHash('sha1');
  image.forEach((row) => hash.update(row));
  return hash.digest('hex').slice(0, 12);
}

async function main() {
  const size = Number(process.argv[2] ?? 900);
  const image = makeImage(size, size);
  const kernel = makeKernel(11);

  const blurred = new Array(size);
  for (let y = 0; y < size; y++) {
    blurred[y] = convolveRow(image, kernel, y);
  }

  const { mean, peak } = meanAndPeak(blurred);
  console.log(`blurred: mean ${mean.toFixed(12)}, peak ${peak.toFixed(12)}, checksum ${checksum(blurred)}`);

  const faded = blurred.map((row) => trail(row, 0.98));
  console.log(`with trails: mean ${meanAndPeak(faded).mean.toFixed(12)}, checksum ${checksum(faded)}`);
  console.log(`first row above 0.95: ${firstRowAbove(faded, 0.95)}`);
}

main();
