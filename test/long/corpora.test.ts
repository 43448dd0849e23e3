/**
 * Files that nobody here wrote, each checked as `check --loops all` does it, in processes of their own: no exception, no end of the process, no file
 * over ten seconds of processor time, nothing over a gigabyte; every rewrite that is offered is made and parses. CORPUS picks corpora by a part of
 * their title.
 */
import assert from 'node:assert/strict';
import { CORPORA, sourcesOf } from './corpora/packages';
import { checkAll } from './corpora/run';

const CPU_MS = 10_000;
const PEAK_MB = 1024;
const LIMITS = { heapMB: 900, stallMs: 180_000 };

describe('code that nobody here wrote', () => {
  for (const corpus of CORPORA.filter(({ title }) => title.includes(process.env['CORPUS'] ?? ''))) {
    it(`${corpus.title} is checked`, async function () {
      this.timeout(3 * 3_600_000);
      const root = await corpus.root();
      const files = sourcesOf(root, corpus.without);
      assert.ok(files.length > 0, `${root} holds nothing`);
      const done = await checkAll(root, files, LIMITS);
      const sum = (of: (each: (typeof done)[number]) => number): number => done.reduce((all, each) => all + of(each), 0);
      const slowest = done.reduce((a, b) => (b.cpuMs > a.cpuMs ? b : a));
      const peak = done.reduce((a, b) => (b.peakMB > a.peakMB ? b : a));
      const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
      console.log(
        `      ${files.length} files, ${sum((f) => f.lines)} lines, ${sum((f) => f.loops)} loops in ${seconds(sum((f) => f.cpuMs))}; ${sum((f) => f.rewrites)} rewrites in ${seconds(sum((f) => f.rewriteCpuMs))}; ` +
          `slowest ${slowest.file} ${seconds(slowest.cpuMs)}; peak ${Math.round(peak.peakMB)} MB`,
      );
      const broken = done.flatMap(({ file, defects, cpuMs, peakMB }) => [
        ...defects.map((defect) => `${file}: ${defect}`),
        ...(cpuMs > CPU_MS ? [`${file}: ${seconds(cpuMs)}`] : []),
        ...(peakMB > PEAK_MB ? [`${file}: ${Math.round(peakMB)} MB`] : []),
      ]);
      assert.equal(broken.length, 0, broken.join('\n'));
    });
  }
});
