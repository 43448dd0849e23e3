/** One run of the original that measures what a prediction needs: the loop's time, and how long its data takes to travel. */
import { execute, loopSeconds } from './execute';
import type { HarnessEvent } from './events';
import { prepareCandidate } from './overlay';
import type { Sample } from './predict';
import { probeNames, travelOf, type MeasuredLoop } from './probe-spec';
import type { ResolvedProgram } from './program';
import type { Candidate, MeasureOptions, Program } from './types';

/**
 * @param iterations over all entries, when they are known from verifying
 * @returns null when the loop was not entered, or the run did not end well
 */
export async function sampleLoop(
  scratch: string,
  request: { readonly program: Program; readonly loop: MeasuredLoop; readonly original: Candidate },
  resolved: ResolvedProgram,
  iterations: number | null,
  options: MeasureOptions,
): Promise<Sample | null> {
  const travel = travelOf(request.loop);
  const prepared = await prepareCandidate(`${scratch}/sample`, request.original, 'sample', {
    names: probeNames(request.loop),
    loop: null,
    travel: { enter: [...travel.input, ...travel.shared], leave: travel.result },
  });
  const { result, events } = await execute(scratch, resolved, { prepared, program: request.program, maxEntries: 0, startMethod: null, workers: null }, options);
  const loop = loopSeconds(events);
  if (result.ended !== 'exited' || !loop) return null;
  const seconds = (names: readonly string[], phase: 'enter' | 'leave') => names.reduce((sum, name) => sum + meanSeconds(events.all, name, phase), 0) * loop.entries;
  return {
    loopSeconds: loop.seconds,
    entries: loop.entries,
    iterations,
    inputSeconds: seconds(travel.input, 'enter'),
    sharedSeconds: seconds(travel.shared, 'enter'),
    resultSeconds: seconds(travel.result, 'leave'),
  };
}

/** Of the entries that were looked at. What cannot be serialized counts as nothing: a rewrite would not send it as it is. */
function meanSeconds(events: readonly HarnessEvent[], name: string, phase: 'enter' | 'leave'): number {
  let sum = 0;
  let count = 0;
  for (const event of events) {
    if (event.event !== 'transfer' || event.name !== name || event.phase !== phase) continue;
    sum += event.seconds;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
