"""The same 300 steps in every way that Keras and TensorFlow offer, timed in a worker."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.theory.keras_today import Way
from core.theory.keras_today import same_steps as measure
from core.theory.own_process import PATIENCE
from dashboard.app_pages.ideas import keras_charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.frame.sharing import shared
from dashboard.language import _, ngettext
from dashboard.language.joining import sentences

_ROUND = "keras-steps-round"


def show() -> None:
    """A button, and what each way took and came to."""
    st.markdown(
        _("The report's network takes the same 300 steps from the same first weights. Which way is quickest?")
    )
    count = session.kept(_ROUND, 0)
    st.button(
        _("Measure again") if count else _("Measure"),
        icon=":material/timer:",
        on_click=session.keep,
        args=(_ROUND, count + 1),
        key="keras-steps",
    )
    if not count:
        return
    with st.spinner(_("A worker takes 300 steps in six ways …")):
        ways = _measured(count)
    live_chart(
        keras_charts.times(ways), key="keras-times", height=320, alt=_("How long the same steps take, by way")
    )
    st.markdown(_equal(ways))
    st.markdown(_replicas({way.code: way for way in ways}))
    st.table(_table(ways), width="content")


@shared(1, size=lambda ways: 500 * len(ways))
def _measured(number: int) -> list[Way]:
    """The measurement of this number; all learners share it."""
    del number  # part of the cache's key only
    return resources.compute(measure, timeout=PATIENCE + 10)


def _equal(ways: list[Way]) -> str:
    quickest = min(ways, key=lambda way: way.seconds)
    slowest = max(ways, key=lambda way: way.seconds)
    return _(
        "Quickest: **{quickest}**; slowest: **{slowest}**, {times:.0f} times as long. All come to the same: "
        "no weight differs by more than {apart:.1g}."
    ).format(
        quickest=keras_charts.title(quickest.code),
        slowest=keras_charts.title(slowest.code),
        times=slowest.seconds / quickest.seconds,
        apart=max(way.apart for way in ways),
    )


def _replicas(ways: dict[str, Way]) -> str:
    """What tf.distribute does with two replicas, beside what the lab's cluster does."""
    alone, two = ways["fit-dataset"], ways["replicas"]
    workers = resources.engine().state().workers
    return sentences(
        _(
            "Two replicas halve each batch, 16 images each, and add up their gradients: one training, "
            "**{two:.1f} s** instead of {alone:.1f} s on the one core that a worker has."
        ).format(two=two.seconds, alone=alone.seconds),
        ngettext(
            "This lab's cluster does otherwise: its {count} worker trains a whole experiment at a time.",
            "This lab's cluster does otherwise: each of its {count} workers trains a whole experiment, and "
            "none waits for another.",
            workers,
        ).format(count=workers),
    )


def _table(ways: list[Way]) -> pd.DataFrame:
    columns = [_("Way"), _("First step, s"), _("300 steps, s"), _("Loss after"), _("Weights apart")]
    rows = [
        (
            keras_charts.title(way.code),
            f"{way.ready:.2f}",
            f"{way.seconds:.2f}",
            f"{way.loss:.5f}",
            f"{way.apart:.1g}",
        )
        for way in ways
    ]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])
