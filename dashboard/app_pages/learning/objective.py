"""Why an objective: accuracy and loss against one weight of a trained network."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.theory.one_weight import Curve, OneWeight
from dashboard.app_pages.learning import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.language.joining import sentences
from dashboard.reading import readers

IMAGES = 300
"""Training images on which accuracy and loss are computed."""


@fragment
def show() -> None:
    """One weight to move; accuracy stands still or jumps, the loss follows."""
    st.markdown(
        _(
            "Training asks each weight: more or less? Move one. **Accuracy** stands still, then jumps; the "
            "**loss** tells a direction everywhere."
        )
    )
    place = st.container()
    chosen = readers.choose("learning-objective", most=1)
    if not chosen:
        return
    reader = chosen[0]
    train = resources.parts(reader.settings.data).train
    rows = np.arange(min(IMAGES, len(train)))
    one = OneWeight(reader.network, train.pick(rows), train.labels[rows], reader.settings.training.loss)
    with place:
        _draw(one, one.curve(), reader.key)
    st.caption(
        _(
            "How much input {unit} of the last layer counts for the {digit}; on {count} training images."
        ).format(unit=one.source + 1, digit=one.target, count=len(rows))
    )


def _draw(one: OneWeight, curve: Curve, key: str) -> None:
    picture = st.container()
    value = st.slider(
        _("The weight w"),
        float(curve.values[0]),
        float(curve.values[-1]),
        one.value,
        float(curve.values[1] - curve.values[0]),
        format="%.3f",
        key=f"learning-weight-{key}",
        persist_state="session",
    )
    loss, accuracy, slope = one.at(value)
    with picture:
        live_chart(
            charts.against_a_weight(curve, value, loss, accuracy),
            key="learning-objective-chart",
            height=420,
            alt=_("Accuracy and loss against one weight"),
        )
    low, high = curve.plateau(value)
    st.latex(rf"\frac{{\partial L}}{{\partial w}} = {slope:+.3g} \qquad w - \eta \cdot ({slope:+.3g})")
    st.markdown(
        sentences(
            _(
                "From w = {low:.3f} to {high:.3f} accuracy is the same, **{accuracy:.1%}**: slope 0, no "
                "direction."
            ).format(low=low, high=high, accuracy=accuracy),
            _direction(slope),
        )
    )


def _direction(slope: float) -> str:
    if slope == 0:
        return _("Here the loss has none either.")
    return _("The loss falls to the **left**.") if slope > 0 else _("The loss falls to the **right**.")
