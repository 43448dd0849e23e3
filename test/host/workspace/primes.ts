/** Counts primes block by block. */
function primesIn(from: number, to: number): number {
  let count = 0;
  for (let n = Math.max(2, from); n < to; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) {
      if (n % d === 0) {
        prime = false;
        break;
      }
    }
    if (prime) count++;
  }
  return count;
}

async function main(): Promise<void> {
  const counts: number[] = [];
  for (let block = 0; block < 8; block++) {
    counts.push(primesIn(block * 500, (block + 1) * 500));
  }
  console.log(counts.join(' '));
}

void main();
