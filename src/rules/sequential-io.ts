import { dottedName } from '../analysis/captures/dotted';
import type { LoopReport } from '../analysis/report';
import type { Expr, ForEach, FunctionIR, ModuleIR } from '../ir/ir';
import { walkStmts } from '../ir/walk';
import { allAtOnce } from './fixes/promise-all';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Fix, Rule, RuleContext } from './types';

const meta = defineMeta({
  id: 'sequential-io',
  severity: 'hint',
  summary: 'A loop waits for one answer after another though none needs the one before.',
  description: `Each turn of the loop sends a request and waits for its answer, and no turn uses what another got: a hundred answers of 50 ms take five seconds, though
they could take little more than one. \`await\` in a loop means *one after another*.

In Python \`asyncio.gather\` or a \`TaskGroup\` waits for many at a time (the quick fix is the strategy \`python/asyncio\`, with a limit); in JavaScript
\`Promise.all\` over \`map\`. When one fails the others have been sent already, and the other side gets them all at once: keep the loop where it
allows only so many, or use a limit.

The rule speaks where the analysis knows everything that the loop does and finds its turns independent. It is silent where the loop pauses on purpose
(\`sleep\`), can be left early, or only reads files: a disk is seldom faster for many at a time.`,
  examples: [
    {
      language: 'javascript',
      title: 'One request after another',
      code: `async function status(url) {
  const response = await fetch(url);
  return response.status;
}

export async function statuses(urls) {
  const found = [];
  for (const url of urls) {
    found.push(await status(url));
  }
  return found;
}
`,
      findings: [{ line: 8, message: 'Each turn of this loop waits for an answer that no other turn needs. Wait for all at once with Promise.all.' }],
      fixed: `async function status(url) {
  const response = await fetch(url);
  return response.status;
}

export async function statuses(urls) {
  const found = [];
  found.push(...(await Promise.all(Array.from(urls, (url) => status(url)))));
  return found;
}
`,
    },
    {
      language: 'python',
      title: 'Pages fetched one after another',
      code: `import urllib.request


def fetch_all(urls):
    pages = []
    for url in urls:
        with urllib.request.urlopen(url) as response:
            pages.append(response.read())
    return pages
`,
      findings: [{ line: 6, message: 'Each turn of this loop waits for an answer that no other turn needs. Wait for many at once with asyncio.' }],
    },
    {
      language: 'javascript',
      title: 'Each page names the next',
      code: `export async function pages(first, count) {
  const found = [];
  let url = first;
  for (let i = 0; i < count; i++) {
    const response = await fetch(url);
    const page = await response.json();
    found.push(page);
    url = page.next;
  }
  return found;
}
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'A pause between two requests',
      code: `import time
import urllib.request


def fetch_politely(urls):
    pages = []
    for url in urls:
        with urllib.request.urlopen(url) as response:
            pages.append(response.read())
        time.sleep(1)
    return pages
`,
      findings: [],
    },
  ],
});

export const sequentialIo = {
  meta,
  wants: (loop, work, { module }) => loop.node.type === 'for-each' && !loop.ordered && mayAskNetwork(module, loop.node) && !work().barred,
  check(context): readonly Finding[] {
    const found = context.report.loops.flatMap((loop) => (isCandidate(loop) ? judge(loop, loop.node as ForEach, context) : []));
    const outermost = found.filter((inner) => !found.some((outer) => outer !== inner && outer.loop.start < inner.loop.start && inner.loop.end <= outer.loop.end));
    return outermost.map(({ finding }) => finding);
  },
} satisfies Rule;

/** Independent, and nothing but waiting keeps it from running at once. */
function isCandidate(loop: LoopReport): boolean {
  if (loop.bound !== 'io' || loop.node.type !== 'for-each' || loop.node.async || loop.node.orelse.length > 0) return false;
  if (loop.exits.some((exit) => exit.kind !== 'await')) return false;
  const independent = loop.verdict === 'parallel' || loop.verdict === 'reduction' || (loop.verdict === 'sequential' && loop.reasons.length > 0 && loop.reasons.every((r) => r.kind === 'await'));
  return independent && !(loop.node.iterable.type === 'collection' && loop.node.iterable.items.length < 3);
}

interface Found {
  readonly loop: { readonly start: number; readonly end: number };
  readonly finding: Finding;
}

function judge(loop: LoopReport, node: ForEach, context: RuleContext): Found[] {
  const python = loop.module.language === 'python';
  if (pauses(node) || !waitsForOthers(loop, node)) return [];
  const fix = python ? strategyFix(loop, context, 'python/asyncio') : (strategyFix(loop, context, 'javascript/promise-all') ?? allAtOnce(loop, node));
  // The rewrite has been thought through to the end: where there is none, there is a reason.
  if (!fix) return [];
  const range = firstLineOf(context.text, loop.range);
  const how = python ? 'Wait for many at once with asyncio.' : 'Wait for all at once with Promise.all.';
  return [{ loop: loop.extent, finding: { rule: meta.id, severity: meta.severity, range, message: `Each turn of this loop waits for an answer that no other turn needs. ${how}`, fixes: [fix] } }];
}

const PAUSE = /sleep|delay|pause|timeout|backoff|throttle|wait$/i;

function pauses(node: ForEach): boolean {
  let found = false;
  walkStmts(node.body, {
    expr(expr) {
      if (expr.type === 'call' && (expr.callee.type === 'name' || expr.callee.type === 'attribute') && PAUSE.test(expr.callee.name)) found = true;
    },
  });
  return found;
}

/** Libraries that ask other machines. */
const PYTHON_NETWORK = /^(requests|urllib\.request|http\.client|httpx|aiohttp|socket|ftplib|smtplib|poplib|imaplib|xmlrpc\.client|urllib3|boto3|paramiko)\b/;
const JAVASCRIPT_NETWORK = /^(builtins\.fetch|axios|got|node-fetch|undici|https?\.(get|request)|dns\.)/;

/** The body, or a function of the module that it calls, asks other machines. */
function waitsForOthers(loop: LoopReport, node: ForEach): boolean {
  const { module } = loop;
  if (asksNetwork(module, node)) return true;
  return loop.callees.some(({ path, function: id }) => {
    const fn = path === module.path ? module.functions.get(id) : undefined;
    return fn !== undefined && isCalledIn(node, fn) && asksNetwork(module, fn);
  });
}

/** The same before anything is known of whom the body calls: by name. */
function mayAskNetwork(module: ModuleIR, node: ForEach): boolean {
  const asking = askingFunctions(module);
  return asking.length > 0 && (asksNetwork(module, node) || asking.some((fn) => isCalledIn(node, fn)));
}

const asking = new WeakMap<ModuleIR['functions'], readonly FunctionIR[]>();

/** The functions of a module, its own code among them, that ask other machines. */
function askingFunctions(module: ModuleIR): readonly FunctionIR[] {
  let known = asking.get(module.functions);
  if (!known) asking.set(module.functions, (known = [...module.functions.values()].filter((fn) => asksNetwork(module, fn))));
  return known;
}

function isCalledIn(node: ForEach, fn: FunctionIR): boolean {
  let found = false;
  walkStmts(node.body, {
    expr(expr) {
      if (expr.type === 'call' && (expr.callee.type === 'name' || expr.callee.type === 'attribute') && expr.callee.name === fn.name) found = true;
    },
  });
  return found;
}

function asksNetwork(module: ModuleIR, within: { readonly body: ForEach['body'] }): boolean {
  const network = module.language === 'python' ? PYTHON_NETWORK : JAVASCRIPT_NETWORK;
  let found = false;
  walkStmts(within.body, {
    expr(expr: Expr) {
      if (expr.type === 'call' && network.test(dottedName(module, expr.callee) ?? '')) found = true;
    },
  });
  return found;
}

function strategyFix(loop: LoopReport, context: RuleContext, wanted: `${'python' | 'javascript'}/${string}`): Fix | null {
  for (const { id, ok, title } of context.strategies(loop)) {
    if (id !== wanted || !ok) continue;
    const assumed = loop.assumptions.length > 0;
    return { id, kind: 'strategy', title: `${title ?? `Run at once: ${id}`}${assumed ? ', if what the explanation names holds' : ''}`, applicability: assumed ? 'assumes' : 'safe', loop: loop.id };
  }
  return null;
}
