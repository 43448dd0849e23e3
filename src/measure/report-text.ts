/** How the report writes figures, and keeps what it is given from being read as markup. */
import type { BenchRow, Ratio } from './types';

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function times(value: number): string {
  return `×${value >= 10 ? value.toFixed(1) : value.toFixed(2)}`;
}

export function interval({ low, high }: Pick<Ratio, 'low' | 'high'>): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}

export function seconds(value: number | null): string {
  if (value === null) return '–';
  if (value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  return value < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(2)} s`;
}

export const VERIFIED: Readonly<Record<BenchRow['verified'], string>> = {
  equal: 'equal',
  'equal-as-far': 'equal as far as compared',
  different: 'different',
  'not-run': 'not run in parallel',
  unstable: 'differs from itself',
  failed: 'failed',
  cancelled: 'cancelled',
  'not-verified': 'not verified',
};
