"""The class's own handwriting as files to take home."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from PIL import Image

from core.record.belongings import Drawing


def pictures(drawings: Sequence[Drawing]) -> bytes:
    """A zip file of 28 × 28 greyscale PNG pictures, in one folder for each digit: "7/0001.png"."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, drawing in enumerate(drawings, start=1):
            picture = io.BytesIO()
            Image.fromarray(drawing.image).save(picture, "PNG")
            archive.writestr(f"{drawing.label}/{number:04}.png", picture.getvalue())
    return buffer.getvalue()
