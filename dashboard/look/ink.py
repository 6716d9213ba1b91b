"""Digits as ink: pictures that take the colour of the text around them, by day and by night."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GREYS = 16
"""Shades that a wall of small digits needs: a third of the bytes of 256."""


def ink_uri(image: NDArray[np.uint8], *, greys: int = 256) -> str:
    """Strokes (rows, columns) uint8, 255 where there is most ink, as the alpha of a PNG in a data URI."""
    step = 256 // greys
    alpha = (image.astype(np.uint16) // step * 255 // (greys - 1)).astype(np.uint8)
    file = io.BytesIO()
    palette = Image.fromarray(alpha, "L").convert("P")
    palette.putpalette([0] * 768)
    palette.putdata(alpha.ravel().tolist())
    palette.save(file, "PNG", transparency=bytes(range(256)), optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def mosaic(images: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Images (n, 28, 28) side by side in rows of so many; n is a multiple of ``columns``."""
    count, height, width = images.shape
    rows = images.reshape(count // columns, columns, height, width)
    joined: NDArray[np.uint8] = rows.transpose(0, 2, 1, 3).reshape(-1, columns * width)
    return joined


def html(uri: str, *, kind: str = "ink") -> str:
    """An element of this class whose ink is the picture; ``lab.css`` gives it size and colour."""
    return f'<div class="{escape(kind)}" style="--ink: url({uri})"></div>'
