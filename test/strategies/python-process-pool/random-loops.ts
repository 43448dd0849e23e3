/** Random loops over a handful of lists, sums, dicts and rows, as Python functions whose whole outcome can be compared. */
import * as fc from 'fast-check';

export interface RandomLoop {
  readonly source: string;
  /** How the loop begins. */
  readonly start: string;
}

interface Header {
  readonly text: string;
  /** Names that hold numbers in the body. */
  readonly numbers: readonly string[];
  /** A name that counts 0, 1, 2, … if there is one. */
  readonly counter: string | null;
}

const HEADERS: readonly Header[] = [
  { text: 'for x in xs:', numbers: ['x'], counter: null },
  { text: 'for i in range(n):', numbers: ['i'], counter: 'i' },
  { text: 'for i, x in enumerate(xs):', numbers: ['i', 'x'], counter: 'i' },
  { text: 'for x, y in zip(xs, ys):', numbers: ['x', 'y'], counter: null },
  { text: 'for i in range(1, n, 2):', numbers: ['i'], counter: null },
  { text: 'for x in sorted(xs):', numbers: ['x'], counter: null },
  { text: 'for key, value in table.items():', numbers: ['key', 'value'], counter: null },
];

const number = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.letrec<{ e: string }>((tie) => ({
    e: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom(...names, 'k', '2', '0.5', '-3'),
      fc.tuple(tie('e'), fc.constantFrom('+', '-', '*'), tie('e')).map(([a, o, b]) => `(${a} ${o} ${b})`),
      tie('e').map((a) => `work(${a}, k)`),
      tie('e').map((a) => `abs(${a})`),
    ),
  })).e;

const condition = (names: readonly string[]): fc.Arbitrary<string> => fc.tuple(number(names), fc.constantFrom('<', '>', '=='), number(names)).map(([a, o, b]) => `${a} ${o} ${b}`);

/** One statement (its lines) that writes to a place from outside the loop. */
function commit(header: Header, names: readonly string[]): fc.Arbitrary<string[]> {
  const e = number(names);
  const key = e.map((x) => `int(abs(${x})) % 5`);
  const forms: fc.Arbitrary<string[]>[] = [
    e.map((x) => [`out.append(${x})`]),
    fc.tuple(fc.constantFrom(...names), e).map(([n, x]) => [`pairs.append((${n}, ${x}))`]),
    e.map((x) => [`total += ${x}`]),
    fc.constant(['count += 1']),
    e.map((x) => [`count -= int(abs(${x}) % 3)`]),
    e.map((x) => [`best = max(best, ${x})`]),
    e.map((x) => [`score = ${x}`, 'if score < least:', '    least = score', `    where = ${names[0]!}`]),
    key.map((k) => [`counts[${k}] = counts.get(${k}, 0) + 1`]),
    fc.tuple(key, e).map(([k, x]) => [`weights[${k}] += ${x}`]),
    fc.tuple(key, e).map(([k, x]) => [`groups.setdefault(${k}, []).append(${x})`]),
    fc.tuple(key, e).map(([k, x]) => [`latest[${k}] = ${x}`]),
    e.map((x) => [`text += str(${x}) + ";"`]),
    key.map((k) => [`seen.add(${k})`]),
  ];
  if (header.counter !== null) {
    const i = header.counter;
    forms.push(
      e.map((x) => [`cells[${i}] = ${x}`]),
      e.map((x) => [`cells[${i}] = cells[${i}] + ${x}`, `out.append(cells[${i}])`]),
      fc.tuple(fc.nat(2), e).map(([j, x]) => [`grid[${i}][${j}] = ${x}`]),
    );
  }
  return fc.oneof(...forms);
}

