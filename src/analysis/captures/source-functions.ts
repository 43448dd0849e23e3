/** Functions that a pool sends as their source text: what they use from around them is not there. */
import { fails, sent, unknown, type Judgement } from './judgement';
import type { Value } from './values';

export function judgeSource(value: Value): Judgement {
  if (value.kind === 'plain') return sent('the name of a method of the worker');
  if (value.kind === 'class' || value.kind === 'library' || value.kind === 'method') return fails('its source text is not a function that the worker could run');
  if (value.kind !== 'function') return unknown();
  const lost = [...value.function.free].filter((id) => !id.startsWith('builtin/')).map((id) => id.slice(id.lastIndexOf('/') + 1).replace(/#\d+$/, ''));
  if (lost.length > 0) return fails(`the function is sent as source text, and ${[...new Set(lost)].join(', ')} ${lost.length > 1 ? 'are' : 'is'} not there in the worker`);
  if (value.function.kind !== 'lambda' && value.function.class !== null) return unknown();
  return sent('the function uses nothing from around it');
}
