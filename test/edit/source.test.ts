import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyEdits, type TextEdit } from '../../src/edit/edit';
import { indentAt, lineEnd, lineEndOf, lineNumber, lineStart, mapOffset, nextLineStart, reindent, startsLine, withLineEnd } from '../../src/edit/source';

describe('source text', () => {
  it('has the line end that most lines have', () => {
    assert.equal(lineEndOf('a\nb\n'), '\n');
    assert.equal(lineEndOf('a\r\nb\r\n'), '\r\n');
    assert.equal(lineEndOf('a\r\nb\nc\n'), '\n');
    assert.equal(lineEndOf('a'), '\n');
    assert.equal(withLineEnd('a\nb\r\nc', '\r\n'), 'a\r\nb\r\nc');
  });

  it('knows its lines', () => {
    const text = 'ab\r\n  cd\nef';
    assert.equal(lineStart(text, 6), 4);
    assert.equal(lineEnd(text, 0), 2);
    assert.equal(lineEnd(text, 4), 8);
    assert.equal(nextLineStart(text, 5), 9);
    assert.equal(nextLineStart(text, 9), 11);
    assert.equal(lineNumber(text, 9), 3);
    assert.equal(indentAt(text, 7), '  ');
    assert.equal(startsLine(text, 6), true);
    assert.equal(startsLine(text, 7), false);
  });

  it('is indented anew, strings over several lines left alone', () => {
    const text = '  a = """\n  b"""\n\n  c\n';
    const edits = reindent(text, { start: 0, end: text.length }, '  ', '\t', [{ start: 6, end: 16 }]);
    assert.equal(applyEdits(text, edits), '\ta = """\n  b"""\n\n\tc\n');
  });

  it('maps offsets through edits', () => {
    const edit = fc.record({ at: fc.nat(20), length: fc.nat(3), text: fc.string({ maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), fc.nat(24), (raw, offset) => {
        const text = 'abcdefghijklmnopqrstuvwxyz';
        const edits = raw
          .sort((a, b) => a.at - b.at)
          .map((e) => ({ start: e.at, end: e.at + e.length, text: e.text }))
          .reduce<TextEdit[]>((kept, e) => (kept.length === 0 || kept.at(-1)!.end < e.start ? [...kept, e] : kept), []);
        if (edits.some((e) => e.start < offset && offset < e.end) || edits.some((e) => e.start <= offset && offset < e.end)) return;
        const after = applyEdits(text, edits);
        assert.equal(after[mapOffset(offset, edits)], text[offset]);
      }),
    );
  });
});
