/** Paths and shares as a person reads them; the figures are written as in the exported report. */
export { interval, seconds, times, VERIFIED } from '../measure/report-text';

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** Works for both kinds of path: a report may come from another machine. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
