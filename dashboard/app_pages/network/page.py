"""Network: its layers, their arithmetic, a picture, and the same network in Keras."""

import streamlit as st

from core.architecture.plan import layer_table, parameter_count
from core.export.keras_source import keras_model_source, keras_source
from core.hints.before_training import cautions
from core.settings import Settings
from dashboard.app_pages.network import charts, wording
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import page, resources, session
from dashboard.frame.tabs import tabs
from dashboard.language import _, names


def layers(settings: Settings) -> None:
    """The picture, the total, what deserves a word, and the layers one by one."""
    network = settings.network
    live_chart(
        drawn(charts.schematic, network),
        key="network-picture",
        height=300,
        alt=_("The network's layers from left to right"),
    )
    table = layer_table(network)
    total, largest = parameter_count(network), table.loc[table["parameters"].idxmax()]
    left, right = st.columns([1, 2], vertical_alignment="center", gap="large")
    left.metric(_("Parameters"), f"{total:,}")
    right.markdown(
        _("**{share:.0%}** of them belong to the layer {name}: {arithmetic}.").format(
            share=largest["parameters"] / total, name=largest["name"], arithmetic=largest["arithmetic"]
        )
    )
    for found in cautions(network, resources.first_signal(settings)):
        st.info(wording.caution(found), icon=":material/lightbulb:")
    st.dataframe(
        {
            _("layer"): table["name"],
            _("kind"): [kind(row.kind, row.activation) for row in table.itertuples()],
            _("outputs"): table["width"],
            _("parameters"): [row.arithmetic or "–" for row in table.itertuples()],
        },
        hide_index=True,
        height="content" if len(table) < 15 else 420,
    )
    st.caption(
        _(
            "A dense layer has one weight for each pair of input and output, and one bias for each output: "
            "inputs × outputs + outputs. The table is what Keras' model.summary() counts."
        )
    )
    if network.batch_normalization:
        st.caption(
            _(
                "Batch normalisation keeps four numbers a unit: it learns a scale and a shift, and follows "
                "the mean and the variance of what passes."
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
        "add": _("adds a skip connection"),
        "output": _("dense, softmax: ten probabilities"),
    }
    return words[code].format(activation=names.activation(activation) if activation else "")


def source(settings: Settings) -> None:
    """The same network, or the whole experiment, as Python to copy."""
    whole = st.toggle(
        _("The whole experiment: data, training, test"), key="network-whole", persist_state="session"
    )
    st.code(keras_source(settings) if whole else keras_model_source(settings.network), language="python")
    st.caption(_("Copy it with the button in its corner. It runs anywhere Keras is installed."))


page.header(_("Network"), _("784 pixels go in, ten probabilities come out. This is what stands between."))
experiment = session.settings()
tabs(
    "network-tab",
    {
        _("Layers"): lambda: layers(experiment),
        _("As Keras code"): lambda: source(experiment),
    },
)
