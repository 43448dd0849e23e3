/**
 * Objects that each iteration changes in place (`for p in particles: p.step()`): a worker changes a copy, so the changed fields are
 * sent back and stored into the original, whose identity and other references hold.
 */
import type { LoopPlace, Step } from '../../analysis/report';
import type { ClassIR, ForEach, NameExpr, VarId } from '../../ir/ir';
import { Refusal } from '../refusal';
import type { Site } from './site';
import { lineOfPlace } from './units';

export interface TransportedField {
  readonly name: string;
  /** `p.x`, for the worker's return and for the parent's assignment. */
  readonly text: string;
  readonly base: NameExpr;
}

export interface Transport {
  readonly fields: readonly TransportedField[];
  /** The places that it takes care of. */
  readonly places: ReadonlySet<LoopPlace>;
}

const PLAIN = new Set(['int', 'float', 'bool', 'str', 'bytes', 'complex', 'None']);

/** @throws Refusal when an object's fields cannot be put back one by one. */
export function transportedFields(site: Site, node: ForEach, places: readonly LoopPlace[], targets: ReadonlyMap<VarId, NameExpr>): Transport {
  const fields: TransportedField[] = [];
  const handled = new Set<LoopPlace>();
  for (const place of places) {
    if (place.role !== 'own-object') continue;
    const { base, path } = heldBy(node, place, targets);
    const [step, ...further] = path;
    if (step?.kind === 'element') continue; // `row[x] = …` is replayed by the parent on its own row.
    const line = lineOfPlace(site, place);
    if (!base || step?.kind !== 'field' || further.length > 0) {
      throw new Refusal(
        `\`${place.label}\` is changed in place on line ${line}; a worker would change a copy, and what changed cannot be put back field by field`,
        'let the iteration return new values and assign them after the loop',
      );
    }
    const cls = classOfItems(site, base);
    if (!cls) {
      throw new Refusal(`\`${base.name}\` is changed on line ${line}, and its class is not known: which fields a worker must send back cannot be told`, `annotate what the loop runs over`);
    }
    checkField(site, cls, step.name, line);
    handled.add(place);
    const text = `${base.name}.${step.name}`;
    if (!fields.some((f) => f.text === text)) fields.push({ name: step.name, text, base });
  }
  return { fields, places: handled };
}

/** Setting the field is storing the value and nothing else, and its value is one that cannot be told from a copy. */
function checkField(site: Site, cls: ClassIR, name: string, line: number): void {
  for (const special of ['__setattr__', '__setstate__', '__getstate__', '__reduce__', '__reduce_ex__', '__getattribute__', '__getattr__', ...(site.world.memory === 'shared' ? ['__copy__'] : [])]) {
    if (cls.methods.has(special)) throw new Refusal(`class ${cls.name} has a ${special} of its own: its objects cannot be sent to a worker and back field by field (line ${line})`);
  }
  if (cls.bases.some((b) => !(b.type === 'name' && b.variable === 'builtin/object'))) {
    throw new Refusal(`class ${cls.name} has base classes: which fields a worker must send back cannot be told (line ${line})`);
  }
  const field = cls.fields.get(name);
  if (!field || cls.methods.has(name)) throw new Refusal(`\`${name}\` on line ${line} is not a plain field of class ${cls.name}`);
  const type = field.type?.name ?? (field.value ? typeOfValue(field.value) : null);
  if (type !== null && !PLAIN.has(type)) {
    throw new Refusal(
      `field \`${name}\` of class ${cls.name}, changed on line ${line}, holds a ${type}: a copy of it would come back, and other references to the original would not see the change`,
    );
  }
  if (site.module.classes.get(cls.id) !== cls) throw new Refusal(`class ${cls.name} is not one of this module (line ${line})`);
}

function typeOfValue(value: { readonly type: string; readonly kind?: string }): string | null {
  if (value.type === 'collection' || value.type === 'comprehension') return value.kind ?? null;
  if (value.type === 'mapping') return 'dict';
  return null;
}

/** The loop target that holds the object: the analysis may name it as an element of what is iterated over. */
function heldBy(node: ForEach, place: LoopPlace, targets: ReadonlyMap<VarId, NameExpr>): { base: NameExpr | undefined; path: readonly Step[] } {
  const { root, path } = place.place;
  if (root.kind !== 'variable') return { base: undefined, path };
  const target = targets.get(root.variable);
  if (target) return { base: target, path };
  const { iterable } = node;
  if (iterable.type === 'name' && iterable.variable === root.variable && node.target.type === 'name' && path[0]?.kind === 'element') return { base: node.target, path: path.slice(1) };
  return { base: undefined, path };
}

function classOfItems(site: Site, base: NameExpr): ClassIR | null {
  const type = site.variable(base.variable)?.type;
  return type ? (site.module.classes.get(type.name) ?? null) : null;
}
