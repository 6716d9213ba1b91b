"""The hand over the drawing pad, and the paper that is seen: crisp, and as large as there is room.

The pad below listens to touches by itself, but one that the system cancels leaves it waiting for its end,
and a palm that lies there first keeps a pen out. So a layer over it takes all pointers and keys, and hands on
what one hand does: one pointer at a time, a pen before a palm, a cursor for the keyboard. The pad's picture
has 280 × 280 pixels on any screen; the layer draws the same strokes in the screen's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.drawing.strokes import CANVAS
from dashboard.browser.mounting import component
from dashboard.language import _

PLACES = 28
"""Columns and rows in which the keyboard's pen is told: those of MNIST."""
STEP, SMALL_STEP = 1 / PLACES, 1 / (4 * PLACES)
"""How far an arrow key moves, as a share of the pad; the small step with Shift."""

_FILES = Path(__file__).parent
_component = component(
    "drawing_hand",
    css=(_FILES / "drawing_hand.css").read_text(encoding="utf-8"),
    js=(_FILES / "drawing_hand.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # it must reach the pad beside it
)


def drawing_hand(drawing: Mapping[str, object], pen: int) -> None:
    """Put the hand over the pad; both must stand in a container with the key "paper".

    Args:
        drawing: what the pad was told to show last, with the number of that "order".
        pen: the pen's width in pixels of the pad.
    """
    _component(
        key="drawing-hand",
        data={
            "label": _("Drawing pad"),
            "hint": _("Write a digit here"),
            "help": _("Arrow keys move the pen, with Shift in small steps. Space sets it down and lifts it."),
            "moving": _("Pen up, column {column}, row {row}").format(column="%column", row="%row"),
            "writing": _("Drawing, column {column}, row {row}").format(column="%column", row="%row"),
            "step": STEP,
            "small": SMALL_STEP,
            "places": PLACES,
            "drawing": drawing,
            "pen": pen,
            "side": CANVAS,
        },
    )
