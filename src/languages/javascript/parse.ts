/** JavaScript and TypeScript text to an ESTree, whatever state the text is in. */
import type { TSESTree } from '@typescript-eslint/types';
import { astConverter, getScriptKind } from '@typescript-eslint/typescript-estree/use-at-your-own-risk';
import ts from 'typescript';
import type { SyntaxProblem } from '../../ir/ir';

export interface Parsed {
  /** Null when nothing could be made of the text: `problems` tells why. */
  readonly program: TSESTree.Program | null;
  readonly problems: readonly SyntaxProblem[];
}

type ConverterSettings = Parameters<typeof astConverter>[1];

const SETTINGS = {
  allowInvalidAST: true,
  errorOnUnknownASTType: false,
  suppressDeprecatedPropertyWarnings: true,
  comment: true,
  range: true,
  // Line and column objects cost a third of the conversion; removing them costs more, so they stay.
  loc: true,
  tokens: null,
} as unknown as ConverterSettings;

/**
 * Parses a file. typescript-estree throws on a syntax error, TypeScript's own parser repairs and goes on: its diagnostics are taken out
 * before its tree is converted. What the converter can't take, a tree that was repaired too oddly or is too deep for its recursion, is
 * blanked out, so that the rest is kept.
 */
export function parse(path: string, text: string): Parsed {
  let problems: SyntaxProblem[] = [];
  try {
    const source = sourceFile(path, text);
    problems = takeProblems(source, text.length);
    try {
      return { program: convert(source), problems };
    } catch (error) {
      const blanked = error instanceof RangeError ? tooDeep(source) : problems.length ? statementsWith(source, problems) : null;
      if (!blanked) throw error;
      const kept = sourceFile(path, blank(text, blanked));
      takeProblems(kept, text.length);
      if (error instanceof RangeError) problems.push(...blanked.map((range) => ({ ...range, message: TOO_DEEP })));
      return { program: convert(kept), problems };
    }
  } catch (error) {
    const message = error instanceof RangeError ? TOO_DEEP : `cannot be parsed: ${error instanceof Error ? error.message : String(error)}`;
    return { program: null, problems: [...problems, { message, start: 0, end: text.length }] };
  }
}

export const TOO_DEEP = 'nested too deeply to be analysed';

function convert(source: ts.SourceFile): TSESTree.Program {
  return astConverter(source, SETTINGS, false).estree;
}

interface WithDiagnostics {
  parseDiagnostics: ts.DiagnosticWithLocation[];
}

function sourceFile(path: string, text: string): ts.SourceFile & WithDiagnostics {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(path, text, options, true, getScriptKind(path, /x$/i.test(path))) as ts.SourceFile & WithDiagnostics;
}

function takeProblems(source: WithDiagnostics, length: number): SyntaxProblem[] {
  const problems = source.parseDiagnostics.map((diagnostic) => {
    const start = Math.min(diagnostic.start, length);
    return {
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
      start,
      end: Math.min(start + diagnostic.length, length),
    };
  });
  source.parseDiagnostics = [];
  return problems;
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The top-level statements with a problem in them. */
function statementsWith(source: ts.SourceFile, problems: readonly SyntaxProblem[]): Extent[] {
  return source.statements
    .map((statement) => ({ start: statement.getFullStart(), end: statement.getEnd() }))
    .filter(({ start, end }) => problems.some((p) => p.start <= end && p.end >= start));
}

/** Levels of TypeScript's tree that the converter's recursion surely stands: it gives up between 600 and 900. */
const CONVERTIBLE_DEPTH = 300;

/** The insides of the innermost function bodies, else the top-level statements, in which the tree is too deep. */
function tooDeep(source: ts.SourceFile): Extent[] {
  const found = new Map<number, Extent>();
  const pending: { readonly node: ts.Node; readonly depth: number; readonly around: Extent | null }[] = [
    { node: source, depth: 0, around: null },
  ];
  for (let at = pending.pop(); at; at = pending.pop()) {
    const { node, depth, around } = at;
    if (depth > CONVERTIBLE_DEPTH) {
      if (around) found.set(around.start, around);
      continue;
    }
    ts.forEachChild(node, (child) => {
      let inside = around;
      if (node === source) inside = { start: child.getStart(source), end: child.getEnd() };
      else if (ts.isFunctionLike(node) && ts.isBlock(child)) inside = { start: child.getStart(source) + 1, end: child.getEnd() - 1 };
      pending.push({ node: child, depth: depth + 1, around: inside });
    });
  }
  return [...found.values()];
}

/** The text with some stretches replaced by blanks; offsets and lines stay. */
function blank(text: string, extents: readonly Extent[]): string {
  let out = text;
  for (const { start, end } of extents)
    out = out.slice(0, start) + out.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, ' ') + out.slice(end);
  return out;
}
