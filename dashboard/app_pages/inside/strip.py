"""The strip: the loss, and the gradient that reaches every layer, as the run goes."""

from __future__ import annotations

import streamlit as st

from core.architecture.first_weights import initializer_for
from core.runs.run import Run
from dashboard.app_pages.inside.findings import findings
from dashboard.browser import chart_words
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.language import _, names
from dashboard.language.foreign import literal
from dashboard.language.joining import bulleted, facts, sentences, unbold
from dashboard.runs import hint_words, strip_charts, swatches, wording
from dashboard.runs.hints_of import hints_of
from dashboard.runs.identities import identity
from dashboard.runs.live import while_alive

SHARES = ("stuck-dead", "stuck-saturated", "unused-units")
"""Hints that tell of a layer's share of units what the findings would."""


def show(run: Run) -> None:
    """The strip and what it says; moves while the run does."""
    while_alive(
        _draw,
        run,
        lambda: resources.store().runs.get(run.id),
        state=lambda run: run.unfinished,
        runs=lambda run: [run],
        key="inside",
        at="epoch",
    )


def _draw(run: Run) -> None:
    layers = resources.store().curves.layers(run.id)
    hints = [hint for hint in hints_of(run) if hint.rule.look == "inside"]
    is_told = any(hint.code in SHARES for hint in hints)
    normalised = run.settings.network.batch_normalization
    said = findings(layers, batch_normalization=normalised, has_shares=not is_told)
    learnt = chart_words.learning([("", resources.points(run))])
    known = identity(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        swatches.line(known.line)
        st.markdown(description(run, known.name))
    live_chart(
        strip_charts.strip(run, length=run.epochs),
        key="inside-strip",
        height=520,
        alt=_("Loss, and the gradient per weight of every layer over time"),
        told=sentences(learnt, *map(unbold, said)),
        follows=True,
    )
    if told := [*(hint_words.told(hint, run.settings) for hint in hints), *said]:
        st.markdown(bulleted(told))


def description(run: Run, name: str) -> str:
    """Activation and initialiser in words: without them the colours mean nothing."""
    network = run.settings.network
    told = _("**{name}** · activation {activation} · initialiser {initializer} · {status}").format(
        name=literal(name),
        activation=names.activation(network.activation),
        initializer=names.initializer(initializer_for(network)),
        status=wording.status_name(run.status),
    )
    return told if run.learner == session.learner() else facts([told, _("another browser's run")])
