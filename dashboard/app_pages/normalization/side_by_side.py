"""The same digit under each normalisation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.dataset.gallery import Gallery
from core.dataset.normalization import Normalization
from dashboard.app_pages.normalization import charts
from dashboard.app_pages.normalization.formulas import STRUT, with_numbers
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import session
from dashboard.frame.fragments import fragment
from dashboard.language import _, names
from dashboard.language.joining import bold

KEY = "normalization-picture"


@fragment
def show(all_three: Sequence[Normalization], chosen: str, gallery: Gallery) -> None:
    """A column for each method, and a button that turns to the next digit."""
    place = session.kept(KEY, 0) % len(gallery.parts.train)
    image = gallery.parts.train.pick(np.array([place]))[0]
    for column, normalization in zip(st.columns(3), all_three, strict=True):
        with column.container(border=True, height="stretch"):
            _method(normalization, image, is_chosen=normalization.method == chosen)
    st.button(_("Another digit"), icon=":material/refresh:", on_click=session.keep, args=(KEY, place + 1))


def _method(normalization: Normalization, image: NDArray[np.uint8], *, is_chosen: bool) -> None:
    """One method: its name, its formula, the digit (28, 28), mean and variance of all pixels."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(bold(names.normalization(normalization.method)), width="content")
        if is_chosen:
            st.badge(_("chosen"), icon=":material/check:")
    st.latex(f"{STRUT} x' = {with_numbers(normalization)}")
    live_chart(
        drawn(charts.digit, normalization.transform(image), normalization),
        key=f"normalization-digit-{normalization.method}",
        height=230,
        alt=_("One digit after normalisation"),
    )
    numbers = normalization.describe()
    st.markdown(
        _("mean {mean}, variance {variance}").format(
            mean=f"{numbers.mean:z.4g}", variance=f"{numbers.standard_deviation**2:.4g}"
        )
    )
