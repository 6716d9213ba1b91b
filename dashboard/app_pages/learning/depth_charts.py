"""The gradient at each layer before training."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.choices.initializers import INITIALIZERS
from core.settings import MAXIMUM_DEPTH
from dashboard.language import _, names
from dashboard.look import style


def gradients(table: pd.DataFrame) -> go.Figure:
    """The gradient at each hidden layer against that at the last, a line for each initialiser."""
    chart = style.figure(x_title=_("hidden layer"), y_title=_("gradient, last layer = 1"))
    for code, rows in table.groupby("initializer", sort=False):
        line = style.choice_line(INITIALIZERS, str(code))
        share = rows["gradient"] / (rows["gradient"].iloc[-1] or 1.0)
        chart.add_scatter(
            x=rows["layer"],
            y=share.where(share > 0),  # a logarithmic axis has no 0
            name=names.initializer(str(code)),
            mode="lines+markers",
            line={"color": line.color, "dash": line.dash, "width": 2.5},
            marker={"size": 4},
            hovertemplate="%{y:.2g}",
        )
    chart.update_xaxes(range=[0.5, MAXIMUM_DEPTH + 0.5])
    chart.update_yaxes(type="log", range=[-18, 3], dtick=3, exponentformat="power")
    return chart.update_layout(hovermode="x", margin_t=style.BUTTONS)
