/** A rewrite as the protocol's edits. Old versions are refused by the version that each edit names. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AnnotatedTextEdit, ChangeAnnotation, CreateFile, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { FileEdit } from '../edit/edit';
import { spansFiles, type FileChanges } from '../protocol/requests';
import type { Uris } from './uris';
import { wireRange } from './positions';

/** What an edit is made against. */
export interface Source {
  readonly text: string;
  /** null: not open. */
  readonly version: number | null;
}


export function wireChanges(files: readonly FileEdit[], source: (path: string) => Source, uris: Uris): FileChanges['changes'] {
  return files.map(({ path, edits }) => {
    const { text, version } = source(path);
    const document = TextDocument.create('', '', 0, text);
    return { uri: uris.toUri(path), version, edits: edits.map((edit) => ({ range: wireRange(document, edit), text: edit.text })) };
  });
}

const ANNOTATION = 'fanout';

/** One workspace edit, so one undo. Where it touches more than the file at hand, it asks to be shown first. */
export function workspaceEdit({ changes, newFiles }: FileChanges, label: string): WorkspaceEdit {
  const several = spansFiles({ changes, newFiles });
  const annotate = (edit: { range: AnnotatedTextEdit['range']; newText: string }): AnnotatedTextEdit | typeof edit =>
    several ? { ...edit, annotationId: ANNOTATION } : edit;
  const documentChanges: (TextDocumentEdit | CreateFile)[] = [];
  for (const { uri, text } of newFiles) {
    documentChanges.push({ kind: 'create', uri, options: { ignoreIfExists: false, overwrite: false }, ...(several ? { annotationId: ANNOTATION } : {}) });
    const start = { line: 0, character: 0 };
    documentChanges.push({ textDocument: { uri, version: null }, edits: [annotate({ range: { start, end: start }, newText: text })] });
  }
  for (const { uri, version, edits } of changes) {
    documentChanges.push({ textDocument: { uri, version }, edits: edits.map((edit) => annotate({ range: edit.range, newText: edit.text })) });
  }
  const annotation: ChangeAnnotation = { label, needsConfirmation: true, description: 'This rewrite changes or adds more than one file.' };
  return { documentChanges, ...(several ? { changeAnnotations: { [ANNOTATION]: annotation } } : {}) };
}
