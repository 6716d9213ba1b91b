"""The gradient that reaches each layer of the sides of a duel, in one colour scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.hints import inside
from core.study.duel import Side
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import facts, sentences, unbold
from dashboard.runs import strip_charts, swatches
from dashboard.runs.identities import identity
from dashboard.runs.layer_words import speed_sentence


def grid(count: int) -> Iterator[DeltaGenerator]:
    """A place for each side, two in a row."""
    for _row in range(0, count, 2):
        yield from st.columns(2, gap="large")


def show(rivals: Sequence[Side], short: Sequence[str]) -> None:
    """The first run of each side under the microscope.

    Args:
        short: what each side is called.
    """
    first = [side.runs[0] for side in rivals]
    st.markdown(_("**The gradient that reaches each layer**, per weight, in one colour scale"))
    for number, (place, side) in enumerate(zip(grid(len(rivals)), rivals, strict=False)):
        with place:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                swatches.line(identity(first[number]).line)
                st.caption(_whose(side, short[number]))
            said = _said(resources.store().curves.layers(first[number].id))
            live_chart(
                strip_charts.strip(
                    first[number], length=side.settings.training.epochs, alike=[run.id for run in first]
                ),
                key=f"duel-strip-{number}",
                height=420,
                alt=_("Gradient of every layer of {name} over time").format(name=short[number]),
                told=sentences(*map(unbold, said)),
                follows=True,
            )
            for sentence in said:
                st.markdown(sentence)


def _whose(side: Side, name: str) -> str:
    """The side, and the seed of its run that is looked at where there are several."""
    if len(side.runs) == 1:
        return name
    return facts([name, _("seed {seed}").format(seed=side.runs[0].settings.training.seed)])


def _said(layers: pd.DataFrame) -> list[str]:
    """The weakest gradient before the first step, and the slowest layer by the newest one."""
    if layers.empty:
        return []
    start, slowest = inside.faintest(layers[layers["step"] == 0]), inside.slowest(layers)
    said = []
    if start is not None:
        said.append(
            _("Gradient at the start: {low} per weight in layer {layer}, {output} at the output.").format(
                low=numbers.rounded(start.value, 2),
                layer=start.layer,
                output=numbers.rounded(start.output_value, 2),
            )
        )
    return said if slowest is None else [*said, speed_sentence(slowest)]
