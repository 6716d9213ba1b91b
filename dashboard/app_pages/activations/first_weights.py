"""Where the first weights of a network come from, and what signal they let through."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.architecture import first_weights
from core.architecture.first_weights import initializer_for
from core.choices.activations import ACTIVATIONS
from core.choices.initializers import INITIALIZERS
from core.settings import Settings
from dashboard.app_pages.activations import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources
from dashboard.language import _, names, translated
from dashboard.language.joining import bold

FINEST = 1e-7
"""Smaller differences are lost in the seven digits of a 32-bit number."""


def show(settings: Settings) -> None:
    """Where the first weights of this network come from, and what signal they let through."""
    network = settings.network
    activation, chosen = ACTIVATIONS[network.activation], initializer_for(network)
    if not network.hidden:
        page.empty(_("This network has no hidden layer. Choose some in the sidebar to see their signal."))
    else:
        st.markdown(
            _(
                "Hidden layers start with **{chosen}**. Usual for {activation} is **{usual}**. {reason}"
            ).format(
                chosen=names.initializer(chosen),
                activation=names.activation(activation.code),
                usual=names.initializer(activation.initializer),
                reason=translated(activation.initializer_reason),
            )
        )
        _measures(resources.first_signal(settings), chosen)
        st.caption(
            _(
                "Strength is the size of a layer's outputs: the root of their mean square. Difference is the "
                "same of what tells an image's outputs from their mean over all images: without it, no later "
                "layer can tell images apart. The gradient is how the loss changes with these outputs."
            )
        )
    if network.batch_normalization:
        st.caption(
            _(
                "These numbers have batch normalisation in them as in a training step: it brings each "
                "layer's sums to mean 0 and variance 1, so that the spread of first weights matters little."
            )
        )
    with st.expander(_("The numbers of each layer"), icon=":material/table:"):
        _formulas()
        _numbers(first_weights.initial_weights(network))


def _measures(table: pd.DataFrame, chosen: str) -> None:
    """Strength, difference and gradient from layer to layer, and what they come to."""
    titles = {
        "strength": _("Strength of the signal"),
        "difference": _("Difference between images"),
        "gradient": _("Gradient on its way back"),
    }
    places = [*st.columns(2, gap="large"), *st.columns(2, gap="large")]
    for place, (measure, title) in zip(places, titles.items(), strict=False):
        with place:
            live_chart(
                charts.first_weights(table, measure, title, chosen),
                key=f"activations-{measure}",
                height=340,
                alt=title,
            )
    own = table[table["initializer"] == chosen]
    with places[-1]:
        st.markdown(_strength(own["strength"].to_numpy()))
        st.markdown(_difference(own["difference"].to_numpy()))
        st.markdown(_gradient(own["gradient"].to_numpy()))


def _formulas() -> None:
    """How widely each initialiser spreads its weights, whatever the widths of a layer."""
    for column, row in zip(st.columns(len(INITIALIZERS)), INITIALIZERS.values(), strict=True):
        column.markdown(bold(names.initializer(row.code)))
        column.latex(row.variance_latex)


def _numbers(plans: list[first_weights.InitialWeights]) -> None:
    st.table(
        pd.DataFrame(
            {
                _("layer"): [plan.layer for plan in plans],
                _("initialiser"): [names.initializer(plan.initializer) for plan in plans],
                _("spread, with this layer's widths"): [plan.arithmetic for plan in plans],
                _("standard deviation"): [f"{plan.standard_deviation:.4f}" for plan in plans],
            }
        ),
        hide_index=True,
    )
    st.caption(
        _(
            "Glorot draws evenly between − and + its limit. He and LeCun draw from a bell curve with "
            "this standard deviation. Biases start at 0. The output layer always starts with Glorot."
        )
    )


def _strength(strengths: np.ndarray) -> str:
    """First against last hidden layer, in words."""
    first, end = strengths[0], strengths[-1]
    if len(strengths) == 1:
        sentence = _("Before training, {count} training images leave the layer with strength {first:.2g}.")
    elif not end:
        sentence = _(
            "Before training, nothing of {count} training images comes through to layer {last}: all 0."
        )
    elif end < first:
        sentence = _(
            "Before training, {count} training images leave layer 1 with strength {first:.2g} and layer "
            "{last} with {end:.2g}: **{times:,.3g} times weaker**."
        )
    else:
        sentence = _(
            "Before training, {count} training images leave layer 1 with strength {first:.2g} and layer "
            "{last} with {end:.2g}: **{times:,.3g} times stronger**."
        )
    times = max(first, end) / (min(first, end) or 1)
    return sentence.format(
        count=resources.FIRST_BATCH, first=first, last=len(strengths), end=end, times=times
    )


def _difference(differences: np.ndarray) -> str:
    """What distinguishes one image from another after the first and after the last hidden layer."""
    first, end = (
        _("less than 0.0000001") if value < FINEST else f"{value:.2g}" for value in differences[[0, -1]]
    )
    return _(
        "From image to image these outputs differ by {first} after the first layer, {end} after the last."
    ).format(first=first, end=end)


def _gradient(gradients: np.ndarray) -> str:
    """What is left at the first hidden layer of the gradient at the last one."""
    first, end = gradients[0], gradients[-1]
    if len(gradients) == 1:
        return _("There is one hidden layer: no layer between it and the output can weaken its gradient.")
    if not first or not end:
        return _("On the way back, no gradient reaches layer 1: it cannot learn.")
    template = (
        _("On the way back, the gradient at layer 1 is **{times:,.3g} times weaker** than at layer {last}.")
        if first < end
        else _(
            "On the way back, the gradient at layer 1 is **{times:,.3g} times stronger** than at layer "
            "{last}."
        )
    )
    return template.format(times=max(first, end) / min(first, end), last=len(gradients))
