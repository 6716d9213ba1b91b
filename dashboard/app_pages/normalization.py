"""Normalisation: what happens to the pixel values before a network sees them."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.gallery import PART_NAMES, Gallery
from core.normalization import Normalization, pixel_numbers
from core.settings import NORMALIZATIONS, PIXELS
from dashboard import names, page, resources, session
from dashboard.charts import normalization as charts
from dashboard.components.live_chart import live_chart
from dashboard.components.tabs import tabs
from dashboard.language import _

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


@st.fragment
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
        _("Fitted on the {count:,} training images only. Validation, test and drawings get the same numbers.")
        .format(count=chosen.images)
    )  # fmt: skip
    if chosen.method != "none":
        st.latex(f"{STRUT} {SYMBOLS[chosen.method]} {with_numbers(chosen)}")
    left, right = st.columns([2, 1], vertical_alignment="center", gap="large")
    x = left.slider(_("A pixel value x"), 0, 255, 128, key="normalization-x", persist_state="session")
    right.latex(f"{x} \\;\\to\\; {chosen.table[x]:.4f}")
    live_chart(
        charts.before_and_after(gallery.pixel_counts["train"], chosen),
        key="normalization-histogram",
        height=340,
        alt=_("Histogram of the pixel values before and after normalisation"),
    )
    st.caption(_("The shape stays the same. Only where it lies and how wide it is changes."))


@st.fragment
def side_by_side(all_three: list[Normalization], chosen: str, gallery: Gallery) -> None:
    """The same digit under each method."""
    place = session.recall("normalization-picture", 0) % len(gallery.parts.train)
    image = gallery.parts.train.pick([place])[0]
    for column, normalization in zip(st.columns(3), all_three, strict=True):
        with column.container(border=True, height="stretch"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{names.normalization(normalization.method)}**", width="content")
                if normalization.method == chosen:
                    st.badge(_("chosen"), icon=":material/check:")
            st.latex(f"{STRUT} x' = {with_numbers(normalization)}")
            live_chart(
                charts.digit(normalization.transform(image), normalization),
                key=f"normalization-digit-{normalization.method}",
                height=260,
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


def mean_and_variance(z_score: Normalization, gallery: Gallery) -> None:
    """Mean 0 and variance 1, and where they are not exact."""
    st.markdown(
        _(
            "Some texts, and the lab report too, say that normalising gives “variance 0 and mean 1”. It is "
            "the other way round: **mean 0, variance 1**. A variance of 0 would mean that all pixels are "
            "alike."
        )
    )
    rows = {}
    for name in PART_NAMES:
        after = z_score.rescale(pixel_numbers(gallery.pixel_counts[name]))
        rows[names.part(name)] = {
            _("images"): f"{len(gallery.part(name)):,}",
            _("mean after z-score"): f"{after.mean:z.4f}",
            _("variance after z-score"): f"{after.standard_deviation**2:.4f}",
        }
    st.table(pd.DataFrame(rows).T)
    st.caption(
        _(
            "Exact on the training part, where it was fitted; near on the others, because they took no part. "
            "If they did, the network would know something about the images it is judged on."
        )
    )


def questions(gallery: Gallery, z_score: Normalization) -> None:
    """Two folded notes."""
    with st.expander(_("Why does it matter?"), icon=":material/help:"):
        st.markdown(
            _(
                "The first layer multiplies every pixel by a weight, so a weight's gradient is multiplied by "
                "its pixel. With values up to {maximum:g}, gradients are about {times:.0f} times larger than "
                "with z-score: a learning rate that is right for one is far too large for the other. Values "
                "around 0 also let weights grow in both directions from the first step. Try it: train with "
                "None and with Z-score, all else equal."
            ).format(maximum=z_score.fitted.maximum, times=rms(z_score) / rms_after(z_score))
        )
    with st.expander(_("Why not each pixel on its own?"), icon=":material/help:"):
        st.markdown(
            _(
                "**{count}** of the {pixels} pixels have the same value in all {images:,} training images of "
                "this split. Their standard deviation is 0, and dividing by it gives no number. One mean and "
                "one standard deviation for all pixels avoid that, and keep the picture a picture."
            ).format(count=gallery.constant_pixels, pixels=PIXELS, images=len(gallery.parts.train))
        )


def rms(normalization: Normalization) -> float:
    """Root mean square of the training pixels as they are."""
    return float((normalization.fitted.mean**2 + normalization.fitted.standard_deviation**2) ** 0.5)


def rms_after(normalization: Normalization) -> float:
    """Root mean square of the training pixels after scaling."""
    after = normalization.describe()
    return float((after.mean**2 + after.standard_deviation**2) ** 0.5)


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
st.space("small")
questions(shown, fits["z-score"])
