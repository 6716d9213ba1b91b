"""A learner's network in each of Keras' file formats, opened as a tree."""

from __future__ import annotations

import streamlit as st

from core.export.files import MODEL_FORMATS, model_tree
from core.export.trees import Branch
from dashboard.frame import resources, session
from dashboard.frame.choosing import one_of
from dashboard.frame.sharing import shared
from dashboard.language import _
from dashboard.reading import readers
from dashboard.reading.readers import Reader

PATIENCE = 120.0
DEEPEST = 8
_ASKED = "keras-files"
_NAMES = {"keras": ".keras", "saved-model": "SavedModel", "hdf5": "HDF5", "json": "JSON"}


def show() -> None:
    """Choose a format and how deep to open it."""
    st.markdown(
        _("A trained network, saved in each format and opened. Move the slider to look deeper into it.")
    )
    file_format = one_of(
        _("Format"),
        list(MODEL_FORMATS),
        default="keras",
        format_func=_NAMES.__getitem__,
        key="keras-format",
        persist_state="session",
    )
    place = st.container()
    chosen = readers.choose("keras-files", most=1)
    if not chosen:
        return
    with place:
        waiting = st.empty()
        if not session.kept(_ASKED):
            if not waiting.button(_("Save and open"), icon=":material/folder_open:", key="keras-open"):
                return
            session.keep(_ASKED, True)
        with waiting, st.spinner(_("A worker saves it …")):
            branches = _branches(chosen[0], file_format)
        waiting.empty()
        depth = st.slider(_("How deep"), 0, DEEPEST, 2, key="keras-depth", persist_state="session")
        st.code(drawn(branches, depth), language=None, height=360)


@shared(
    16,
    size=lambda branches: sum(200 + len(branch.name) + len(branch.value) for branch in branches),
    key=lambda reader, file_format: (reader.key, file_format),
)
def _branches(reader: Reader, file_format: str) -> list[Branch]:
    return resources.compute(
        model_tree,
        reader.settings,
        reader.network.weights,
        reader.network.normalization,
        file_format,
        timeout=PATIENCE,
    )


def drawn(branches: list[Branch], depth: int) -> str:
    """The tree down to this depth, a line for each branch."""
    return "\n".join(_line(branch) for branch in branches if branch.depth <= depth)


def _line(branch: Branch) -> str:
    name = "    " * branch.depth + branch.name
    match branch.kind:
        case "file":
            return f"{name}  {branch.size:,} B"
        case "group":
            return f"{name}/"
        case "array":
            return f"{name}  {branch.value}"
    return f"{name} = {branch.value}"
