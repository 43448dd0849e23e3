/** What the two rules about captures share: the words of their findings. */
import type { CaptureReport } from '../analysis/captures';
import { firstLineOf } from './lines';
import type { Finding, Fix, RuleContext, RuleMeta } from './types';

export function captureFinding(meta: RuleMeta, context: RuleContext, capture: CaptureReport, fixes: readonly Fix[]): Finding {
  const what = capture.path.length > 60 || capture.path.includes('\n') ? 'this value' : capture.path;
  const message =
    capture.verdict === 'lossy'
      ? `${capture.api} sends ${what} incompletely: ${capture.reason}`
      : `${capture.api} cannot send ${what} to a worker: ${capture.reason}`;
  const call = firstLineOf(context.text, capture.call);
  return {
    rule: meta.id,
    severity: meta.severity,
    // The value itself, unless it is what the call is made on (`new Worker` without a place of its own).
    range: firstLineOf(context.text, capture.range),
    message,
    ...(capture.range.start > call.end ? { related: [{ range: call, message: 'handed over by this call' }] } : {}),
    fixes,
  };
}
