"""Who answers: up to three trained networks, the learner's own or the one that ships with the lab."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.reading import shipped
from core.reading.trained_network import TrainedNetwork
from core.runs.run import Run, UnknownRun
from core.settings import Settings
from dashboard.frame import page, resources, session
from dashboard.language import _, numbers
from dashboard.language.joining import facts
from dashboard.language.run_names import distinct_names, run_name
from dashboard.reading.seal import is_own
from dashboard.runs import weights_words

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
    network: TrainedNetwork
    settings: Settings


def choose(key: str, *, most: int = MOST) -> list[Reader]:
    """A control for one or several trained networks; at first ``first_choice``, else the shipped one."""
    runs = {run.id: run for run in trained_runs()}
    names = distinct_names(list(runs.values()))
    best = first_choice(list(runs.values()))
    asked = session.kept("reader")  # by the button that led here
    first = asked if asked in runs else SHIPPED if best is None else best.id
    chosen = st.multiselect(
        _("Who answers"),
        [SHIPPED, *runs],
        default=[first],
        max_selections=most,
        format_func=lambda code: (
            with_accuracy(runs[code], names[code]) if code in runs else _shipped_with_accuracy()
        ),
        placeholder=_("Choose a trained network"),
        help=_(
            "The share is what each read right of the images that validated it. At first your best answers."
        ),
        key=f"{key}-{first}",  # another best run is another first choice
        persist_state="session",
    )
    if first == SHIPPED:
        st.caption(
            _(
                "You have no trained network yet, so one that comes with the lab answers. Beside MNIST it "
                "was shown bent copies of it and styles that are rare there."
            )
            if not runs
            else _("None of your own runs is finished yet, so the network that comes with the lab answers.")
        )
    if not chosen:
        page.empty(_("Choose who answers."))
    return [
        shipped_reader() if code == SHIPPED else reader_of(runs[code])
        for code in chosen
        if code in (*runs, SHIPPED)
    ]


def first_reader() -> Reader:
    """Who answers where nobody was chosen: ``first_choice``, else the shipped network."""
    best = first_choice(trained_runs())
    return shipped_reader() if best is None else reader_of(best)


def first_choice(runs: Sequence[Run]) -> Run | None:
    """Whose turn it is first: a finished run that a link led to, else this learner's best finished one.

    Best by validation accuracy, of runs that finished and were started on their own: a sweep's or a search's
    cell is one of many tries, not somebody's network. Among equals the run on the screen, then the newest.

    Args:
        runs: of ``trained_runs``, newest first.
    """
    opened = session.run_id()
    finished = [run for run in runs if run.status == "finished" and run.val_accuracy is not None]
    lent = [run for run in finished if run.id == opened and not is_own(run)]
    own = [run for run in finished if is_own(run) and not (run.origin and run.origin.is_one_of_many)]
    if lent or not own:
        return next(iter(lent), None)
    return max(own, key=lambda run: (run.val_accuracy, run.id == opened))  # max takes the first of equals


def with_accuracy(run: Run, name: str) -> str:
    """A run's name with what it read right of its validation images, if that is known."""
    accuracy = numbers.percent(run.val_accuracy) if run.val_accuracy else ""
    return facts([accuracy, name, weights_words.label(run)])


def _shipped_with_accuracy() -> str:
    return facts([numbers.percent(resources.shipped_accuracy()), shipped_name()])


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


def shipped_reader() -> Reader:
    """The network that comes with the lab."""
    loaded = shipped.load()
    return Reader(SHIPPED, None, shipped_name(), loaded.network, loaded.settings)


def reader_of(run: Run) -> Reader:
    """The network of a run that has weights."""
    return Reader(
        f"{run.id}-{run.step}",
        run,
        facts([run_name(run), weights_words.label(run)]),
        resources.trained_network(run.id, run.step),
        run.settings,
    )
