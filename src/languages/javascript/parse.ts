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
 * before its tree is converted. Where the repaired tree is too odd for the converter, the top-level statements with an error in them are
 * blanked out, so that the others are kept.
 */
export function parse(path: string, text: string): Parsed {
  let problems: SyntaxProblem[] = [];
  try {
    const source = sourceFile(path, text);
    problems = takeProblems(source, text.length);
    try {
      return { program: astConverter(source, SETTINGS, false).estree, problems };
    } catch (error) {
      if (error instanceof RangeError || problems.length === 0) throw error;
      const kept = sourceFile(path, withoutStatements(source, text, problems));
      takeProblems(kept, text.length);
      return { program: astConverter(kept, SETTINGS, false).estree, problems };
    }
  } catch (error) {
    const message =
      error instanceof RangeError ? 'nested too deeply to be analysed' : `cannot be parsed: ${error instanceof Error ? error.message : String(error)}`;
    return { program: null, problems: [...problems, { message, start: 0, end: text.length }] };
  }
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

/** The text with each top-level statement that has a problem in it replaced by blanks; offsets and lines stay. */
function withoutStatements(source: ts.SourceFile, text: string, problems: readonly SyntaxProblem[]): string {
  let out = text;
  for (const statement of source.statements) {
    const start = statement.getFullStart();
    const end = statement.getEnd();
    if (!problems.some((p) => p.start <= end && p.end >= start)) continue;
    out = out.slice(0, start) + text.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, ' ') + out.slice(end);
  }
  return out;
}
