"""How far a run is, in a bar and a line of words that go on by themselves while it trains."""

from __future__ import annotations

from pathlib import Path

from dashboard.browser import run_stream
from dashboard.browser.mounting import component, fetching

_CSS = """
.run-line { display: flex; flex-direction: column; gap: 0.25rem; font-size: 1rem }
.run-line [role="progressbar"] { height: 0.5rem; border-radius: 0.5rem; overflow: hidden;
  background: var(--st-secondary-background-color) }
.run-line [role="progressbar"] > div { height: 100%; border-radius: inherit;
  background: var(--st-primary-color); transition: width 0.3s linear }
@media (prefers-reduced-motion: reduce) { .run-line [role="progressbar"] > div { transition: none } }
"""
_HTML = """<div class="run-line"><div data-words></div>
<div role="progressbar" aria-valuemin="0" aria-valuemax="100"><div></div></div></div>"""

_component = component(
    "run_line",
    html=_HTML,
    css=_CSS,
    js=fetching(Path(__file__).with_suffix(".js").read_text(encoding="utf-8")),
    isolate_styles=False,
)


def run_line(run_id: str, text: str, share: float, *, key: str) -> None:
    """Show how far a run is, and go on showing it.

    Args:
        text, share: what is known now, 0 to 1; the stream brings the same two later on.
    """
    _component(key=key, data={"run": run_id, "text": text, "share": share, "link": run_stream.link()})
