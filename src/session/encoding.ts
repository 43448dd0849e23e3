/** Bytes of a source file to text and back: UTF-8, and for Python the encodings that a coding cookie (PEP 263) may name. */

export interface Encoding {
  /** As the file names it, or `utf-8`. */
  readonly name: string;
  /** Begins with a byte order mark, which is not part of the text. */
  readonly mark: boolean;
}

export type Decoded = { readonly text: string; readonly encoding: Encoding } | { readonly problem: string; readonly line?: number };

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const UTF8 = /^utf-?8(-sig)?$/i;
/** Node 20 decodes windows-1252 as if it were latin-1: what differs is 0x80 to 0x9f. */
const WINDOWS_1252 = /^(windows-?1252|cp-?1252)$/i;
const HIGH_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const LATIN1 = /^(latin-?1|iso-?8859-?1|l1|8859|cp819)$/i;

/** Decodes a source file. `python` allows coding cookies. Says what is wrong where the bytes are not text. */
export function decodeSource(bytes: Uint8Array, python: boolean): Decoded {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return { problem: 'it is UTF-16: save it as UTF-8' };
  const mark = startsWith(bytes, [0xef, 0xbb, 0xbf]);
  const body = mark ? bytes.subarray(3) : bytes;
  const nul = body.subarray(0, 8192).indexOf(0);
  if (nul >= 0) return { problem: 'it is a binary file' };

  const name = (python && cookie(body)) || 'utf-8';
  if (mark && !UTF8.test(name)) return { problem: `it begins with UTF-8's byte order mark but names the encoding ${name}` };
  if (UTF8.test(name.replace(/_/g, '-'))) return decodeUtf8(body, mark, python);
  if (LATIN1.test(name.replace(/_/g, '-'))) return { text: Buffer.from(body).toString('latin1'), encoding: { name, mark } };
  if (WINDOWS_1252.test(name.replace(/_/g, '-'))) {
    const text = Buffer.from(body).toString('latin1').replace(/[\x80-\x9f]/g, (c) => HIGH_1252[c.charCodeAt(0) - 0x80]!);
    return { text, encoding: { name, mark } };
  }
  const decoder = decoderFor(name);
  if (!decoder) return { problem: `it names the encoding ${name}, which is not known here: save it as UTF-8` };
  try {
    return { text: decoder.decode(body), encoding: { name, mark } };
  } catch {
    return { problem: `its bytes are not ${name}, the encoding that it names` };
  }
}

/**
 * The bytes of a text in the encoding that its file had.
 * @throws RangeError when a character has no form in it, or the encoding cannot be written.
 */
export function encodeSource(text: string, encoding: Encoding): Uint8Array {
  const name = encoding.name.replace(/_/g, '-');
  if (UTF8.test(name)) return Buffer.from((encoding.mark ? '\uFEFF' : '') + text, 'utf8');
  const table = LATIN1.test(name) ? null : singleByteTable(name);
  const bytes = Buffer.alloc(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const byte = table ? table.get(code) : code < 256 ? code : undefined;
    if (byte === undefined) throw new RangeError(`the character ${JSON.stringify(text[i])} cannot be written in ${encoding.name}`);
    bytes[i] = byte;
  }
  return bytes;
}

function cookie(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1').split(/\r\n|\r|\n/, 2);
  const first = COOKIE.exec(head[0] ?? '');
  if (first) return first[1]!;
  // The second line counts only below a line that is blank or a comment.
  return /^[ \t\f]*(#.*)?$/.test(head[0] ?? '') ? (COOKIE.exec(head[1] ?? '')?.[1] ?? null) : null;
}

function decodeUtf8(body: Uint8Array, mark: boolean, python: boolean): Decoded {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body), encoding: { name: 'utf-8', mark } };
  } catch {
    const line = lineOfBadByte(body);
    const cure = python ? 'save it as UTF-8, or name its encoding in a first line such as `# -*- coding: latin-1 -*-`' : 'save it as UTF-8';
    return { problem: `line ${line} is not UTF-8: ${cure}`, line };
  }
}

/** 1-based line of the first bytes that are not UTF-8. No character runs across a line feed, so that lines can be tried one by one. */
function lineOfBadByte(body: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start <= body.length; line++) {
    const feed = body.indexOf(10, start);
    const end = feed < 0 ? body.length : feed;
    try {
      decoder.decode(body.subarray(start, end));
    } catch {
      return line;
    }
    if (feed < 0) break;
    start = feed + 1;
  }
  return line;
}

function decoderFor(name: string): TextDecoder | null {
  const plain = name.toLowerCase().replace(/_/g, '-');
  for (const label of [plain, plain.replace(/^cp-?(125\d|866|874)$/, 'windows-$1'), plain.replace(/-/g, ''), plain.replace(/^cp949$/, 'euc-kr').replace(/^cp936$/, 'gbk').replace(/^cp932$/, 'shift_jis')]) {
    try {
      return new TextDecoder(label, { fatal: true });
    } catch {
      continue;
    }
  }
  return null;
}

function singleByteTable(name: string): Map<number, number> {
  const table = new Map<number, number>();
  if (WINDOWS_1252.test(name)) {
    for (let byte = 0; byte < 256; byte++) table.set(byte >= 0x80 && byte < 0xa0 ? HIGH_1252.charCodeAt(byte - 0x80) : byte, byte);
    return table;
  }
  const decoder = decoderFor(name);
  for (let byte = 0; decoder && byte < 256; byte++) {
    try {
      const text = decoder.decode(Uint8Array.of(byte));
      if (text.length === 1) table.set(text.charCodeAt(0), byte);
    } catch {
      continue;
    }
  }
  // In an encoding of several bytes most lead bytes stand for nothing alone.
  if (table.size < 200) throw new RangeError(`files in ${name} cannot be written: save it as UTF-8`);
  return table;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
