/** What a prediction needs of a run of the original: the loop's time, and how long its data takes to travel. */
import { loopSeconds } from './execute';
import type { HarnessEvent, RunEvents } from './events';
import { prepareCandidate, type PreparedCandidate } from './overlay';
import type { Sample } from './predict';
import { probeNames, travelOf, type MeasuredLoop } from './probe-spec';
import type { Candidate } from './types';

/** The original with probes that measure its data too. */
export function prepareSample(folder: string, original: Candidate, loop: MeasuredLoop): Promise<PreparedCandidate> {
  const travel = travelOf(loop);
  return prepareCandidate(folder, original, 'sample', { names: probeNames(loop), loop: null, travel: { enter: [...travel.input, ...travel.shared], leave: travel.result } });
}

/**
 * @param iterations over all entries, when they are known from verifying
 * @returns null when the loop was not entered
 */
export function sampleOf(events: RunEvents, measured: MeasuredLoop, iterations: number | null): Sample | null {
  const loop = loopSeconds(events);
  if (!loop) return null;
  const travel = travelOf(measured);
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

/** Seconds that the sampling itself took, outside of the loop's time. */
export function samplingSeconds(events: RunEvents): number {
  return events.all.reduce((sum, event) => sum + (event.event === 'transfer' ? event.seconds : 0), 0);
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
