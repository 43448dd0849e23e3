/** The verdict on a value, with the path to the part that decides it. */
import type { TransferVerdict } from '../captures';

export interface Judgement {
  readonly verdict: TransferVerdict;
  /** From the value to the culprit: `.config["lock"]`; empty for the value itself. */
  readonly path: string;
  readonly reason: string;
}

export function sent(reason = 'it arrives as it is'): Judgement {
  return { verdict: 'serializable', path: '', reason };
}

export function fails(reason: string): Judgement {
  return { verdict: 'not-serializable', path: '', reason };
}

export function lossy(reason: string): Judgement {
  return { verdict: 'lossy', path: '', reason };
}

export function unknown(reason = 'where the value comes from cannot be seen here'): Judgement {
  return { verdict: 'unknown', path: '', reason };
}

const ORDER: readonly TransferVerdict[] = ['not-serializable', 'lossy', 'unknown', 'serializable'];

/**
 * The verdict on a whole by its parts: the worst of them. With `alternatives`, only one of the parts is there: what only some of them
 * do is not sure, except that a loss is told also when it only may happen.
 */
export function judgeItems(parts: readonly { readonly label: string; readonly judgement: Judgement }[], options: { readonly alternatives?: boolean } = {}): Judgement {
  let worst: { label: string; judgement: Judgement } | null = null;
  for (const part of parts) {
    if (!worst || ORDER.indexOf(part.judgement.verdict) < ORDER.indexOf(worst.judgement.verdict)) worst = part;
  }
  if (!worst) return sent();
  const { label, judgement } = worst;
  if (options.alternatives && judgement.verdict === 'not-serializable' && parts.some((p) => p.judgement.verdict !== 'not-serializable')) {
    return parts.every((p) => p.judgement.verdict === 'not-serializable' || p.judgement.verdict === 'lossy') ? judgement : unknown(`it may fail: ${judgement.reason}`);
  }
  return judgement.verdict === 'serializable' ? sent() : { ...judgement, path: label + judgement.path };
}
