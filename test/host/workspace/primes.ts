/** Counts primes block by block. */
const BLOCK = 500;

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) {
    if (n % d === 0) return false;
  }
  return n > 1;
}

function primesIn(block: number): number {
  let count = 0;
  for (let i = 0; i < 500; i++) {
    if (isPrime(block * BLOCK + i)) count++;
  }
  return count;
}

async function main(): Promise<void> {
  const counts: number[] = [];
  for (let block = 0; block < 8; block++) {
    counts.push(primesIn(block));
  }
  console.log(counts.join(' '));
}

void main();
