"""What if: a pixel is changed, or a unit switched off, and the answer follows at once."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.architecture.plan import Layer
from core.reading.answer import answer
from core.settings import SIDE
from dashboard.browser import clicks
from dashboard.browser.answer_bars import answer_bars
from dashboard.browser.live_chart import live_chart
from dashboard.frame import session
from dashboard.language import _
from dashboard.reading import answer_charts
from dashboard.reading.answers import said, verdict
from dashboard.reading.readers import Reader

CHANGED, CHOSEN = "pixels-changed", "pixel"
"""Names of what is kept: the pixels that were changed, and the one that is looked at."""

Pixels = dict[tuple[int, int], int]
"""Row and column → ink, from 0 to 255."""


def change_a_pixel(image: NDArray[np.uint8], reader: Reader) -> None:
    """The image (28, 28), of which any pixel can be chosen and given other ink."""
    picture = crc32(image.tobytes())
    left, right = st.columns([3, 2], gap="medium")
    with right:
        row, column = _choose_pixel(image, reader, picture)
        changed = _change(image, picture, row, column)
        _answered(image, changed, reader)
    with left:
        click = live_chart(
            answer_charts.pixels(_with(image, changed), (row, column)),
            key=f"pixels-{picture}",
            height=400,
            alt=_("The image as the network sees it, pixel by pixel"),
            clickable=True,
        )
        st.caption(_("Click a pixel, then give it more ink or less."))
    if click is not None:
        clicks.take_click(f"{CHOSEN}-{picture}", click, (int(click["y"]), int(click["x"])))


def _choose_pixel(image: NDArray[np.uint8], reader: Reader, picture: int) -> tuple[int, int]:
    """The pixel clicked or typed in, whichever came last; at first the one that the answer hangs on most."""
    key = f"{CHOSEN}-{picture}"
    default = _weightiest(image, reader)
    at = clicks.current(key, default)
    widget = clicks.widget_key(key, default)
    with st.container(horizontal=True):
        row = st.number_input(_("Row"), 1, SIDE, at[0] + 1, key=f"{widget}-row", width=120)
        column = st.number_input(_("Column"), 1, SIDE, at[1] + 1, key=f"{widget}-column", width=120)
    place = int(row) - 1, int(column) - 1
    clicks.choose(key, place, shown=at)
    return place


def _weightiest(image: NDArray[np.uint8], reader: Reader) -> tuple[int, int]:
    """Where a change of ink changes the answer's sum most."""
    read = answer(reader.network.probabilities(image[None])[0])
    slopes = np.abs(reader.network.saliency(image, read.digit))
    row, column = divmod(int(np.nan_to_num(slopes).argmax()), SIDE)
    return row, column


def _change(image: NDArray[np.uint8], picture: int, row: int, column: int) -> Pixels:
    """The slider of the chosen pixel, and a button that undoes all; what was changed so far."""
    of_picture, kept = session.kept(CHANGED, (picture, {}))
    changed: Pixels = dict(kept) if of_picture == picture else {}
    original = int(image[row, column])
    key = f"ink-{picture}-{row}-{column}-{session.kept('pixels-edition', 0)}"
    ink = st.slider(_("Ink of this pixel"), 0, 255, changed.get((row, column), original), key=key)
    changed.pop((row, column), None)
    if ink != original:
        changed[row, column] = ink
    session.keep(CHANGED, (picture, changed))
    st.button(
        _("All pixels as they were"),
        icon=":material/restart_alt:",
        disabled=not changed,
        on_click=_undo,
        args=(picture,),
        key=f"pixels-undo-{picture}",
    )
    return changed


def _undo(picture: int) -> None:
    session.keep(CHANGED, (picture, {}))
    session.keep("pixels-edition", session.kept("pixels-edition", 0) + 1)  # sliders are made anew


def _with(image: NDArray[np.uint8], changed: Pixels) -> NDArray[np.uint8]:
    image = image.copy()
    for place, ink in changed.items():
        image[place] = ink
    return image


def _answered(image: NDArray[np.uint8], changed: Pixels, reader: Reader) -> None:
    before, after = reader.network.probabilities(np.stack([image, _with(image, changed)]))
    _tell(before if changed else None, after, key="pixel-answer")


def switch_off(image: NDArray[np.uint8], reader: Reader, plan: Layer, unit: int) -> None:
    """A switch for one unit of a layer, and the answer with and without it."""
    if plan.kind == "output":
        return
    is_off = st.toggle(
        _("Switch unit {unit} off").format(unit=unit),
        key=f"off-{plan.name}-{unit}",
        help=_("It hands on 0, whatever reaches it."),
    )
    network = reader.network.without(plan.name, unit) if is_off else reader.network
    before = reader.network.probabilities(image[None])[0]
    _tell(before if is_off else None, network.probabilities(image[None])[0], key="unit-answer")


def _tell(before: NDArray[np.floating] | None, after: NDArray[np.floating], *, key: str) -> None:
    """The answer now; and the one before, where something was changed."""
    heading, detail = verdict(answer(after))
    with st.container(key=f"answer-{key}", gap=None):
        st.markdown(f"# {heading}")
        st.caption(detail)
    answer_bars(after, key=key, said=said(heading, detail))
    if before is None:
        st.caption(_("Nothing is changed yet."))
    else:
        heading, detail = verdict(answer(before))
        st.caption(_("Unchanged: **{heading}**. {detail}").format(heading=heading, detail=detail))
