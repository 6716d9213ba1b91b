"""Pictures of digits in pages, each of which opens the closer look into the network that read it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.pager import first_of_page, pager
from dashboard.frame import session
from dashboard.reading.closer_look import closer_look
from dashboard.reading.readers import Reader

SHOWN = 30
"""Pictures on one page."""


def paged(
    images: NDArray[np.uint8],
    captions: Sequence[str],
    *,
    key: str,
    reader: Reader,
    notes: Sequence[str] = (),
    size: int = 56,
) -> None:
    """Show images (n, 28, 28), n > 0, in pages; the one that is clicked opens the closer look below."""
    subject = (reader.key, len(images), *captions[:1])
    first = first_of_page(key, total=len(images), subject=subject)
    page = slice(first, first + SHOWN)
    clicked = digit_tiles(
        images[page], captions[page], notes=notes[page], key=f"{key}-tiles", size=size, clickable=True
    )
    if len(images) > SHOWN:
        pager(key, first=first, total=len(images), size=SHOWN, subject=subject)
    if clicked is not None:
        session.keep(f"{key}-picture", (subject, first + clicked))
        session.keep("closer", True)  # the look that was asked for is open at once
    looked_at, place = session.kept(f"{key}-picture", (None, 0))
    if looked_at == subject:
        digit_tiles(images[[place]], [captions[place]], key=f"{key}-picture", size=112)
        closer_look(None, images[place], [reader])
