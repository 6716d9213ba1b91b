"""The browser's Back: one press undoes one change."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "history", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def one_entry_a_change() -> None:
    """Let the browser's history hold one address for each change of page or experiment."""
    _component(key="history", data={}, height=0)
