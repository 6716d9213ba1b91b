"""Printed characters as pen strokes: drawn from a font, thinned to their centre line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import streamlit
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks import redraw

HEIGHT = 120  # pixels of a glyph before it is shrunk as MNIST's digits were
BOLDER = 3  # pixels added around every stem, so that hairlines survive shrinking
BOX, SIDE = 20, 28
FONTS = Path(streamlit.__file__).parent / "static" / "static" / "media"
"""The fonts that travel with Streamlit: one file a face, with a changing mark in its name."""


@cache
def paths_of(character: str, face: str) -> list[redraw.Path]:
    """Return the strokes of a character in a face, such as "KaTeX_Main-Regular"; "" is Pillow's own font.

    Raises FileNotFoundError where the installed Streamlit carries no such face.
    """
    return redraw.paths_of(_picture(character, face))


def has(character: str, face: str) -> bool:
    """Whether the face draws the character as something else than the mark for what it lacks."""
    font = _font(face)
    return font.getmask(character).getbbox() is not None and bytes(font.getmask(character)) != bytes(
        font.getmask("\uffff")
    )


def turned(paths: Sequence[redraw.Path], degrees: float) -> list[redraw.Path]:
    """Return the strokes turned clockwise as one piece."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [path @ turn for path in paths]


def _picture(character: str, face: str) -> NDArray[np.uint8]:
    """Draw one character and fit it into 20 × 20 in the middle of (28, 28)."""
    large = Image.new("L", (4 * HEIGHT, 3 * HEIGHT))
    pen = ImageDraw.Draw(large)
    pen.text((HEIGHT, HEIGHT), character, fill=255, font=_font(face), stroke_width=BOLDER)
    glyph = large.crop(large.getbbox())
    scale = BOX / max(glyph.size)
    glyph = glyph.resize(
        (max(3, round(glyph.width * scale)), max(3, round(glyph.height * scale))), Image.Resampling.BOX
    )
    small = Image.new("L", (SIDE, SIDE))
    small.paste(glyph, ((SIDE - glyph.width) // 2, (SIDE - glyph.height) // 2))
    return np.asarray(small)


@cache
def _font(face: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if not face:
        return ImageFont.load_default(HEIGHT)
    found = sorted(FONTS.glob(f"{face}.*woff2"))
    if not found:
        raise FileNotFoundError(f"no font {face} in {FONTS.name}")
    return ImageFont.truetype(found[0], HEIGHT)
