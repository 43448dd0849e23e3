/** Takes a command line apart as a shell would, without being one: words, quotes and (except on Windows) backslashes. */

/**
 * @throws SyntaxError when a quote is not closed.
 */
export function splitCommand(text: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && (text[i + 1] === '"' || (platform !== 'win32' && text[i + 1] === '\\'))) word += text[++i]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === '\\' && platform !== 'win32' && i + 1 < text.length) {
      word = (word ?? '') + text[++i]!;
    } else word = (word ?? '') + char;
  }
  if (quote !== null) throw new SyntaxError(`the command ends within a quote: ${text}`);
  if (word !== null) words.push(word);
  return words;
}
