/** Shared by the tests of the analysis: judges a snippet, and runs tables of them. */
import assert from 'node:assert/strict';
import { neverCancelled } from '../../src/analysis/cancellation';
import { analyzeLoops } from '../../src/analysis/pipeline';
import type { LoopReport } from '../../src/analysis/report';
import type { Language, ModuleIR } from '../../src/ir/ir';
import { frontendFor } from '../../src/languages/frontend';
import { modelsFor } from '../../src/models';

const ENDINGS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'mjs', typescript: 'ts' };

/** Every loop of a module, in source order. `others` are modules beside it, by their specifier. */
export async function judgeAll(language: Language, text: string, others: Readonly<Record<string, string>> = {}): Promise<readonly LoopReport[]> {
  const frontend = await frontendFor(language);
  const module = frontend.lower(`/w/main.${ENDINGS[language]}`, text);
  const modules = new Map<string, ModuleIR>();
  for (const [name, source] of Object.entries(others)) modules.set(name, frontend.lower(`/w/${name.replace(/^\.\//, '')}.${ENDINGS[language]}`, source));
  const report = await analyzeLoops(module, {
    models: modelsFor(language),
    token: neverCancelled,
    resolve: (source) => modules.get(source.module) ?? null,
    classesNamed: (name) => [...modules.values()].filter((other) => [...other.classes.values()].some((cls) => cls.name === name)),
  });
  return report.loops;
}

/** The first (outermost) loop. */
export async function judge(language: Language, text: string, others: Readonly<Record<string, string>> = {}): Promise<LoopReport> {
  const [first] = await judgeAll(language, text, others);
  assert.ok(first, `no loop found in:\n${text}`);
  return first;
}

export interface Row {
  readonly code: string;
  readonly verdict: LoopReport['verdict'];
  /** Which loop, in source order; the first one when not given. */
  readonly loop?: number;
  /** Kind of the first reason. */
  readonly reason?: string;
  /** Part of the place of a reason. */
  readonly place?: string;
  /** `label: role` of places that must be there; `label: accumulator(sum)` names the operation. */
  readonly places?: readonly string[];
  readonly assumes?: readonly string[];
  readonly bound?: LoopReport['bound'];
}

const rolesOf = (loop: LoopReport): string[] => loop.places.map((place) => `${place.label}: ${place.role}${place.accumulator ? `(${place.accumulator.operation})` : ''}`);

/** One test a row. */
export function table(language: Language, rows: Readonly<Record<string, Row>>): void {
  for (const [title, row] of Object.entries(rows)) {
    it(`${language}: ${title}`, async () => {
      const loop = (await judgeAll(language, row.code))[row.loop ?? 0];
      assert.ok(loop, `no such loop in:\n${row.code}`);
      const told = `${loop.reasons.map((reason) => reason.message).join('\n')}\nplaces: ${rolesOf(loop).join(', ')}`;
      assert.equal(loop.verdict, row.verdict, told);
      if (row.reason) assert.equal(loop.reasons[0]?.kind, row.reason, told);
      if (row.place) assert.ok(loop.reasons.some((reason) => reason.place.includes(row.place!)), told);
      for (const place of row.places ?? []) assert.ok(rolesOf(loop).includes(place), `${place} not in ${told}`);
      if (row.assumes) assert.deepEqual([...new Set(loop.assumptions.map((assumption) => assumption.kind))].sort(), [...row.assumes].sort());
      if (row.bound) assert.equal(loop.bound, row.bound);
    });
  }
}
