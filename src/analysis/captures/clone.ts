/** Whether the structured clone algorithm can send a value to another thread, and what arrives in its place. */
import type { Flows } from './flow';
import type { Transfers } from './handovers';
import { clonedName, clonedResult, normalizeJs } from './javascript-library';
import { fails, judgeItems, lossy, sent, unknown, type Judgement } from './judgement';
import type { Container, Instance, Made, Value } from './values';

const FUNCTION = 'a function cannot be cloned';
/** Builtin classes whose own fields the algorithm does not look at. */
const CLOSED = /^(Map|Set|Date|RegExp|ArrayBuffer|SharedArrayBuffer|DataView|(Big)?(Int|Uint|Float)\d+(Clamped)?Array|\w*Error|Number|String|Boolean)$/;
const MAX_DEPTH = 12;

export class Clone {
  private readonly active = new Set<unknown>();

  constructor(
    private readonly flows: Flows,
    private readonly transfers: Transfers | null,
  ) {}

  judgeMessage(value: Value): Judgement {
    if (this.transfers?.trouble) return fails(this.transfers.trouble.reason);
    return this.judge(value);
  }

  private judge(value: Value, depth = 0): Judgement {
    if (depth > MAX_DEPTH) return unknown();
    switch (value.kind) {
      case 'plain':
        return sent();
      case 'unknown':
        return unknown();
      case 'union':
        return judgeItems(value.options.map((option) => ({ label: '', judgement: this.judge(option, depth + 1) })), { alternatives: true });
      case 'function':
      case 'method':
        return fails(FUNCTION);
      case 'class':
        return fails(`the class ${value.class.name} is a function, which cannot be cloned`);
      case 'library':
        return this.library(value.name);
      case 'container':
        return this.container(value, depth);
      case 'instance':
        return this.once(value.class, () => this.instance(value, depth));
      case 'made':
        return this.made(value, depth);
    }
  }

  private once(key: unknown, judge: () => Judgement): Judgement {
    if (this.active.has(key)) return sent();
    this.active.add(key);
    try {
      return judge();
    } finally {
      this.active.delete(key);
    }
  }

  private library(given: string): Judgement {
    const name = normalizeJs(given);
    if (name.startsWith('module:')) return fails('a module cannot be cloned');
    const known = clonedName(name);
    if (known.verdict === 'cloned') return sent();
    if (known.verdict === 'unknown') return unknown();
    return known.verdict === 'lossy' ? lossy(known.reason) : fails(known.reason);
  }

  private container(value: Container, depth: number): Judgement {
    const closed = value.type === 'Map' || value.type === 'Set';
    const parts = value.items.map((item) => {
      // Fields that were put on a Map or Set are left behind, whatever they hold.
      if (closed && item.label.startsWith('.') && !item.label.startsWith('.get(')) return { label: item.label, judgement: lossy(`a field of a ${value.type} is left behind`) };
      if (item.label === '[symbol]') return { label: '', judgement: lossy('what is stored under a symbol is left behind') };
      return { label: item.label === '[key]' ? '' : item.label, judgement: this.field(item.value, depth) };
    });
    if (value.prototype === null) parts.push({ label: '', judgement: lossy('its prototype is null, and it arrives as an ordinary object') });
    else if (value.prototype !== undefined) parts.push({ label: '', judgement: lossy('it arrives without what it inherits') });
    if (value.open) parts.push({ label: '', judgement: unknown() });
    return judgeItems(parts);
  }

  /** A field of an object, which may be an accessor or not enumerable. */
  private field(value: Value, depth: number): Judgement {
    if (value.kind !== 'made') return this.judge(value, depth + 1);
    if (value.by === 'hidden') return lossy('a property that is not enumerable is left behind');
    if (value.by === 'accessor:set') return lossy('a setter is left behind');
    if (value.by !== 'accessor:get') return this.judge(value, depth + 1);
    const [get] = value.args;
    const result = get?.kind === 'function' ? this.flows.of(get.module).invoke(get, { positional: [], keywords: new Map(), open: false }, null) : null;
    const judged = result ? this.judge(result, depth + 1) : sent();
    return judged.verdict === 'not-serializable' ? judged : lossy('a getter is called once, and its value arrives instead');
  }

