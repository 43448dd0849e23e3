/** Reads profiles that py-spy writes. */
import type { Stack } from './sampled';

interface Speedscope {
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string; readonly line?: number }[] };
  readonly profiles: readonly { readonly type: string; readonly unit: string; readonly samples: readonly (readonly number[])[]; readonly weights: readonly number[] }[];
}

/** py-spy's speedscope file: outermost frame first. Counts are samples. */
export function parseSpeedscope(text: string): readonly Stack[] {
  const { shared, profiles } = JSON.parse(text) as Speedscope;
  const stacks: Stack[] = [];
  for (const { type, samples, weights } of profiles) {
    if (type !== 'sampled') continue;
    const unit = Math.min(...weights.filter((weight) => weight > 0));
    samples.forEach((sample, i) => {
      const frames = sample.map((index) => shared.frames[index]!).filter((frame) => frame.file);
      stacks.push({ frames: frames.map((frame) => ({ file: frame.file!, line: frame.line ?? 0, name: frame.name })), count: weights[i]! / unit });
    });
  }
  return stacks;
}

/** py-spy's raw format: `main (app.py:3);work (app.py:9) 17` on each line. */
export function parseRaw(text: string): readonly Stack[] {
  const stacks: Stack[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^(.*) (\d+)$/.exec(line);
    if (!match) continue;
    const frames = match[1]!.split(/(?<=:\d+\));/).flatMap((frame) => {
      const parts = /^(.*?) \((.*):(\d+)\)$/.exec(frame);
      return parts ? [{ name: parts[1]!, file: parts[2]!, line: Number(parts[3]) }] : [];
    });
    stacks.push({ frames, count: Number(match[2]) });
  }
  return stacks;
}
