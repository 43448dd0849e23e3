/** A benchmark over sizes of the input: the whole comparison at each, the largest as the report. */
import { breakEvens, breakEvenText, sizedProgram } from '../measure/sizes';
import type { BenchReport, MeasureOptions, SizeRows } from '../measure/types';
import { benchLoop } from './measure';
import type { BenchLoopRequest, Session } from './session';

/**
 * Verifies and measures at each size that the request or its command names; without sizes, once.
 * @returns the report of the last size, with the rows of all
 * @throws what `benchLoop` throws; ProgramError when sizes and command do not fit
 */
export async function benchSizes(session: Session, request: BenchLoopRequest, options: MeasureOptions): Promise<BenchReport> {
  const sized = sizedProgram(request.program, request.sizes);
  if (sized === null) return benchLoop(session, request, options);
  const sizes: SizeRows[] = [];
  let report: BenchReport | null = null;
  for (const size of sized.sizes) {
    const onProgress: MeasureOptions['onProgress'] = (message, done, total) => options.onProgress(`size ${size}: ${message}`, done, total);
    report = await benchLoop(session, { ...request, program: sized.at(size) }, { ...options, onProgress });
    sizes.push({ size, rows: report.rows });
  }
  const even = breakEvens(sizes);
  const notes = report!.notes.filter((note) => !/ is expected to break even /.test(note));
  return { ...report!, sizes, breakEven: even, notes: [...even.map(breakEvenText), ...notes] };
}
