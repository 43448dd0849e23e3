/** Looks of the HTML report: light and dark by what the reader's system asks for. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #59636e; --page: #ffffff; --panel: #f6f8fa; --line: #d1d9e0; --bar: #0969da; --bad: #b42318; --good: #1a7f37; --second: #8250df; --third: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9198a1; --page: #0d1117; --panel: #161b22; --line: #3d444d; --bar: #4493f8; --bad: #ff7b72; --good: #3fb950; --second: #ab7df8; --third: #d29922; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0 .5rem; }
.quiet, caption, figcaption { color: var(--quiet); }
code, pre { font: 13px/1.45 ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.answer { font-size: 1.1rem; }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { margin: .5rem 0; flex: 1 1 20rem; max-width: 30rem; }
svg { width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--text); }
svg .faint { fill: var(--quiet); }
.grid { stroke: var(--line); stroke-width: 1; }
.even { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 4 3; }
.ideal { fill: none; stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 1 4; stroke-linecap: round; }
.whisker { fill: none; stroke: var(--text); stroke-width: 1.5; }
.mark { fill: var(--bar); }
.mark-bad { fill: var(--page); stroke: var(--bad); stroke-width: 2; stroke-dasharray: 4 2; }
.s0, .s1, .s2 { fill: none; stroke-width: 2; }
.s0 { stroke: var(--bar); } .s1 { stroke: var(--second); stroke-dasharray: 6 3; } .s2 { stroke: var(--third); stroke-dasharray: 2 3; }
.f0 { fill: var(--bar); } .f1 { fill: var(--second); } .f2 { fill: var(--third); }
.band { opacity: .15; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; }
.added { color: var(--good); }
.removed { color: var(--bad); }
details > summary { cursor: pointer; margin: .5rem 0; }
ul { padding-left: 1.25rem; margin: .25rem 0; }
@media print { body { max-width: none; } details { display: block; } }
`;
