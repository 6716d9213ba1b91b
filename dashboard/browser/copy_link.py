"""The button at the top that copies the link to what is on the screen: page, experiment and run."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.language import _

_FILES = Path(__file__).parent
_component = st.components.v2.component(
    "copy_link",
    css=(_FILES / "copy_link.css").read_text(encoding="utf-8"),
    js=(_FILES / "copy_link.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # it stands in the page's header
)


def show() -> None:
    """Offer the link; the browser knows it, so nothing is asked of the server."""
    _component(
        key="copy-link",
        data={
            "label": _("Copy the link to this page with its experiment"),
            "copied": _("Link copied"),
            "failed": _("Copy it from the address bar, please"),
        },
        height=0,
    )
