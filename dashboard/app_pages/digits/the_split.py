"""How many images each part has, and of which digits."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.dataset.gallery import PART_NAMES, Gallery
from core.settings import TRAINING_IMAGES, DataSettings
from dashboard.app_pages.digits import charts
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.language import _
from dashboard.look import style
from dashboard.reading import seal
from dashboard.runs.joining import what_joins

FEW = 1_000
"""With fewer validation images, luck decides between two good networks."""


def show(gallery: Gallery, data: DataSettings) -> None:
    """The sizes of the parts, what they are for, and how often each digit occurs in them."""
    _sizes(gallery, data)
    what_joins(data)
    st.caption(
        _(
            "The network learns from the training images. The validation images tell, while you choose "
            "settings, how well it does on images it has not learnt from. The test images stay sealed until "
            "you have chosen."
        )
    )
    _warn_of_few(data.validation)
    st.header(_("How often each digit occurs"), anchor=False)
    share = st.toggle(_("As a share of the part"), True, key="digits-share", persist_state="session")
    live_chart(
        drawn(charts.counts, _open_counts(gallery), share=share),
        key="digits-counts",
        height=320,
        alt=_("Counts per digit"),
    )
    if not seal.is_broken():
        st.caption(
            _("Which digits the test part holds is sealed with it, until you open it on the page Test.")
        )


def _open_counts(gallery: Gallery) -> pd.DataFrame:
    """How often each digit occurs, without the test part while it is sealed: counts give labels away."""
    table = gallery.counts()
    return table if seal.is_broken() else table[table["part"] != "test"]


def _sizes(gallery: Gallery, data: DataSettings) -> None:
    sizes = {name: len(gallery.part(name)) for name in PART_NAMES}
    unused = TRAINING_IMAGES - data.train - data.validation
    sizes |= {"unused": unused} if unused else {}
    live_chart(
        drawn(charts.parts, sizes),
        key="digits-parts",
        height=style.rows_height(len(sizes), row=44, frame=60),
        alt=_("Sizes of the parts"),
    )
    terms = " + ".join(f"{size:,}" for size in sizes.values())
    st.markdown(f"{terms} = **{sum(sizes.values()):,}**")


def _warn_of_few(validation: int) -> None:
    if validation < FEW:
        st.warning(
            _(
                "With {count} validation images, one image is {share:.1%} of the accuracy: a small "
                "difference between two networks may be luck. Take {few:,} or more."
            ).format(count=validation, share=1 / validation, few=FEW),
            icon=":material/warning:",
        )
