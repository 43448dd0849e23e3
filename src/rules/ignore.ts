/**
 * Comments that silence findings: `# fanout: ignore[rule]` and `// fanout: ignore[rule]`, several rules with commas, all with none.
 * Behind code a comment speaks for its line; on a line of its own, for the next line of code.
 */
import type { TextEdit } from '../edit/edit';
import type { Language, ModuleIR } from '../ir/ir';
import { isRuleId } from './ids';
import { endOfLine, lineIndexOf, lineStarts, startOfLine } from './lines';
import type { Finding, UnusedIgnore } from './types';

const DIRECTIVE = /(?:#|\/\/|\/\*)\s*fanout:\s*ignore(?:\[([^\]]*)\])?/;

interface Directive {
  /** Absolute range of the comment. */
  readonly start: number;
  readonly end: number;
  /** The comment holds more than the directive: only the directive goes when it is taken out. */
  readonly directive: { readonly start: number; readonly end: number };
  readonly names: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** 0-based line that it speaks for. */
  readonly line: number;
  readonly used: Set<string>;
}

export class IgnoreComments {
  private constructor(
    private readonly text: string,
    private readonly starts: readonly number[],
    private readonly directives: readonly Directive[],
  ) {}

  static of(module: Pick<ModuleIR, 'comments'>, text: string): IgnoreComments {
    const starts = lineStarts(text);
    const directives: Directive[] = [];
    for (const comment of module.comments) {
      const match = DIRECTIVE.exec(comment.text);
      if (!match) continue;
      const at = comment.start + match.index;
      const names: { name: string; start: number; end: number }[] = [];
      if (match[1] !== undefined) {
        const open = at + match[0].indexOf('[') + 1;
        for (const part of match[1].matchAll(/[^,\s]+/g)) names.push({ name: part[0], start: open + part.index, end: open + part.index + part[0].length });
      }
      const line = lineIndexOf(starts, comment.start);
      const alone = text.slice(starts[line], comment.start).trim() === '';
      directives.push({
        start: comment.start,
        end: comment.end,
        directive: { start: at, end: at + match[0].length },
        names,
        line: alone ? nextLineOfCode(text, starts, line) : line,
        used: new Set(),
      });
    }
    return new IgnoreComments(text, starts, directives);
  }

  /** Whether a comment silences the finding: at the line where it begins, or behind the line where it ends. */
  silence(finding: Finding): boolean {
    const first = lineIndexOf(this.starts, finding.range.start);
    const last = lineIndexOf(this.starts, Math.max(finding.range.start, finding.range.end - 1));
    let silenced = false;
    for (const directive of this.directives) {
      if (directive.line !== first && directive.line !== last) continue;
      if (directive.names.length > 0 && !directive.names.some(({ name }) => name === finding.rule)) continue;
      directive.used.add(finding.rule);
      silenced = true;
    }
    return silenced;
  }

  /** The names that silenced nothing, less those of rules that did not speak at all. */
  unused(unspoken: ReadonlySet<string>): readonly UnusedIgnore[] {
    const out: UnusedIgnore[] = [];
    for (const directive of this.directives) {
      if (directive.names.length === 0 && directive.used.size === 0 && unspoken.size === 0) {
        out.push({ rule: '', known: true, range: directive.directive, removal: this.removal(directive) });
      }
      const idle = directive.names.filter(({ name }) => !directive.used.has(name) && !unspoken.has(name));
      for (const { name, start, end } of idle) {
        const removal = idle.length === directive.names.length ? this.removal(directive) : this.removalOfName(directive, start);
        out.push({ rule: name, known: isRuleId(name), range: { start, end }, removal });
      }
    }
    return out;
  }

  /** Takes the directive out, with its comment when it holds nothing else, and with the line when that holds nothing else. */
  private removal(directive: Directive): TextEdit {
    const { text } = this;
    const rest = text.slice(directive.start, directive.directive.start) + text.slice(directive.directive.end, directive.end);
    if (/[^\s#/*]/.test(rest)) return { ...directive.directive, text: rest.startsWith('#') || rest.startsWith('/') ? '' : (/^(#|\/\/|\/\*)/.exec(text.slice(directive.directive.start))?.[0] ?? '') };
    const lineStart = startOfLine(text, directive.start);
    const lineEnd = endOfLine(text, directive.end);
    const before = text.slice(lineStart, directive.start);
    if (before.trim() === '' && text.slice(directive.end, lineEnd).trim() === '') {
      const breakLength = text.startsWith('\r\n', lineEnd) ? 2 : lineEnd < text.length ? 1 : 0;
      return { start: lineStart, end: lineEnd + breakLength, text: '' };
    }
    return { start: lineStart + before.trimEnd().length, end: directive.end, text: '' };
  }

  private removalOfName(directive: Directive, start: number): TextEdit {
    const at = directive.names.findIndex((n) => n.start === start);
    const name = directive.names[at]!;
    const next = directive.names[at + 1];
    if (next) return { start: name.start, end: next.start, text: '' };
    return { start: directive.names[at - 1]!.end, end: name.end, text: '' };
  }
}

/**
 * The edit that silences a rule at an offset: behind the line, or in the comment that already speaks for it. Where the line ends inside
 * a string or goes on by a backslash, a line of its own above.
 */
export function ignoreEdit(text: string, language: Language, module: Pick<ModuleIR, 'comments'>, offset: number, rule: string): TextEdit {
  const lineStart = startOfLine(text, offset);
  const lineEnd = endOfLine(text, offset);
  const mark = language === 'python' ? '#' : '//';
  const comment = module.comments.find((c) => c.start >= lineStart && c.start < lineEnd);
  const known = comment && /fanout:\s*ignore\[([^\]]*)/.exec(comment.text);
  if (comment && known) {
    const at = comment.start + known.index + known[0].length;
    return { start: at, end: at, text: known[1]!.trim() === '' ? rule : `, ${rule}` };
  }
  const code = text.slice(lineStart, lineEnd);
  if (comment || code.endsWith('\\') || endsInString(text.slice(offset, lineEnd), language)) {
    const indent = /^[ \t]*/.exec(code)![0];
    const lineBreak = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
    return { start: lineStart, end: lineStart, text: `${indent}${mark} fanout: ignore[${rule}]${lineBreak}` };
  }
  const end = lineStart + code.trimEnd().length;
  return { start: end, end, text: `${language === 'python' ? '  ' : ' '}${mark} fanout: ignore[${rule}]` };
}

/** Whether code that begins outside of any string is inside one at its end. */
function endsInString(code: string, language: Language): boolean {
  const quotes = language === 'python' ? /'''|"""|'|"/y : /'|"|`/y;
  let open: string | null = null;
  for (let i = 0; i < code.length; i++) {
    if (code[i] === '\\') {
      i++;
      continue;
    }
    quotes.lastIndex = i;
    const quote: string | null = open ? (code.startsWith(open, i) ? open : null) : (quotes.exec(code)?.[0] ?? null);
    if (!quote) continue;
    open = open ? null : quote;
    i += quote.length - 1;
  }
  return open !== null;
}

function nextLineOfCode(text: string, starts: readonly number[], line: number): number {
  for (let next = line + 1; next < starts.length; next++) {
    const code = text.slice(starts[next], endOfLine(text, starts[next]!)).trim();
    if (code !== '' && !/^(#|\/\/|\/\*|\*)/.test(code)) return next;
  }
  return line;
}
