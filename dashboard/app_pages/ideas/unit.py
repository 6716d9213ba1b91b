"""The forward computation: from the picture to the layer, to the unit, to one product, and back."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.app_pages.ideas import picture
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading import readers
from dashboard.reading.closer_look import layer_by_layer


@fragment
def show() -> None:
    """The explorer of Draw and Test, on a training picture."""
    st.markdown(
        _(
            "A unit adds up inputs times weights, and a bias; an activation bends the sum. Choose layer, "
            "unit, product; go back."
        )
    )
    chosen = readers.choose("ideas-unit", most=1)
    if not chosen:
        return
    image, label = picture.current()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        digit_tiles(image[np.newaxis], [str(label)], key="ideas-unit-picture", size=84)
        picture.next_button("ideas-unit-next")
    layer_by_layer(image, chosen[0])
