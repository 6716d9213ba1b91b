"""Normalisation: what happens to the pixel values before a network sees them."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.dataset.gallery import Gallery
from core.dataset.normalization import Normalization
from core.settings import NORMALIZATIONS
from dashboard.app_pages.normalization import charts
from dashboard.app_pages.normalization.notes import folded_notes, mean_and_variance
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.frame.tabs import tabs
from dashboard.language import _, names
from dashboard.language.joining import bold
from dashboard.runs.joining import what_joins

SYMBOLS = {
    "min-max": r"x' = \frac{x - \min}{\max - \min} =",
    "z-score": r"x' = \frac{x - \mu}{\sigma} =",
}
NUMBERS = {
    "none": "x",
    "min-max": r"\frac{{x - {minimum:g}}}{{{maximum:g} - {minimum:g}}}",
    "z-score": r"\frac{{x - {mean:.4f}}}{{{standard_deviation:.4f}}}",
}
STRUT = r"\rule[-1em]{0pt}{2.6em}"  # one height for all formulas, and room above a fraction


def with_numbers(normalization: Normalization) -> str:
    """The right side of the method's formula with this split's numbers, as LaTeX."""
    return NUMBERS[normalization.method].format(**vars(normalization.fitted))


@fragment
def before_and_after(chosen: Normalization, gallery: Gallery) -> None:
    """The chosen method: its numbers, its formula, one pixel through it, all pixels through it."""
    fitted = chosen.fitted
    values = {
        _("Mean μ"): f"{fitted.mean:.4f}",
        _("Standard deviation σ"): f"{fitted.standard_deviation:.4f}",
        _("Smallest"): f"{fitted.minimum:g}",
        _("Largest"): f"{fitted.maximum:g}",
    }
    for column, (label, value) in zip(st.columns(4), values.items(), strict=True):
        column.metric(label, value)
    st.caption(
        _(
            "Fitted on the {count:,} training images only. Validation, test and drawings get the same "
            "numbers."
        ).format(count=chosen.images)
    )
    if chosen.method != "none":
        st.latex(f"{STRUT} {SYMBOLS[chosen.method]} {with_numbers(chosen)}")
    left, right = st.columns([2, 1], vertical_alignment="center", gap="large")
    x = left.slider(_("A pixel value x"), 0, 255, 128, key="normalization-x", persist_state="session")
    right.latex(f"{x} \\;\\to\\; {chosen.table[x]:.4f}")
    live_chart(
        drawn(charts.before_and_after, gallery.pixel_counts["train"], chosen),
        key="normalization-histogram",
        height=340,
        alt=_("Histogram of the pixel values before and after normalisation"),
    )
    st.caption(_("The shape stays the same. Only where it lies and how wide it is changes."))


@fragment
def side_by_side(all_three: list[Normalization], chosen: str, gallery: Gallery) -> None:
    """The same digit under each method."""
    place = session.kept("normalization-picture", 0) % len(gallery.parts.train)
    image = gallery.parts.train.pick(np.array([place]))[0]
    for column, normalization in zip(st.columns(3), all_three, strict=True):
        with column.container(border=True, height="stretch"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(bold(names.normalization(normalization.method)), width="content")
                if normalization.method == chosen:
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
    st.button(
        _("Another digit"),
        icon=":material/refresh:",
        on_click=session.keep,
        args=("normalization-picture", place + 1),
    )


page.header(
    _("Normalisation"),
    _("Pixels come as 0 to 255. A network learns better from small numbers around 0."),
)
data = session.settings().data
shown = resources.gallery(data)
fits = {method: resources.normalization(replace(data, normalization=method)) for method in NORMALIZATIONS}
tabs(
    "normalization-tab",
    {
        _("Before and after"): lambda: before_and_after(fits[data.normalization], shown),
        _("Side by side"): lambda: side_by_side(list(fits.values()), data.normalization, shown),
        _("Mean 0, variance 1"): lambda: mean_and_variance(fits["z-score"], shown),
    },
)
what_joins(data)
st.space("small")
folded_notes(shown, fits["z-score"])
