import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeSource, encodeSource } from '../../src/session/encoding';

describe('encodings of source files', () => {
  it('give back the bytes that were read, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, mark) => {
        const bytes = Buffer.from((mark ? '\uFEFF' : '') + text.replace(/[\0\uFEFF]/g, ''), 'utf8');
        const decoded = decodeSource(bytes, false);
        if ('problem' in decoded) assert.fail(decoded.problem);
        assert.equal(decoded.encoding.mark, mark);
        assert.deepEqual(Buffer.from(encodeSource(decoded.text, decoded.encoding)), bytes);
      }),
    );
  });

  for (const name of ['latin-1', 'iso-8859-15', 'cp1252', 'koi8-r', 'utf_8']) {
    it(`give back the bytes of ${name}`, () => {
      const high = name === 'utf_8' ? Buffer.from('äöü') : Buffer.from([0xa4, 0xc0, 0xe9, 0xff]);
      const bytes = Buffer.concat([Buffer.from(`# coding: ${name}\n`), high]);
      const decoded = decodeSource(bytes, true);
      if ('problem' in decoded) assert.fail(decoded.problem);
      assert.deepEqual(Buffer.from(encodeSource(decoded.text, decoded.encoding)), bytes);
    });
  }

  it('refuse a character that they do not have', () => {
    assert.throws(() => encodeSource('name = "€"', { name: 'latin-1', mark: false }), /the character "€" cannot be written in latin-1/);
  });

  it('refuse to write what they cannot', () => {
    assert.throws(() => encodeSource('x', { name: 'shift_jis', mark: false }), /cannot be written: save it as UTF-8/);
  });

  it('refuse a mark of UTF-8 with another name', () => {
    assert.deepEqual(decodeSource(Buffer.from('\uFEFF# coding: latin-1\n'), true), { problem: "it begins with UTF-8's byte order mark but names the encoding latin-1" });
  });
});
