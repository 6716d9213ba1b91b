"""The pictures of a split: filtered, ordered, paged; a click shows one as numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.dataset.gallery import ORDERS, PART_NAMES, Gallery
from core.settings import DIGITS
from dashboard.app_pages.digits import charts
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import live_chart
from dashboard.browser.pager import first_of_page, pager
from dashboard.frame import page
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import fragment
from dashboard.language import _, names

PAGE_SIZE = 60


@fragment
def picture_browser(gallery: Gallery) -> None:
    """The pictures of a part: filtered, ordered, paged; a click shows one as numbers."""
    name, digit, by, seed = _choose()
    positions = gallery.order(name, digit, by, seed)
    if not len(positions):
        page.empty(_("This part holds no such digit. Choose another digit or another part."))
        return
    total, subject = len(positions), (name, digit, by, seed, len(positions))
    first = first_of_page("digits-page", total=total, subject=subject)
    shown = positions[first : first + PAGE_SIZE]
    images, labels = gallery.part(name).pick(shown), gallery.part(name).labels[shown]
    notes = [f"#{index:,}" for index in gallery.part(name).indices[shown]]
    st.caption(_("Click a picture to see the 784 numbers it is made of."))
    clicked = digit_tiles(
        images, [str(label) for label in labels], notes=notes, key="digits-tiles", clickable=True
    )
    pager("digits-page", first=first, total=total, size=PAGE_SIZE, subject=subject)
    if by == "unusual":
        st.caption(_("Unusual: far from the average picture of its digit."))
    if clicked is not None:
        title = _("A {digit} as the network gets it: 784 numbers").format(digit=labels[clicked])
        st.dialog(title, width="medium")(_as_numbers)(images[clicked], notes[clicked])


def _choose() -> tuple[str, int | None, str, int]:
    """Part, digit (None for all), order and seed."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = one_of(
            _("Part"),
            PART_NAMES,
            default="train",
            format_func=names.part,
            key="digits-part",
            persist_state="session",
        )
        digit = st.pills(_("Only one digit"), range(DIGITS), key="digits-digit", persist_state="session")
        orders = {"mnist": _("As in MNIST"), "shuffled": _("Shuffled"), "unusual": _("Most unusual first")}
        by = st.selectbox(
            _("Order"),
            ORDERS,
            format_func=orders.__getitem__,
            width=200,
            key="digits-order",
            persist_state="session",
        )
        seed = 0
        if by == "shuffled":
            seed = st.number_input(
                _("Seed"), 0, 2**31 - 1, key="digits-seed", persist_state="session", width=130
            )
    return name, digit, by, int(seed)


def _as_numbers(image: NDArray[np.uint8], note: str) -> None:
    """One picture with its 784 pixel values written out."""
    st.caption(
        _("Picture {number}: 28 rows of 28 pixels, 0 is the ground, 255 full ink.").format(number=note)
    )
    live_chart(charts.numbers(image), key="digits-numbers", height=690, alt=_("One digit as 784 numbers"))
