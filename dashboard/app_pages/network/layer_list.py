"""A network's layers: the picture, the total, what deserves a word, and each layer's arithmetic."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.architecture.plan import layer_table, parameter_count
from core.hints.before_training import cautions
from core.settings import Settings
from dashboard.app_pages.network import charts
from dashboard.app_pages.network.cautions import sentence
from dashboard.browser import chart_words
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import resources
from dashboard.language import _, names

MOST_ROWS = 14
"""A longer table scrolls, within so many pixels:"""
SCROLLED = 420


def show(settings: Settings) -> None:
    """All of it, from the glance to the detail."""
    network = settings.network
    table = layer_table(network)
    live_chart(
        drawn(charts.schematic, network),
        key="network-picture",
        height=300,
        alt=_("The network's layers from left to right"),
        told=chart_words.pairs(zip(table["name"], table["width"], strict=True)),
    )
    _totals(table, parameter_count(network))
    for caution in cautions(network, resources.first_signal(settings)):
        st.info(sentence(caution), icon=":material/lightbulb:")
    _table(table)
    if network.batch_normalization:
        st.caption(
            _(
                "Batch normalisation keeps four numbers a unit: it learns a scale and a shift, and follows "
                "the mean and the variance of what passes."
            )
        )


def _totals(table: pd.DataFrame, total: int) -> None:
    largest = table.iloc[int(table["parameters"].to_numpy().argmax())]
    left, right = st.columns([1, 2], vertical_alignment="center", gap="large")
    left.metric(_("Parameters"), f"{total:,}")
    right.markdown(
        _("**{share:.0%}** of them belong to the layer {name}: {arithmetic}.").format(
            share=largest["parameters"] / total, name=largest["name"], arithmetic=largest["arithmetic"]
        )
    )


def _table(table: pd.DataFrame) -> None:
    kinds = zip(table["kind"], table["activation"], strict=True)
    st.table(
        {
            _("layer"): table["name"],
            _("kind"): [kind(code, activation) for code, activation in kinds],
            _("outputs"): table["width"],
            _("parameters"): [arithmetic or "–" for arithmetic in table["arithmetic"]],
        },
        hide_index=True,
        height="content" if len(table) <= MOST_ROWS else SCROLLED,
    )
    st.caption(
        _(
            "A dense layer has one weight for each pair of input and output, and one bias for each output: "
            "inputs × outputs + outputs. The table is what Keras' model.summary() counts."
        )
    )


def kind(code: str, activation: str) -> str:
    """What a layer does, in words."""
    words = {
        "flatten": _("28 × 28 pixels in one row"),
        "dense": _("dense, {activation}") if activation else _("dense"),
        "batch-normalization": _("batch normalisation"),
        "activation": _("activation, {activation}"),
        "maxout": _("larger of each pair"),
        "dropout": _("leaves out a share while training"),
        "add": _("adds a skip connection"),
        "output": _("dense, softmax: ten probabilities"),
    }
    is_named = activation and code in ("dense", "activation")  # the output names its softmax itself
    return words[code].format(activation=names.activation(activation) if is_named else "")
