"""The pictures of a split: filtered, ordered, paged; a click looks closely at one."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.dataset.gallery import ORDERS, PART_NAMES, Gallery
from core.dataset.split import Part
from core.reading.answer import answer
from core.settings import DIGITS
from dashboard.app_pages.digits import charts
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import live_chart
from dashboard.browser.pager import first_of_page, pager
from dashboard.frame import page
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import dialog, fragment
from dashboard.language import _, names
from dashboard.language.foreign import literal
from dashboard.reading import readers, seal
from dashboard.reading.answers import verdict
from dashboard.reading.closer_look import look

PAGE_SIZE = 60
EXAMPLES = 10
"""Test images that may be seen while the others are sealed: the first ones."""


@fragment
def picture_browser(gallery: Gallery) -> None:
    """The pictures of a part: filtered, ordered, paged; a click looks closely at one."""
    name = _choose_part()
    if name == "test" and not seal.is_broken():
        _examples(gallery.part(name))
        return
    digit, by, seed = _choose_pictures()
    positions = gallery.order(name, digit, by, seed)
    if not len(positions):
        page.empty(_("This part holds no such digit. Choose another digit or another part."))
        return
    total, subject = len(positions), (name, digit, by, seed, len(positions))
    first = first_of_page("digits-page", total=total, subject=subject)
    shown = positions[first : first + PAGE_SIZE]
    st.caption(_("Click a picture to look at it closely: what a network makes of it, layer by layer."))
    clicked = _tiles(gallery.part(name), shown)
    pager("digits-page", first=first, total=total, size=PAGE_SIZE, subject=subject)
    if by == "unusual":
        st.caption(_("Unusual: far from the average picture of its digit."))
    if clicked is not None:
        _open(gallery.part(name), shown[clicked])


def _examples(part: Part) -> None:
    """A few test images, always the same, while the others are sealed."""
    st.markdown(
        _(
            "**Sealed.** Who knows the test images begins to choose what happens to suit them. Here are "
            "{count} of {total:,} as examples, always the same. You see all after you have opened the test "
            "set with a run of your own, on the page Test."
        ).format(count=EXAMPLES, total=len(part))
    )
    st.caption(_("Click a picture to see the 784 numbers it is made of."))
    places = np.arange(EXAMPLES)
    clicked = _tiles(part, places)
    if clicked is not None:
        _open_numbers(part, places[clicked])


def _tiles(part: Part, places: NDArray[np.intp]) -> int | None:
    """Pictures of a part with their labels; which one was clicked."""
    return digit_tiles(
        part.pick(places),
        [str(label) for label in part.labels[places]],
        notes=_notes(part, places),
        key="digits-tiles",
        clickable=True,
    )


def _notes(part: Part, places: NDArray[np.intp]) -> list[str]:
    return [f"#{index:,}" for index in part.indices[places]]


def _open_numbers(part: Part, place: np.intp) -> None:
    """One picture, written out; it may be one of a sealed part, which no network is asked about."""
    at = np.array([place])
    title = _("A {digit} as the network gets it: 784 numbers").format(digit=part.labels[place])
    dialog(title, lambda: _as_numbers(part.pick(at)[0], _notes(part, at)[0]), width="medium")


def _open(part: Part, place: np.intp) -> None:
    """One picture, and all that can be found out about the network that reads it."""
    at = np.array([place])
    image, note = part.pick(at)[0], _notes(part, at)[0]
    title = _("A {digit}, looked at closely").format(digit=part.labels[place])
    dialog(title, lambda: _look(image, note), width="large")


def _look(image: NDArray[np.uint8], note: str) -> None:
    reader = readers.first_reader()
    heading, detail = verdict(answer(reader.network.probabilities(image[None])[0]))
    st.markdown(
        _("**{reader}** answers **{heading}**. {detail}").format(
            reader=literal(reader.name), heading=heading, detail=detail
        )
    )
    look(image, reader, more={_("As numbers"): lambda: _as_numbers(image, note)})


def _choose_part() -> str:
    return one_of(
        _("Part"),
        PART_NAMES,
        default="train",
        format_func=names.part,
        key="digits-part",
        persist_state="session",
    )


def _choose_pictures() -> tuple[int | None, str, int]:
    """Digit (None for all), order and seed."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
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
    return digit, by, int(seed)


def _as_numbers(image: NDArray[np.uint8], note: str) -> None:
    """One picture with its 784 pixel values written out."""
    st.caption(
        _("Picture {number}: 28 rows of 28 pixels, 0 is the ground, 255 full ink.").format(number=note)
    )
    live_chart(charts.numbers(image), key="digits-numbers", height=690, alt=_("One digit as 784 numbers"))
