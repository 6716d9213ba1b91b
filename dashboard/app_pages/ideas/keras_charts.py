"""How long the same steps take."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.theory.keras_today import Way
from dashboard.language import _
from dashboard.look import style


def title(code: str) -> str:
    """What a way of ``core.network.same_steps`` is called."""
    return {
        "fit-arrays": _("fit(), arrays"),
        "fit-dataset": _("fit(), tf.data"),
        "eagerly": _("loop, eagerly"),
        "graph": _("loop, as a graph"),
        "compiled": _("compiled whole"),
        "replicas": _("tf.distribute, two replicas"),
    }[code]


def times(ways: Sequence[Way]) -> go.Figure:
    """A bar for each way: until its first step in grey, its steps in blue."""
    chart = style.figure(x_title=_("seconds"))
    names = [title(way.code) for way in ways]
    parts = (
        (_("until the first step"), [way.ready for way in ways], style.NEUTRAL),
        (_("300 steps"), [way.seconds for way in ways], style.ACCENT),
    )
    for name, seconds, color in parts:
        chart.add_bar(
            y=names,
            x=seconds,
            name=name,
            orientation="h",
            marker={"color": color},
            hovertemplate="%{x:.2f} s<extra></extra>",
        )
    chart.update_yaxes(autorange="reversed", automargin=True, showgrid=False)
    return chart.update_layout(barmode="stack", margin_t=style.BUTTONS)
