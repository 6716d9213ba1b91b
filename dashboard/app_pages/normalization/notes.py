"""What is often said wrong about normalisation, with this split's own figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.dataset.gallery import PART_NAMES, Gallery
from core.dataset.normalization import Normalization, PixelNumbers, pixel_numbers
from core.settings import PIXELS
from dashboard.language import _, names


def mean_and_variance(z_score: Normalization, gallery: Gallery) -> None:
    """Mean 0 and variance 1, and where they are not exact."""
    st.markdown(
        _(
            "Some texts, and the lab report this lab grew from, say that normalising gives “variance 0 and "
            "mean 1”. It is the other way round: **mean 0, variance 1**. A variance of 0 would mean that all "
            "pixels are alike."
        )
    )
    rows = []
    for name in PART_NAMES:
        after = z_score.rescale(pixel_numbers(gallery.pixel_counts[name]))
        row = {
            _("Part"): names.part(name),
            _("images"): f"{len(gallery.part(name)):,}",
            _("mean after z-score"): f"{after.mean:z.4f}",
            _("variance after z-score"): f"{after.standard_deviation**2:.4f}",
        }
        rows.append(row)
    st.table(pd.DataFrame(rows), hide_index=True)
    st.caption(
        _(
            "Exact on the training part, where it was fitted; near on the others, because they took no part. "
            "If they did, the network would know something about the images it is judged on."
        )
    )


def folded_notes(gallery: Gallery, z_score: Normalization) -> None:
    """Two folded notes."""
    with st.expander(_("Why does it matter?"), icon=":material/help:"):
        st.markdown(
            _(
                "The first layer multiplies every pixel by a weight, so a weight's gradient is multiplied by "
                "its pixel. Pixels up to {maximum:g} are on average {times:.0f} times stronger than after "
                "z-score: a learning rate that is right for one is far too large for the other. Values "
                "around 0 also let weights grow in both directions from the first step. Try it: train with "
                "None and with Z-score, all else equal."
            ).format(
                maximum=z_score.fitted.maximum,
                times=_strength(z_score.fitted) / (_strength(z_score.describe()) or 1),
            )
        )
    with st.expander(_("Why not each pixel on its own?"), icon=":material/help:"):
        st.markdown(
            _(
                "**{count}** of the {pixels} pixels have the same value in all {images:,} training images of "
                "this split. Their standard deviation is 0, and dividing by it gives no number. One mean and "
                "one standard deviation for all pixels avoid that, and keep the picture a picture."
            ).format(count=gallery.constant_pixels, pixels=PIXELS, images=len(gallery.parts.train))
        )


def _strength(numbers: PixelNumbers) -> float:
    """Root mean square of pixels with these numbers."""
    return float((numbers.mean**2 + numbers.standard_deviation**2) ** 0.5)
