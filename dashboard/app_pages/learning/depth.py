"""Depth: what dozens of layers leave of the gradient before any training, and a network as deep to try."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.choices.initializers import INITIALIZERS
from core.settings import MAXIMUM_DEPTH
from core.theory.depth import WIDTH, left_at_the_first, network, passed_by_a_layer
from dashboard.app_pages.learning import depth_charts
from dashboard.app_pages.learning.formulas import number
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _, names
from dashboard.language.joining import sentences
from dashboard.runs import opening

SHOWN = "glorot"
"""Keras' default, whose arithmetic is written out."""


@fragment
def show() -> None:
    """A slider for the depth; what reaches each layer, computed and measured; and a way to train it."""
    st.markdown(
        _(
            "Dozens of layers, even a hundred: how deep do you want to go? The curves show what first "
            "weights leave of the gradient on its way back, **before** any training."
        )
    )
    depth = st.slider(
        _("Hidden layers of 100 units"), 2, MAXIMUM_DEPTH, 20, key="learning-depth", persist_state="session"
    )
    table = resources.first_signal(network(depth, SHOWN))
    live_chart(
        depth_charts.gradients(table),
        key="learning-depth-chart",
        height=360,
        alt=_("The gradient at each layer, for each way to draw first weights"),
    )
    factor, left = passed_by_a_layer(SHOWN), left_at_the_first(depth, SHOWN)
    st.latex(
        rf"\sqrt{{\tfrac{{1}}{{2}}\, n \operatorname{{Var}}(w)}} = \sqrt{{\tfrac{{{WIDTH}}}{{2}} \cdot "
        rf"{(INITIALIZERS[SHOWN].deviation(WIDTH, WIDTH)) ** 2:g}}} = {factor:.3f}"
    )
    st.latex(rf"{factor:.3f}^{{{depth - 1}}} = {number(left)}")
    st.markdown(_told(table, depth))
    _buttons(depth)


def _told(table: pd.DataFrame, depth: int) -> str:
    left = {str(code): _left(rows["gradient"]) for code, rows in table.groupby("initializer", sort=False)}
    best = max(left, key=lambda code: left[code])
    return sentences(
        _(
            "Drawn and measured, {name} leaves **{left:.2g}** of it at layer 1: so much shorter are the "
            "first steps there."
        ).format(name=names.initializer(SHOWN), left=left[SHOWN]),
        _("{name} leaves most, {left:.2g}.").format(name=names.initializer(best), left=left[best]),
    )


def _left(gradients: pd.Series) -> float:
    """The gradient at layer 1 against that at the last."""
    last = float(gradients.iloc[-1])
    return float(gradients.iloc[0]) / last if last else 0.0


def _buttons(depth: int) -> None:
    with st.container(horizontal=True):
        for code in (SHOWN, "he"):
            if st.button(
                _("Train it with {name}").format(name=names.initializer(code)),
                icon=":material/model_training:",
                key=f"learning-depth-{code}",
            ):
                settings = network(depth, code)
                session.change_settings(settings)
                opening.start(settings)