  private instance(value: Instance, depth: number): Judgement {
    const { name } = value.class;
    const { base } = value;
    if (base !== null) {
      const known = clonedResult(base);
      if (known.verdict === 'refused') return fails(known.reason);
      if (known.verdict === 'transfer') return fails(`an instance of ${name} cannot be cloned`);
    }
    // Of the fields of a Map, Date, error, … only the entries and an error's cause are looked at.
    const looked = (field: string): boolean => (base === null || !CLOSED.test(base) ? !field.startsWith('#') : /^\[|^\.get\(/.test(field) || (field === 'cause' && /Error$/.test(base)));
    const parts = [...value.fields].filter(([field]) => looked(field)).map(([field, held]) => ({ label: field === '[listener]' || field === '[key]' ? '' : /^[.[]/.test(field) ? field : `.${field}`, judgement: this.field(held, depth) }));
    const worst = judgeItems(parts);
    if (worst.verdict === 'not-serializable') return worst;
    return lossy(this.loss(value));
  }

  private loss(value: Instance): string {
    const { name, methods } = value.class;
    const { base } = value;
    if (base !== null && /Error$/.test(base)) return `${article(name)} ${name} arrives as ${article(base)} ${base}, without its class and what was added to it`;
    if (base !== null && (CLOSED.test(base) || base === 'Array')) return `${article(name)} ${name} arrives as ${article(base)} ${base}, without its class`;
    const secret = [...value.fields.keys()].filter((field) => field.startsWith('#'));
    const own = [...methods.keys()].some((method) => method !== 'constructor');
    const lost = [...(own ? ['its methods'] : ['its class']), ...(secret.length ? secret : [])];
    return `an instance of ${name} arrives as a plain object, without ${lost.join(' and ')}`;
  }

  private made(value: Made, depth: number): Judgement {
    const by = normalizeJs(value.by);
    if (value.fields.has('[detached]')) return fails('it was transferred before, and is empty here');
    if (by === 'function' || value.by.startsWith('accessor:')) return fails(FUNCTION);
    const listener = value.fields.get('[listener]');
    if (listener && this.judge(listener, depth + 1).verdict === 'not-serializable') return { ...fails('its listeners are functions, which cannot be cloned') };
    if (/^stream\.\w+$/.test(by) && value.args[0]?.kind === 'container' && value.args[0].items.some((i) => i.value.kind === 'function')) return fails('a stream keeps the functions that it was made with, which cannot be cloned');
    const known = clonedResult(by);
    const extra = [...value.fields].filter(([field]) => !field.startsWith('['));
    switch (known.verdict) {
      case 'refused':
        return fails(known.reason);
      case 'transfer':
        if (value.origin !== undefined && this.transfers?.origins.has(value.origin)) return sent('it is transferred');
        return this.transfers?.open ? unknown('it may be in the transfer list') : fails(known.reason);
      case 'lossy':
      case 'unknown': {
        const parts = extra.map(([field, held]) => ({ label: `.${field}`, judgement: this.field(held, depth) }));
        const worst = judgeItems(parts);
        // Errors and the like do not have their fields looked at.
        if (worst.verdict === 'not-serializable' && !/Error$|^Buffer$/.test(by)) return worst;
        return known.verdict === 'lossy' ? lossy(known.reason) : unknown();
      }
      case 'cloned': {
        const cause = value.keywords.get('cause');
        if (cause) {
          const judged = this.judge(cause, depth + 1);
          if (judged.verdict !== 'serializable') return { ...judged, path: `.cause${judged.path}` };
        }
        if (by === 'RegExp') return this.regexp(value, extra);
        if (extra.length > 0 && by !== 'Object') {
          const names = extra.map(([field]) => field).filter((field) => !(/Error$/.test(by) && /^(message|stack|cause)$/.test(field)));
          if (names.length > 0) return lossy(`${names.join(', ')} ${names.length > 1 ? 'were' : 'was'} added to it, and ${names.length > 1 ? 'are' : 'is'} left behind`);
        }
        return sent();
      }
    }
  }

  private regexp(value: Made, extra: readonly (readonly [string, Value])[]): Judgement {
    const moved = value.fields.get('lastIndex');
    if (moved && !(moved.kind === 'plain' && moved.constant === 0)) return lossy('a regular expression arrives with lastIndex 0');
    const added = extra.filter(([field]) => field !== 'lastIndex');
    return added.length > 0 ? lossy(`${added[0]![0]} was added to it, and is left behind`) : sent();
  }
}

function article(name: string): string {
  return /^[AEIOU]/i.test(name) ? 'an' : 'a';
}
