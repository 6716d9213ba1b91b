"""A network as a picture: a block for each layer, as high as the layer is wide, joined by its weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, pairwise

import plotly.graph_objects as go

from core.architecture.plan import Layer, layers
from core.settings import DIGITS, PIXELS, NetworkSettings
from dashboard.language import _, names, ngettext
from dashboard.look import style

MOST_LABELS = 8
"""Hidden layers that get a label each; of more, equal neighbours share one."""
_HALF_BLOCK = 0.16  # of the distance between two blocks
_LABEL_Y = -0.62


@dataclass(frozen=True)
class Block:
    """One block of the picture, at ``x``; ``height`` is at most 1, ``parameters`` those of its weights."""

    x: int
    width: int
    parameters: int
    arithmetic: str

    @property
    def height(self) -> float:
        """The square root keeps ten units visible beside 784."""
        return max(math.sqrt(min(self.width / PIXELS, 1)), 0.05)


def schematic(network: NetworkSettings) -> go.Figure:
    """The whole network from left to right; skip connections as arcs above it."""
    plan = layers(network)
    blocks = _blocks(network, plan)
    chart = style.figure()
    for left, right in pairwise(blocks):
        chart.add_trace(_connections(left, right))
    for block in blocks:
        chart.add_trace(_block(block, len(blocks)))
    for start, end in _skips(plan):
        chart.add_shape(_arc(blocks[start], blocks[end]))
    for x, text in _labels(network):
        chart.add_annotation(x=x, y=_LABEL_Y, text=text, showarrow=False, yanchor="top", font={"size": 13})
    chart.update_xaxes(range=[-0.6, len(blocks) - 0.4], fixedrange=True)
    chart.update_yaxes(range=[-0.95, 0.85 if network.residual else 0.58], fixedrange=True)
    chart.update_layout(showlegend=False, margin={"l": 24, "r": 24, "t": 0, "b": 0}, hovermode="closest")
    chart.update_xaxes(visible=False).update_yaxes(visible=False)
    return chart


def _blocks(network: NetworkSettings, plan: tuple[Layer, ...]) -> list[Block]:
    dense = [layer for layer in plan if layer.kind in ("dense", "output")]
    widths = (*network.hidden, DIGITS)
    return [
        Block(0, PIXELS, 0, ""),
        *(
            Block(place, width, layer.parameters, layer.arithmetic)
            for place, (layer, width) in enumerate(zip(dense, widths, strict=True), start=1)
        ),
    ]


def _block(block: Block, count: int) -> go.Scatter:
    color = style.PART_COLORS["test"] if block.x == count - 1 else style.ACCENT
    color = style.NEUTRAL if block.x == 0 else color
    left, right, top = block.x - _HALF_BLOCK, block.x + _HALF_BLOCK, block.height / 2
    return go.Scatter(
        x=[left, right, right, left, left],
        y=[-top, -top, top, top, -top],
        fill="toself",
        mode="lines",
        fillcolor=color,
        line={"color": color, "width": 1},
        hoveron="fills",
        name="",
        text=ngettext("{count} unit", "{count} units", block.width),
        hoverinfo="text",
    )


def _connections(left: Block, right: Block) -> go.Scatter:
    start, end = left.x + _HALF_BLOCK, right.x - _HALF_BLOCK
    return go.Scatter(
        x=[start, end, end, start, start],
        y=[-left.height / 2, -right.height / 2, right.height / 2, left.height / 2, -left.height / 2],
        fill="toself",
        mode="lines",
        fillcolor=style.ACCENT,
        opacity=0.18,
        line={"width": 0},
        hoveron="fills",
        name="",
        text=_("weights and biases: {arithmetic}").format(arithmetic=right.arithmetic),
        hoverinfo="text",
    )


def _skips(plan: tuple[Layer, ...]) -> list[tuple[int, int]]:
    """From which block to which each skip connection goes."""
    return [(_place(layer.inputs[1]), _place(layer.name)) for layer in plan if layer.kind == "add"]


def _place(name: str) -> int:
    return 0 if name == "flatten" else int(name.rsplit("_", 1)[1])


def _arc(start: Block, end: Block) -> dict[str, object]:
    y = max(start.height, end.height) / 2 + 0.04
    return {
        "type": "path",
        "path": f"M {start.x},{y} Q {(start.x + end.x) / 2},{y + 0.4} {end.x},{y}",
        "line": {"color": style.PART_COLORS["validation"], "width": 2},
    }


def _labels(network: NetworkSettings) -> list[tuple[float, str]]:
    """Place and text under the blocks; many equal layers share one label."""
    found = [(0.0, _label(f"{PIXELS}", _("pixels")))]
    name = names.activation(network.activation)
    numbered = list(enumerate(network.hidden, start=1))
    runs = [[item] for item in numbered]
    if len(numbered) > MOST_LABELS:
        runs = [list(run) for _width, run in groupby(numbered, key=lambda item: item[1])]
    if len(runs) > MOST_LABELS:  # as many widths as layers: no room for words
        runs = []
        found.append(((1 + len(numbered)) / 2, _label(_("{count} layers").format(count=len(numbered)), name)))
    for run in runs:
        count = f"{len(run)} × " if len(run) > 1 else ""
        found.append(((run[0][0] + run[-1][0]) / 2, _label(f"{count}{run[0][1]}", name)))
    return [*found, (len(numbered) + 1.0, _label(f"{DIGITS}", "softmax"))]


def _label(head: str, text: str) -> str:
    return f"<b>{head}</b><br>{text}"
