"""The sidebar on a phone, where it lies over the page: it goes away once a page was chosen in it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "drawer", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def close_drawer(address: str) -> None:
    """Close the drawer when the page at ``address`` is another one than before, or was just loaded."""
    _component(key="drawer", data={"address": address}, height=0)
