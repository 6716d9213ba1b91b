"""Beside the curve: the digits that the run is asked at every recorded point, and what it answers."""

from __future__ import annotations

import streamlit as st

from core.runs.run import Run
from dashboard.browser.witness_tiles import witness_tiles
from dashboard.frame import resources
from dashboard.language import _


def show(run: Run) -> None:
    """The digits with the answers, and how they were chosen."""
    images, labels = resources.witnesses(run.settings.data)
    st.markdown(
        _("**{count} validation digits**").format(count=len(labels)),
        help=_(
            "The network is asked these digits at every point of its curve, and learns nothing from them: "
            "the first two of each digit in the validation part, and four that look least like theirs. "
            "Below each stand its answer and how sure it is. What it reads wrong is framed, and the corner "
            "says which digit it is."
        ),
    )
    witness_tiles(run.id, images, labels, key="witness-tiles")
