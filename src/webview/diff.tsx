/** The change as a unified diff. */
export function Diff({ text }: { text: string }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <section aria-labelledby="change">
      <h2 id="change">The change</h2>
      <pre class="diff" tabIndex={0} aria-label="Unified diff of the rewrite">
        {lines.map((line, i) => (
          <span key={i} class={kind(line)}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
    </section>
  );
}

function kind(line: string): string {
  if (/^(\+\+\+|---|diff |Index: |===)/.test(line)) return 'diff-file';
  if (line.startsWith('@@')) return 'diff-hunk';
  if (line.startsWith('+')) return 'diff-added';
  return line.startsWith('-') ? 'diff-removed' : 'diff-same';
}
