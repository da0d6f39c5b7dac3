"""How the page of a file looks."""

from typing import Final

STYLE: Final = """\
:root { color-scheme: light dark; --page: #ffffff; --ink: #1c2330; --faint: #667085;
  --edge: #e3e7ed; --number: #98a2b3; --hint-ink: #33608f; --hint-page: #edf3fa;
  --over: #dce9f8; --error-ink: #a3190f; --error-page: #fdeeec; --error-edge: #d9483b;
  --note-ink: #5b4a00; --note-page: #fbf5dd; --keyword: #7a3e9d; --string: #2b6e3f;
  --comment: #6b7686; --definition: #0b4f9e; --literal: #9a4a00; --link: #0b57b0; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181f; --ink: #e3e8f0; --faint: #98a3b4; --edge: #2a313b; --number: #5f6b7c;
    --hint-ink: #9cc3f0; --hint-page: #1e2a3a; --over: #26415f; --error-ink: #ffb4ab;
    --error-page: #3a1f1d; --error-edge: #e0695d; --note-ink: #f0dc98; --note-page: #332c14;
    --keyword: #cf9df0; --string: #93cf9f; --comment: #8591a3; --definition: #86b8ff;
    --literal: #f0b27a; --link: #8dbdff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.25rem; }
h2 { margin: 2.5rem 0 1rem; font-size: 1.1rem; }
header p { margin: 0 0 1rem; color: var(--faint); }
a { color: var(--link); }
nav ol { margin: 0 0 1.25rem; padding: 0.6rem 1rem 0.6rem 2.2rem; border-radius: 6px;
  background: var(--error-page); color: var(--error-ink); }
nav a { color: inherit; font-weight: 600; }
.code { opacity: 0.75; }
.source { padding: 0.6rem 0; border: 1px solid var(--edge); border-radius: 6px; }
.source, .message { font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas,
  "DejaVu Sans Mono", monospace; }
.line { display: flex; padding-right: 1rem; }
.line:target { background: var(--hint-page); }
.line.wrong .number { color: var(--error-edge); font-weight: 700; }
.number { flex: 0 0 3.4em; padding-right: 1.2em; text-align: right; color: var(--number);
  text-decoration: none; user-select: none; }
.line code { flex: 1; min-height: 1.6em; font: inherit; white-space: pre-wrap;
  overflow-wrap: anywhere; tab-size: 4; --hang: calc((var(--indent, 0) + 4) * 1ch);
  padding-left: var(--hang); text-indent: calc(-1 * var(--hang)); }
.hint { display: inline-block; max-width: 100%; padding: 0 0.35em; border-radius: 4px;
  background: var(--hint-page); color: var(--hint-ink); font-size: 0.92em; line-height: 1.45;
  text-indent: 0; user-select: none; }
.line:target .hint { background: var(--over); }
@media (max-width: 40rem) { .hint { display: inline; } }
.keyword { color: var(--keyword); }
.string { color: var(--string); }
.comment { color: var(--comment); font-style: italic; }
.definition { color: var(--definition); font-weight: 600; }
code .literal { color: var(--literal); }
.builtin { color: var(--definition); }
.bad { text-decoration: underline wavy var(--error-edge); text-decoration-skip-ink: none;
  text-underline-offset: 3px; }
.typed { position: relative; border-radius: 3px; }
.typed:hover:not(:has(.typed:hover)) { background: var(--over); }
.typed:hover:not(:has(.typed:hover))::after { content: attr(data-type); position: absolute;
  left: 0; bottom: calc(100% + 4px); z-index: 2; width: max-content; max-width: 60ch;
  padding: 0.25em 0.6em; border: 1px solid var(--edge); border-radius: 5px;
  background: var(--page); color: var(--ink); box-shadow: 0 3px 12px rgba(0, 0, 0, 0.25);
  font-style: normal; font-weight: 400; white-space: pre-wrap; text-indent: 0;
  pointer-events: none; }
.message { margin: 0.15rem 1rem 0.35rem calc(3.4em + min(var(--column) * 1ch, 30ch));
  padding: 0.2rem 0.7rem; border-left: 3px solid var(--error-edge); border-radius: 0 5px 5px 0;
  background: var(--error-page); color: var(--error-ink); width: fit-content; }
.message.note { border-color: var(--note-ink); background: var(--note-page);
  color: var(--note-ink); }
.message ul { margin: 0; padding-left: 1.2rem; }
.flows { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1rem; }
.flows h2 { flex-basis: 100%; margin-bottom: 0; }
figure { max-width: 100%; margin: 0; overflow: hidden; border: 1px solid var(--edge);
  border-radius: 6px; }
figure svg { display: block; max-width: 100%; height: auto; }
@media print {
  :root { --page: #ffffff; --ink: #000000; --faint: #333333; --edge: #bbbbbb; --number: #555555;
    --hint-ink: #000000; --hint-page: #ffffff; --error-ink: #000000; --error-page: #ffffff;
    --error-edge: #000000; --note-ink: #000000; --note-page: #ffffff; --keyword: #000000;
    --string: #000000; --comment: #444444; --definition: #000000; --literal: #000000;
    --link: #000000; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .source, .message { font-size: 8pt; }
  .hint { border: 0.5pt solid #999999; }
  .keyword { font-weight: 700; }
  .line, .message, figure { break-inside: avoid; }
  .flows { display: block; }
  figure { margin-bottom: 1rem; width: fit-content; }
  figure svg { max-height: 22cm; }
}
"""
