"""Components of the lab's own that are shown much: how their data travels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st


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
