"""What the class's own drawings add to the training images."""

from __future__ import annotations

import streamlit as st

from core.settings import DataSettings
from dashboard.frame import resources
from dashboard.language import ngettext


def what_joins(data: DataSettings) -> None:
    """Say what the class's drawings add to the training part shown here, if the experiment wants them."""
    if data.handwriting:
        st.caption(
            ngettext(
                "When a run starts, {count} drawing of our class joins the training images. It is not shown "
                "here.",
                "When a run starts, {count} drawings of our class join the training images. They are not "
                "shown here.",
                len(resources.store().drawings.all()),
            )
        )
