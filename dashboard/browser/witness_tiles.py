"""Validation digits with a network's answers as they change while it trains, and a slider back in time."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dashboard.browser import run_stream
from dashboard.browser.digit_tiles import data_uri
from dashboard.browser.mounting import component, fetching
from dashboard.frame.sharing import shared
from dashboard.language import _, numbers

_FILES = Path(__file__).parent
_component = component(
    "witness_tiles",
    css=(_FILES / "witness_tiles.css").read_text(encoding="utf-8"),
    js=fetching((_FILES / "witness_tiles.js").read_text(encoding="utf-8")),
)

GAPS = {
    name: f"{{{name}}}"
    for name in ("number", "digit", "answer", "share", "truth", "epoch", "last", "right", "count")
}
"""What ``witness_tiles.js`` knows a value for."""


def witness_tiles(run_id: str, images: NDArray[np.uint8], labels: NDArray[np.uint8], *, key: str) -> None:
    """Show what a run answers to its witnesses; the browser fills in what it answered at each recorded point.

    Args:
        images: (n, 28, 28). labels: (n,), the digits that they are; both by ``core.dataset.witnesses``.
    """
    data = {
        "run": run_id,
        "link": run_stream.link(),
        "pictures": _pictures(images),
        "digits": labels.tolist(),
        "words": words(),
    }
    _component(key=key, data=data)


def _content(images: NDArray[np.uint8]) -> Hashable:
    """A key for pictures: as many with the same pixels are the same."""
    return len(images), hashlib.sha256(images.tobytes()).digest()


@shared(0.25, size=len, key=_content)
def _pictures(images: NDArray[np.uint8]) -> str:
    """All of them side by side in one picture, as ``data_uri`` writes it."""
    return data_uri(np.hstack(list(images)))


def words() -> dict[str, str]:
    """The texts in which the browser fills the gaps."""
    texts = {
        "percent": numbers.of_100("{number}"),
        "right": _("Digit {digit}: read right, {share}."),
        "wrong": _("Digit {digit}: read as {answer}, {share}; {truth} for {digit}."),
        "unread": _("Digit {digit}: not asked yet."),
        "now": _("Epoch {epoch}: {right} of {count} right"),
        "then": _("Back at epoch {epoch} of {last}: {right} of {count} right"),
        "time": _("Back in time"),
        "waiting": _("Its answers appear here with the first point of its curve."),
        "unavailable": _("The answers cannot be shown here. Reload the page to try again."),
        "none": _("This run was trained before the lab asked single digits: it has no answers to them."),
    }
    return {name: text.format(**GAPS) for name, text in texts.items()}