function block(header: Header, names: readonly string[], depth: number): fc.Arbitrary<string[]> {
  const indented = (lines: string[]): string[] => lines.map((l) => `    ${l}`);
  const simple = commit(header, names);
  if (depth === 0) return simple;
  return fc.oneof(
    { arbitrary: simple, weight: 4 },
    {
      arbitrary: fc.tuple(condition(names), block(header, names, depth - 1), fc.option(block(header, names, depth - 1))).map(([c, a, b]) => [`if ${c}:`, ...indented(a), ...(b ? ['else:', ...indented(b)] : [])]),
      weight: 2,
    },
    { arbitrary: block(header, [...names, `j${depth}`], depth - 1).map((a) => [`for j${depth} in range(3):`, ...indented(a)]), weight: 2 },
    { arbitrary: fc.tuple(number(names), block(header, [...names, `v${depth}`], depth - 1)).map(([x, a]) => [`v${depth} = ${x}`, ...a]), weight: 2 },
    { arbitrary: condition(names).map((c) => [`if ${c}:`, '    continue']), weight: 1 },
    { arbitrary: fc.tuple(number(names), block(header, names, depth - 1)).map(([x, a]) => ['try:', `    risk${depth} = 1 / (${x})`, ...indented(a), 'except ZeroDivisionError:', '    failures.append(1)']), weight: 1 },
  );
}

/** A loop within a function that is given everything it changes, so that its progress shows even when it raises. */
export const randomLoop: fc.Arbitrary<RandomLoop> = fc.constantFrom(...HEADERS).chain((header) =>
  fc
    .record({
      body: fc.array(block(header, header.numbers, 2), { minLength: 1, maxLength: 3 }).map((b) => b.flat()),
      keep: fc.boolean(),
      local: fc.boolean(),
      // What an iteration wrote before it raised is not committed: so it raises, if it does, before it writes.
      risk: fc.option(number(header.numbers)),
    })
    .map(({ body, keep, local, risk }): RandomLoop => {
      const lists = ['out', 'pairs', 'failures'];
      const source = [
        'import math',
        'from collections import defaultdict',
        '',
        '',
        'def work(a, b):',
        '    return math.floor(abs(a)) % 7 * 0.25 + b',
        '',
        '',
        `def loop(xs: list, ys: list, n: int, k: float, table: dict, cells: list, grid: list${local ? '' : ', out: list, pairs: list, failures: list'}):`,
        ...(local ? lists.map((l) => `    ${l} = []`) : []),
        '    total = 0.0',
        '    count = 0',
        '    best = 0.0',
        '    least = 1e9',
        '    where = None',
        '    counts = {}',
        '    weights = defaultdict(float)',
        '    groups = {}',
        '    latest = {}',
        '    text = ""',
        '    seen = set()',
        `    ${header.text}`,
        ...(risk === null ? [] : [`        first = 1 / (${risk})`]),
        ...body.map((line) => `        ${line}`),
        `    return (out, pairs, failures, total, count, best, least, where, list(counts.items()), list(weights.items()), groups, list(latest.items()), text, list(seen)${keep && header.numbers.length > 0 ? `, ${header.numbers[0]!}` : ''})`,
        '',
        '',
        'def outcome(xs, ys, n):',
        '    table = {x: y for x, y in zip(xs, ys)}',
        '    cells = [0.5] * len(xs)',
        '    grid = [[0.0, 1.0, 2.0] for _ in xs]',
        '    rows = list(grid)',
        '    given = [[], [], []]',
        '    try:',
        `        result = loop(xs, ys, n, 1.5, table, cells, grid${local ? '' : ', *given'})`,
        '    except Exception as error:',
        '        result = (type(error).__name__, str(error))',
        '    return repr((result, given, cells, grid, all(a is b for a, b in zip(rows, grid))))',
        '',
        '',
        'def outcomes():',
        '    yield outcome([3.5, 2, -1, 0.5, 8, 2], [1, 2, 3, 4, 5, 6], 6)',
        '    yield outcome([7], [0.25], 1)',
        '    yield outcome([], [], 0)',
        '',
      ];
      return { source: source.join('\n'), start: header.text };
    }),
);
