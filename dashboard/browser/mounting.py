"""Components of the lab's own that are shown much: how their data travels, and how they fetch modules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

_FETCHING = Path(__file__).with_name("fetching.js").read_text(encoding="utf-8")


def component(name: str, **source: Any) -> Callable[..., Any]:
    """Register a component, as ``st.components.v2.component`` does, and return what shows it.

    Streamlit asks of each list and each dictionary among its data whether that is a table of one of twenty
    kinds, which took about a quarter of all the time that a page's components took. A list it hands on as it
    is. So the data are the only element of one, and JavaScript finds them in ``data[0]``.

    Args:
        source: what else ``st.components.v2.component`` takes.
    """
    mount = st.components.v2.component(name, **source)

    def show(*, data: Mapping[str, Any], **options: Any) -> Any:
        return mount(data=[data], **options)

    return show


def fetching(script: str) -> str:
    """A component's JavaScript with what ``fetching.js`` can before it: one text cannot import another.

    Args:
        script: it calls ``load(address)`` for a module of the lab's server, or ``follow(node, link, ids,
            listener)`` to hear of runs (``run_stream.js``).

    Lines that only comment are left out: Streamlit sends the script with each change of the data.
    """
    return re.sub(r"^ *//.*\n", "", _FETCHING + script, flags=re.MULTILINE)
