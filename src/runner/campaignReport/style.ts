/** The report's one style, for light and dark. Colours have 4.5:1 for text and 3:1 for marks on both grounds. */
export const reportStyle = `
:root { color-scheme: light dark; --ground: #fff; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --link: #0969da; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; --busy: #0969da; --plain: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --muted: #9198a1; --line: #3d444d; --soft: #161b22; --link: #4493f8; --good: #3fb950; --bad: #f85149; --warn: #d29922; --busy: #4493f8; --plain: #9198a1; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px; color: var(--text); background: var(--ground); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; }
h1 { margin: 0; font-size: 1.6em; overflow-wrap: anywhere; }
h2 { margin: 28px 0 8px; font-size: 1.1em; }
p { margin: 4px 0; overflow-wrap: anywhere; }
.task { font-size: 1.1em; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 24px; color: var(--muted); }
.facts strong { color: var(--text); }
.waits { padding: 8px 12px; border-left: 3px solid var(--warn); background: var(--soft); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: normal; overflow-wrap: anywhere; }
thead th { color: var(--muted); font-size: 0.9em; overflow-wrap: normal; }
tbody th { min-width: 9em; }
.outcomes th { width: 22em; }
.number { width: 5em; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.repositories { min-width: 900px; }
.repositories .wide { min-width: 16em; }
.repositories td { min-width: 7em; }
.repositories td:nth-child(2) { min-width: 11em; overflow-wrap: normal; }
.repositories .number { min-width: 4em; }
.repositories code { white-space: nowrap; }
.muted { color: var(--muted); }
code { font: 0.92em ui-monospace, monospace; }
a { color: var(--link); }
.dot { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 50%; background: var(--plain); }
.dot.good { background: var(--good); } .dot.bad { background: var(--bad); border-radius: 0; } .dot.warn { background: var(--warn); border-radius: 2px; } .dot.busy { background: var(--busy); }
.share { display: block; width: 100%; height: 8px; margin-top: 7px; background: var(--soft); fill: var(--plain); }
.share.good { fill: var(--good); } .share.bad { fill: var(--bad); } .share.warn { fill: var(--warn); } .share.busy { fill: var(--busy); }
.burn { display: block; width: 100%; max-width: 900px; }
.burn text { fill: var(--muted); font-size: 11px; }
.burn .end { text-anchor: end; }
.burn .axis { fill: none; stroke: var(--line); }
.burn .line { fill: none; stroke: var(--busy); stroke-width: 2; }
`
