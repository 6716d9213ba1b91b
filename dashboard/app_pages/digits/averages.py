"""The average digit, and where the pictures of a digit differ."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.dataset.gallery import Gallery
from core.settings import DIGITS
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.language import _


def show(gallery: Gallery) -> None:
    """Mean and spread of each digit's pixels, and what they alone can answer."""
    digits = [str(digit) for digit in range(DIGITS)]
    st.markdown(_("**The average digit**: each pixel is the mean over all training images of that digit."))
    digit_tiles(gallery.averages.round().astype(np.uint8), digits, key="digits-averages", one_row=True)
    st.markdown(
        _(
            "**Where they differ**: the standard deviation of each pixel. Bright pixels vary most from hand "
            "to hand."
        )
    )
    spreads = gallery.spreads * (255 / max(gallery.spreads.max(), 1))
    digit_tiles(spreads.round().astype(np.uint8), digits, key="digits-spreads", one_row=True)
    st.info(
        _(
            "No network yet: to answer with the nearest average digit is already right for "
            "**{share:.1%}** of the validation images. This is what a network has to beat."
        ).format(share=gallery.nearest_average_accuracy("validation")),
        icon=":material/lightbulb:",
    )
