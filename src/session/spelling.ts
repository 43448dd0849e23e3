/** Suggests the name that a person may have meant. */

/** `; did you mean 'x'?` for the nearest of the names, or the list of them when none is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const near = [...names].map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.distance - b.distance)[0];
  if (near && near.distance <= Math.max(2, given.length / 3)) return `; did you mean '${near.name}'?`;
  return `; there are: ${[...names].sort().join(', ')}`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
