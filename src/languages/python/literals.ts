/** Numbers and strings as Python reads them. */
import type { Const, Expr } from '../../ir/ir';
import type { ExprHandler, Lowering } from './lowering';

export const literals: Readonly<Record<string, ExprHandler>> = {
  integer: (l, node) => ({ type: 'const', span: l.span(node), ...numberValue(l.tree.textOf(node)) }),
  float: (l, node) => ({ type: 'const', span: l.span(node), ...numberValue(l.tree.textOf(node)) }),
  true: (l, node) => ({ type: 'const', span: l.span(node), kind: 'bool', value: true }),
  false: (l, node) => ({ type: 'const', span: l.span(node), kind: 'bool', value: false }),
  none: (l, node) => ({ type: 'const', span: l.span(node), kind: 'none', value: null }),
  ellipsis: (l, node) => ({ type: 'const', span: l.span(node), kind: 'ellipsis', value: null }),
  string: stringLiteral,
  concatenated_string(l, node) {
    const items = l.tree.children(node).map((child) => l.expr(child));
    const consts = items.filter((item): item is Const => item.type === 'const');
    if (consts.length === items.length && items.length > 0) {
      return { type: 'const', span: l.span(node), kind: consts[0]!.kind, value: consts.map((item) => item.value).join('') };
    }
    return { type: 'template', span: l.span(node), parts: items.flatMap((item) => (item.type === 'template' ? item.parts : [])) };
  },
};

/** Kind and value of a numeric literal. Integers beyond 2^53 become their digits. */
export function numberValue(written: string): Pick<Const, 'kind' | 'value'> {
  const text = written.replace(/_/g, '').toLowerCase();
  if (text.endsWith('j')) return { kind: 'complex', value: Number(text.slice(0, -1)) };
  if (/^0[xob]/.test(text)) return integer(text.replace(/l$/, ''));
  if (/[.e]/.test(text)) return { kind: 'float', value: Number(text) };
  return integer(text.replace(/l$/, '').replace(/^0+(?=\d)/, ''));
}

function integer(text: string): Pick<Const, 'kind' | 'value'> {
  const value = Number(text);
  return { kind: 'int', value: Number.isSafeInteger(value) ? value : BigInt(text).toString() };
}

function stringLiteral(l: Lowering, node: number): Expr {
  const { tree } = l;
  const opening = tree.first(node);
  const prefix = opening && tree.kind(opening) === 'string_start' ? tree.textOf(opening).replace(/['"]+$/, '').toLowerCase() : '';
  if (/[ft]/.test(prefix)) {
    const parts: Expr[] = [];
    for (const child of tree.children(node)) if (tree.kind(child) === 'interpolation') interpolation(l, child, parts);
    return { type: 'template', span: l.span(node), parts };
  }
  let last = opening;
  for (const child of tree.children(node)) last = child;
  const end = tree.kind(last) === 'string_end' ? tree.start(last) : tree.end(last);
  const content = tree.text.slice(tree.end(opening), end).replace(/\r\n?/g, '\n');
  const bytes = prefix.includes('b');
  const value = prefix.includes('r') ? content : unescape(content, bytes);
  return { type: 'const', span: l.span(node), kind: bytes ? 'bytes' : 'string', value };
}

/** `{value!r:{width}}`: the value, then what stands in the format. */
function interpolation(l: Lowering, node: number, parts: Expr[]): void {
  for (const child of l.tree.children(node)) {
    if (l.tree.kind(child) !== 'format_specifier') parts.push(l.expr(child));
    else for (const inner of l.tree.children(child)) if (l.tree.kind(inner) === 'format_expression') interpolation(l, inner, parts);
  }
}

const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\n': '' };
const ESCAPE = /\\(?:([abfnrtv\n'"\\])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(N\{[^}]*\}))/g;

function unescape(content: string, bytes: boolean): string {
  if (!content.includes('\\')) return content;
  return content.replace(ESCAPE, (whole, simple?: string, octal?: string, hex?: string, short?: string, long?: string) => {
    if (simple !== undefined) return SIMPLE[simple] ?? simple;
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & (bytes ? 0xff : 0x1ff));
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    const code = short ?? long;
    if (code === undefined || bytes) return whole;
    const point = parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
