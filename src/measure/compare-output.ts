/** Compares what programs print, leaving out lines that differ between two runs of the original (times, addresses). */
import type { Output } from './output';

export interface OutputComparison {
  readonly difference: { readonly where: string; readonly original: string; readonly candidate: string } | null;
  readonly notCompared: readonly { readonly where: string; readonly why: string }[];
}

/**
 * @param stream `stdout` or `stderr`
 * @param first and second: the original's two runs
 */
export function compareOutput(stream: string, first: Output, second: Output, candidate: Output): OutputComparison {
  const stable = first.sha256 === second.sha256;
  if (stable && first.sha256 === candidate.sha256) return { difference: null, notCompared: [] };
  if (first.text === null || second.text === null || candidate.text === null) {
    if (!stable) return { difference: null, notCompared: [{ where: stream, why: 'it differs between two runs of the original, and is too long to compare by lines' }] };
    const size = (output: Output) => `${output.bytes} bytes, SHA-256 ${output.sha256.slice(0, 12)}`;
    return { difference: { where: stream, original: size(first), candidate: size(candidate) }, notCompared: [] };
  }
  const clean = stream === 'stderr' ? withoutTraces : (text: string) => text;
  const [left, again] = [clean(first.text).split('\n'), clean(second.text).split('\n')];
  let right = clean(candidate.text).split('\n');
  const notCompared: { where: string; why: string }[] = [];
  if (stream === 'stderr') {
    const own = withoutWarnings(right, left);
    if (own.warnings.length > 0) notCompared.push({ where: stream, why: `the candidate adds a warning: ${own.warnings[0]!.trim()}` });
    right = own.rest;
  }
  if (left.length !== again.length) return { difference: null, notCompared: [...notCompared, { where: stream, why: 'two runs of the original print different numbers of lines' }] };
  let unstable = 0;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [a, b] = [left[index], right[index]];
    if (a !== undefined && a !== again[index]) {
      if (unstable++ === 0) notCompared.push({ where: `${stream} line ${index + 1}`, why: `differs between two runs of the original: ${clip(a)} / ${clip(again[index]!)}` });
      continue;
    }
    if (a !== b) return { difference: { where: `${stream} line ${index + 1}`, original: clip(a), candidate: clip(b) }, notCompared };
  }
  if (unstable > 1) notCompared.push({ where: stream, why: `${unstable} lines differ between two runs of the original` });
  return { difference: null, notCompared };
}

function clip(line: string | undefined): string {
  if (line === undefined) return 'nothing';
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/** Frames of tracebacks name lines, which move when the text changes: the exception behind them is compared. */
function withoutTraces(text: string): string {
  return text
    .replace(/^( *)Traceback \(most recent call last\):\n(?:\1 [^\n]*\n)*/gm, '$1Traceback\n')
    .replace(/^ +at [^\n]*(?:\n|$)/gm, '')
    .replace(/^(?:file:\/\/)?\/?[^\n:]*\.[cm]?[jt]sx?:\d+\n[^\n]*\n *\^+\n/gm, '')
    .replace(/(\.py):\d+: (?=\w*Warning)/g, '$1: ');
}

function withoutWarnings(lines: readonly string[], original: readonly string[]): { rest: string[]; warnings: string[] } {
  const known = new Set(original);
  const rest: string[] = [];
  const warnings: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (/^\S+\.py: \w*Warning: /.test(line) && !known.has(line)) {
      warnings.push(line.replace(/^.*?(\w*Warning: )/, '$1'));
      // The source line that Python shows with it.
      if (/^ {2}\S/.test(lines[index + 1] ?? '')) index++;
    } else rest.push(line);
  }
  return { rest, warnings };
}
