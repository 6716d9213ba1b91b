"""A slim bar that shows the run on the screen, on every page, and goes on by itself."""

from __future__ import annotations

from pathlib import Path

from core.runs.run import Run
from dashboard.browser import run_stream
from dashboard.browser.mounting import component, fetching

_FILES = Path(__file__).parent
_component = component(
    "run_bar",
    css=(_FILES / "run_bar.css").read_text(encoding="utf-8"),
    js=fetching((_FILES / "run_bar.js").read_text(encoding="utf-8")),
    isolate_styles=False,
)


def run_bar(run: Run, name: str, *, color: str, dash: str, facts: list[str], leads: str, key: str) -> bool:
    """Show the run; whether it was clicked just now.

    Args:
        color, dash: how the run is drawn everywhere, Plotly's words.
        facts: how far it is; the stream brings later ones. leads: where a click leads, as a sentence.
    """
    data = {"run": run.id, "moves": run.unfinished, "name": name, "facts": facts, "leads": leads}
    look = {"color": color, "dash": dash, "link": run_stream.link()}
    said = _component(key=key, data={**data, **look}, on_opened_change=lambda: None)
    return said.get("opened") is not None
