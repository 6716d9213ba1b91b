"""Who answers: up to three trained networks, the learner's own or the one that ships with the lab."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.reading import shipped
from core.reading.trained_network import Network
from core.runs.run import Run, UnknownRun
from core.settings import Settings
from dashboard.frame import page, resources, session
from dashboard.language import _
from dashboard.language.run_names import run_name

MOST = 3
SHIPPED = "shipped"


@dataclass(frozen=True)
class Reader:
    """A trained network with its name and the experiment that made it.

    ``key`` tells these very weights from all others; ``run`` is None for the shipped network.
    """

    key: str
    run: Run | None
    name: str
    network: Network
    settings: Settings


def choose(key: str, *, most: int = MOST) -> list[Reader]:
    """A control for one or several trained networks; at first the run on the screen, else the newest."""
    runs = {run.id: run for run in trained_runs()}
    opened = session.run_id()
    first = opened if opened in runs else next(iter(runs), SHIPPED)
    chosen = st.multiselect(
        _("Who answers"),
        [*runs, SHIPPED],
        default=[first],
        max_selections=most,
        format_func=lambda code: run_name(runs[code]) if code in runs else shipped_name(),
        placeholder=_("Choose a trained network"),
        key=f"{key}-{first}",  # another run on the screen is another first choice
        persist_state="session",
    )
    if first == SHIPPED:
        st.caption(
            _(
                "You have no trained network yet, so one that comes with the lab answers. Beside MNIST it "
                "was shown bent copies of it and styles that are rare there."
            )
        )
    if not chosen:
        page.empty(_("Choose who answers."))
    return [
        _shipped() if code == SHIPPED else _own(runs[code]) for code in chosen if code in (*runs, SHIPPED)
    ]


def trained_runs() -> list[Run]:
    """This browser's runs that have trained weights, newest first; and the run on the screen if it has."""
    store, opened = resources.store(), session.run_id()
    runs = store.runs.of(session.learner())
    if opened and opened not in {run.id for run in runs}:
        with suppress(UnknownRun):  # a link's run that is not there is said on the Train page
            runs.append(store.runs.get(opened, learner=session.learner()))
    return [run for run in runs if run.normalization and run.has_weights]


def shipped_name() -> str:
    """What the shipped network is called."""
    return _("Shipped with the lab")


def _shipped() -> Reader:
    loaded = shipped.load()
    return Reader(SHIPPED, None, shipped_name(), loaded.network, loaded.settings)


def _own(run: Run) -> Reader:
    return Reader(
        f"{run.id}-{run.step}", run, run_name(run), resources.network(run.id, run.step), run.settings
    )
