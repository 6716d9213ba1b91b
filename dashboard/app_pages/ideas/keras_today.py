"""What Keras and tf.keras are today, each part to be run here."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

import streamlit as st

from dashboard.app_pages.ideas import file_trees, one_import, same_steps, then_and_now
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import fragment
from dashboard.language import _


@fragment
def show() -> None:
    """Keras in three sentences, and what can be seen of it here."""
    st.markdown(
        _(
            "**Keras** puts networks together from layers: a list of them, or, where some are skipped, a "
            "graph. A backend does the arithmetic: TensorFlow, JAX or PyTorch. **tf.keras** is the same "
            "Keras, reached through TensorFlow. Here: Keras {keras} on TensorFlow {tensorflow}."
        ).format(keras=version("keras"), tensorflow=version("tensorflow"))
    )
    views: dict[str, tuple[str, Callable[[], None]]] = {
        "steps": (_("The same steps, six ways"), same_steps.show),
        "import": (_("One import"), one_import.show),
        "files": (_("Files, opened"), file_trees.show),
        "report": (_("Then and now"), then_and_now.show),
    }
    view = one_of(
        _("See for yourself"),
        list(views),
        default="steps",
        format_func=lambda code: views[code][0],
        key="keras-view",
        persist_state="session",
    )
    views[view][1]()
