"""One import makes tf.keras code of keras code, and back: a program is run with either."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.theory.keras_today import IMPORTS, Ran, program, run_program
from core.theory.own_process import PATIENCE
from dashboard.frame import resources, session
from dashboard.frame.choosing import one_of
from dashboard.frame.sharing import shared
from dashboard.language import _

_ASKED = "keras-import"


def show() -> None:
    """The program, which line to begin it with, and what both came to."""
    st.markdown(
        _(
            "A program with a layer of its own, maxout. Choose how it begins: nothing else changes. Then "
            "run it."
        )
    )
    code = one_of(
        _("First line"),
        list(IMPORTS),
        default="keras",
        format_func=IMPORTS.__getitem__,
        key="keras-line",
        persist_state="session",
    )
    st.code(program(code), language="python", height=260)
    if st.button(_("Run it as it stands"), icon=":material/play_arrow:", key="keras-run"):
        session.keep(_ASKED, {*session.kept(_ASKED, set()), code})
    ran = {}
    for asked in (each for each in IMPORTS if each in session.kept(_ASKED, set())):
        with st.spinner(_("A worker runs it in a process of its own …")):
            ran[asked] = _ran(asked)
    if ran:
        st.table(_table(ran), width="content")
    if len(ran) == len(IMPORTS):
        st.markdown(_verdict(*ran.values()))


@shared(1, size=lambda _ran: 500)
def _ran(code: str) -> Ran:
    return resources.compute(run_program, code, timeout=PATIENCE + 10)


def _table(ran: dict[str, Ran]) -> pd.DataFrame:
    columns = [_("First line"), _("Module"), _("Layer comes from"), _("Keras"), _("Loss")]
    rows = [
        (f"`{IMPORTS[code]}`", f"`{one.module}`", f"`{one.layer}`", one.version, f"{one.loss:.9f}")
        for code, one in ran.items()
    ]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def _verdict(one: Ran, other: Ran) -> str:
    if (one.loss, one.layer, one.version) == (other.loss, other.layer, other.version):
        return _(
            "The same layers, the same version, the same loss to the last place: one library, two names."
        )
    return _("They differ here: two libraries are installed.")
