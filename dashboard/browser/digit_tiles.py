"""Pictures of digits as a grid of crisp tiles; a tile can be clicked or chosen with the keyboard."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dashboard.browser.mounting import component

_FILES = Path(__file__).parent
_component = component(
    "digit_tiles",
    css=(_FILES / "digit_tiles.css").read_text(encoding="utf-8"),
    js=(_FILES / "digit_tiles.js").read_text(encoding="utf-8"),
)


def digit_tiles(
    images: NDArray[np.uint8],
    captions: Sequence[str],
    *,
    key: str,
    notes: Sequence[str] = (),
    size: int = 84,
    one_row: bool = False,
    clickable: bool = False,
    seen: bool = False,
) -> int | None:
    """Show images (n, 28, 28) uint8 with a caption below each, and a fainter note beside it.

    ``size`` is the edge of a tile in screen pixels; a multiple of 28 keeps all pixels of one size. With
    ``one_row`` tiles shrink instead of flowing into a second row. Digits stand as ink on paper; ``seen`` ones
    light on dark, as a network sees them.
    Returns the place (0 to n − 1) of the tile that was clicked just now; None in every later run.
    """
    tiles = [
        {"picture": data_uri(image), "caption": caption, "note": note}
        for image, caption, note in zip(images, captions, notes or [""] * len(images), strict=True)
    ]
    data = {"tiles": tiles, "size": size, "oneRow": one_row, "clickable": clickable, "seen": seen}
    if not clickable:
        _component(key=key, data=data)
        return None
    clicked = _component(key=key, data=data, on_clicked_change=lambda: None).get("clicked")
    known = isinstance(clicked, int) and not isinstance(clicked, bool) and 0 <= clicked < len(tiles)
    return clicked if known else None


def data_uri(image: NDArray[np.uint8]) -> str:
    """A greyscale image (rows, columns) uint8 as a PNG in a data URI."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
