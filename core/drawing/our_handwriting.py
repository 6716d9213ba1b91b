"""The class's own handwriting: a drawing, and drawings as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Drawing:
    """A digit that a learner drew and gave to the class. image: uint8 (28, 28); label: 0 to 9."""

    id: int
    learner: str
    created: datetime
    label: int
    image: NDArray[np.uint8]


def pack(drawings: Sequence[Drawing]) -> bytes:
    """Images and labels of drawings, without their learners, as an .npz file."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        images=np.array([drawing.image for drawing in drawings], np.uint8).reshape(-1, 28, 28),
        labels=np.array([drawing.label for drawing in drawings], np.uint8),
    )
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Undo ``pack``: images (n, 28, 28) and labels (n,), both uint8."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return file["images"], file["labels"]


def pictures(drawings: Sequence[Drawing]) -> bytes:
    """A zip file of 28 × 28 greyscale PNG pictures, in one folder for each digit: "7/0012.png".

    A picture is called by its drawing's number, by which whoever runs the lab may remove it; nothing tells
    who drew it.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for drawing in drawings:
            picture = io.BytesIO()
            Image.fromarray(drawing.image).save(picture, "PNG")
            archive.writestr(f"{drawing.label}/{drawing.id:04}.png", picture.getvalue())
    return buffer.getvalue()
