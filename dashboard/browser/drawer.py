"""The sidebar on a phone, where it lies over the page: it goes away once something was opened from it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "drawer", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def close_drawer(opened: str) -> None:
    """Close the drawer when what is ``opened``, a page and its run, is another than before.

    One that is open while the page is loaded stays: it was opened by hand, for a phone's page begins without.
    """
    _component(key="drawer", data={"opened": opened}, height=0)
