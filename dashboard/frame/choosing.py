"""A choice that is always made, whatever a browser sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

Option = TypeVar("Option")


def one_of(label: str, options: Sequence[Option], *, default: Option, **look: Any) -> Option:
    """A segmented control in which one option is always chosen.

    A browser of ours cannot take the choice back; a message that does so chooses the default.

    Args:
        look: what else ``st.segmented_control`` takes.
    """
    chosen = st.segmented_control(label, options, default=default, required=True, **look)
    return default if chosen is None else chosen
