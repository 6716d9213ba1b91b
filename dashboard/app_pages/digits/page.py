"""Digits: look at the data before anything is trained on it."""

import numpy as np
import streamlit as st

from core.dataset.gallery import PART_NAMES, Gallery
from core.settings import DIGITS, TRAINING_IMAGES, DataSettings
from dashboard.app_pages.digits import charts
from dashboard.app_pages.digits.picture_browser import picture_browser
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import page, resources, session
from dashboard.frame.tabs import tabs
from dashboard.language import _
from dashboard.runs.joining import what_joins

FEW = 1_000


def split(gallery: Gallery, data: DataSettings) -> None:
    """How many images each part has, and of which digits."""
    sizes = {name: len(gallery.part(name)) for name in PART_NAMES}
    unused = TRAINING_IMAGES - data.train - data.validation
    sizes |= {"unused": unused} if unused else {}
    live_chart(
        drawn(charts.parts, sizes),
        key="digits-parts",
        height=60 + 44 * len(sizes),
        alt=_("Sizes of the parts"),
    )
    terms = " + ".join(f"{size:,}" for size in sizes.values())
    st.markdown(f"{terms} = **{sum(sizes.values()):,}**")
    what_joins(data)
    st.caption(
        _(
            "The network learns from the training images. The validation images tell, while you choose "
            "settings, how well it does on images it has not learnt from. The test images stay sealed until "
            "you have chosen."
        )
    )
    if data.validation < FEW:
        st.warning(
            _(
                "With {count} validation images, one image is {share:.1%} of the accuracy: small differences "
                "between two networks are luck. Take {few:,} or more."
            ).format(count=data.validation, share=1 / data.validation, few=FEW),
            icon=":material/warning:",
        )
    st.subheader(_("How often each digit occurs"), anchor=False)
    share = st.toggle(_("As a share of the part"), True, key="digits-share", persist_state="session")
    live_chart(
        drawn(charts.counts, gallery.counts(), share=share),
        key="digits-counts",
        height=320,
        alt=_("Counts per digit"),
    )


def averages(gallery: Gallery) -> None:
    """The average digit, and where the pictures of a digit differ."""
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


def pixels(gallery: Gallery) -> None:
    """How often each pixel value occurs in the training images."""
    counts = gallery.pixel_counts["train"]
    log = st.toggle(_("Logarithmic axis"), True, key="digits-log", persist_state="session")
    live_chart(
        drawn(charts.pixel_histogram, counts, log=log),
        key="digits-pixels",
        height=380,
        alt=_("Histogram of pixels"),
    )
    st.markdown(
        _(
            "**{ground:.1%}** of the {total:,} pixels of the training images are 0, the empty ground; "
            "{ink:.1%} are 250 or more. What lies between is the soft edge of the strokes."
        ).format(
            ground=counts[0] / counts.sum(), total=int(counts.sum()), ink=counts[250:].sum() / counts.sum()
        )
    )


page.header(
    _("Digits"),
    _("70,000 handwritten digits, 28 × 28 pixels each. Know your data before you train on it."),
)
settings = session.settings().data
shown = resources.gallery(settings)
tabs(
    "digits-tab",
    {
        _("Pictures"): lambda: picture_browser(shown),
        _("The split"): lambda: split(shown, settings),
        _("Average digits"): lambda: averages(shown),
        _("Pixel values"): lambda: pixels(shown),
    },
)
