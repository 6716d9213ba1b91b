"""Runs in a table whose rows go on by themselves while the runs train; a click opens one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypedDict

from dashboard.browser import run_stream
from dashboard.browser.mounting import component, fetching

_FILES = Path(__file__).parent
_component = component(
    "run_rows",
    css=(_FILES / "run_rows.css").read_text(encoding="utf-8"),
    js=fetching((_FILES / "run_rows.js").read_text(encoding="utf-8")),
    isolate_styles=False,
)


class Row(TypedDict):
    """A run in the table, or a group of them.

    Attributes:
        mark: a CSS background, the run's line before its name; "" for a group, which has none.
        name: of the run, as it is told apart from the others. cells: what stands beside it.
        moves: whether it is followed.
    """

    id: str
    mark: str
    name: str
    cells: list[str]
    moves: bool


def run_rows(
    titles: Sequence[str], rows: Sequence[Row], *, chosen: str | None, waiting: Collection[str], key: str
) -> str | None:
    """Show the rows, and go on showing them; the last of ``waiting`` that begins reruns this part.

    Args:
        titles: of the name's column and of those beside it. chosen: the run that is marked.
        waiting: the runs that wait, in these rows or not.

    Returns:
        The run that was clicked just now; None in every later rerun.
    """
    said = _component(
        key=key,
        data={
            "titles": list(titles),
            "rows": list(rows),
            "chosen": chosen,
            "waiting": sorted(waiting),
            "link": run_stream.link(),
        },
        on_opened_change=lambda: None,
        on_moved_change=lambda: None,
    )
    opened = said.get("opened")
    return opened if any(row["id"] == opened for row in rows) else None
