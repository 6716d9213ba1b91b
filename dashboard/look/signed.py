"""Weights as a small picture: orange is negative, blue positive."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from plotly.colors import hex_to_rgb

from dashboard.look.style import SIGNED_SCALE


def signed_uri(values: NDArray[np.floating]) -> str:
    """Values (rows, columns) as a PNG in a data URI; 0 is light, the largest have the scale's full colour."""
    places = [place for place, _color in SIGNED_SCALE]
    channels = np.transpose([hex_to_rgb(color) for _place, color in SIGNED_SCALE])
    shares = (values / (np.abs(values).max() or 1) + 1) / 2
    pixels = np.stack([np.interp(shares, places, channel) for channel in channels], axis=-1)
    file = io.BytesIO()
    Image.fromarray(np.rint(pixels).astype(np.uint8)).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
