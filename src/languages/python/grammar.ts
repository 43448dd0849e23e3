/** What the grammar's kinds and fields are called, and which of its nodes are worth recording. */
import type { Language } from 'web-tree-sitter';

/** What tree-sitter's numbers mean. */
export interface Grammar {
  /** Name of each kind; the last is ERROR. */
  readonly names: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly string[];
  readonly error: number;
  readonly treatment: readonly Treatment[];
  /** Kinds whose children have fields that are asked for. */
  readonly hasFields: readonly boolean[];
}

/** How a kind is walked: not recorded, recorded without children, a comment, recorded with its children. */
export type Treatment = 'skip' | 'leaf' | 'comment' | 'node' | 'colon' | 'annotation';

/** Tokens that say nothing which their parent does not say already. */
const SKIPPED_TOKENS = new Set(
  (
    '( ) [ ] { } . ; -> def class if elif else for while try with lambda return import del raise assert global nonlocal ' +
    'match case pass break continue = := finally print exec type __future__'
  ).split(' '),
);

const SKIPPED_NODES = new Set(['line_continuation', 'escape_sequence', 'escape_interpolation', 'type_conversion']);

const LEAVES = new Set(
  (
    'identifier integer float true false none ellipsis string_start string_content string_end import_prefix wildcard_import ' +
    'pass_statement break_statement continue_statement keyword_separator positional_separator'
  ).split(' '),
);

/** Kinds that have no fields, or none that is asked for. */
const WITHOUT_FIELDS = new Set(
  (
    'module block argument_list list tuple set dictionary expression_list pattern_list tuple_pattern list_pattern parameters ' +
    'lambda_parameters dotted_name string concatenated_string expression_statement return_statement parenthesized_expression ' +
    'conditional_expression slice attribute call subscript binary_operator boolean_operator comparison_operator unary_operator not_operator pair'
  ).split(' '),
);

export function grammarOf(language: Language): Grammar {
  const names = language.types.map((name) => name ?? '');
  const error = names.length;
  const named = names.map((_, id) => language.nodeTypeIsNamed(id));
  const treatment = names.map((name, id): Treatment => {
    if (name === ':') return 'colon';
    if (!named[id]) return SKIPPED_TOKENS.has(name) ? 'skip' : 'leaf';
    if (name === 'comment') return 'comment';
    if (name === 'type') return 'annotation';
    return SKIPPED_NODES.has(name) ? 'skip' : LEAVES.has(name) ? 'leaf' : 'node';
  });
  return {
    names: [...names, 'ERROR'],
    named: [...named, true],
    fields: language.fields.map((name) => name ?? ''),
    error,
    treatment: [...treatment, 'node'],
    hasFields: [...names.map((name) => !WITHOUT_FIELDS.has(name)), false],
  };
}
