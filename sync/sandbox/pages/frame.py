"""The frame of every page: plain HTML that a phone shows well."""

from __future__ import annotations

from html import escape

_STYLE = """
:root { color-scheme: light; font-family: system-ui, sans-serif; line-height: 1.45 }
body { margin: 0; background: #f3f1f8; color: #202124 }
main { max-width: 40rem; margin: 0 auto; padding: .75rem }
main.wide { max-width: none }
section, form > div { background: #fff; border: 1px solid #dadce0; border-radius: .5rem;
  padding: 1rem; margin: 0 0 .75rem }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
label, legend { font-weight: 600; display: block; margin-bottom: .25rem }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; overflow-wrap: anywhere }
fieldset label, .kept { font-weight: 400; padding: .35rem 0 }
small { display: block; color: #5f6368; margin-bottom: .35rem }
input:not([type=radio]):not([type=checkbox]), select, textarea { box-sizing: border-box;
  width: 100%; font: inherit; padding: .6rem; border: 1px solid #80868b; border-radius: .25rem }
strong + fieldset, fieldset + fieldset { margin-top: .75rem }
h2 { font-size: 1.1rem; margin: 0 0 .25rem }
ul { margin: 0; padding-left: 1.2rem } li { margin: .35rem 0; overflow-wrap: anywhere }
.other input[type=text] { margin-top: .25rem }
.choice { display: flex; gap: .75rem; justify-content: flex-end }
button.plain { background: #fff; color: #5b3cc4; border: 1px solid #5b3cc4 }
button { font: inherit; padding: .7rem 1.5rem; border: 0; border-radius: .25rem;
  background: #5b3cc4; color: #fff }
.required { color: #b3261e }
.scroll { overflow-x: auto; background: #fff }
table { border-collapse: collapse; font-size: .85rem }
td, th { border: 1px solid #dadce0; padding: .25rem .5rem; text-align: left; vertical-align: top;
  white-space: pre-wrap; max-width: 22rem }
thead th { background: #f8f9fa; position: sticky; top: 0 }
nav a { margin-right: 1rem } nav a[aria-current] { font-weight: 700 }
tr.hidden { display: none }
a.clipped { display: block; max-width: 9rem; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap }
"""


def page(title: str, body: str, *, wide: bool = False) -> str:
    """Return a whole page; *body* is HTML, *title* is text."""
    width = ' class="wide"' if wide else ""
    return (
        '<!doctype html>\n<html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main{width}>{body}</main></body></html>\n"
    )
