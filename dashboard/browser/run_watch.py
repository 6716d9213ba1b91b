"""Reruns a part of the page when a run that it shows is no longer what it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypedDict

from dashboard.browser import run_stream
from dashboard.browser.mounting import component, fetching

_component = component(
    "run_watch",
    js=fetching(Path(__file__).with_suffix(".js").read_text(encoding="utf-8")),
    isolate_styles=False,
)


At = Literal["stage", "epoch", "step"]
"""When a part is drawn anew: where a run reaches a stage; after each epoch, too; at each new point, too."""


class Drawn(TypedDict):
    """What a part of a page was drawn from: a run's stage (``progress_words.stage``), and how far it was."""

    stage: str
    epoch: int
    step: int


def run_watch(runs: Mapping[str, Drawn], *, key: str, at: At = "stage") -> None:
    """Rerun this fragment, at most once a second, when one of these runs has gone on.

    Args:
        runs: run → what was drawn of it.
        at: how far it must have gone on.
    """
    _component(
        key=key,
        data={"runs": dict(runs), "at": at, "link": run_stream.link()},
        on_moved_change=lambda: None,
    )
