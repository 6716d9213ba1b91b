"""What luck makes of an experiment: a dot for each seed."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.language import _
from dashboard.language.foreign import in_chart
from dashboard.look import style


def spreads(rows: Sequence[tuple[str, style.Line, Sequence[float]]]) -> go.Figure:
    """What luck made of each experiment: a dot for each seed, a bar from the lowest to the highest, the mean.

    Args:
        rows: name, line, accuracies; the first one on top.
    """
    chart = style.figure("", _("Validation accuracy"))
    for foreign, line, values in rows:
        name = in_chart(foreign)
        mean = sum(values) / len(values)
        band = {"color": style.faded(line.color, 0.22), "width": 18}
        chart.add_scatter(
            x=[min(values), max(values)], y=[name, name], mode="lines", line=band, hoverinfo="skip"
        )
        chart.add_scatter(
            x=list(values),
            y=[name] * len(values),
            mode="markers",
            marker={"color": line.color, "size": 9},
            hovertemplate="%{x:.2%}<extra></extra>",
        )
        chart.add_scatter(
            x=[mean],
            y=[name],
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 24, "color": line.color, "line": {"width": 3}},
            hovertemplate=style.hover(_("mean {value}").format(value="%{x:.2%}")),
        )
    chart.update_xaxes(tickformat=".1%", fixedrange=True)
    chart.update_yaxes(
        autorange="reversed", type="category", fixedrange=True, automargin=True, ticklabelstandoff=8
    )
    return chart.update_layout(showlegend=False, margin={"l": 12, "r": 24, "t": 8, "b": 48})
