import { colour, print } from './terminal';
import { openLoop } from './location';

export async function explain(where: string, options: { readonly format: 'text' | 'json' }): Promise<void> {
  const { session, loop } = await openLoop(where);
  const explanation = session.explain(loop);
  print(options.format === 'json' ? JSON.stringify(explanation, null, 2) : renderMarkdown(explanation.text));
}

/** The little Markdown that explanations use, for a terminal. */
function renderMarkdown(text: string): string {
  return text
    .replace(/```\n([\s\S]*?)\n```/g, (_, code: string) => code.replace(/^/gm, '    '))
    .replace(/\*\*(.+?)\*\*/g, (_, bold: string) => colour.bold(bold))
    .replace(/\*(.+?)\*/g, (_, italic: string) => italic)
    .replace(/`([^`\n]+)`/g, (_, code: string) => colour.cyan(code));
}
