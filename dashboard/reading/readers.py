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
from dashboard.look import style
from dashboard.reading.seal import is_own
from dashboard.runs import identities, starting, weights_words
from dashboard.runs.groups import Group, folded, is_one_of_many
from dashboard.runs.identities import identity

MOST = 3
SHIPPED = "shipped"
SHIPPED_LINE = style.Line(style.NEUTRAL, "solid")


@dataclass(frozen=True)
class Reader:
    """A trained network with its name and the experiment that made it.

    ``key`` tells these very weights from all others; ``run`` is None for the shipped network. ``line`` is the
    run's, wherever it is drawn.
    """

    key: str
    run: Run | None
    name: str
    network: TrainedNetwork
    settings: Settings
    line: style.Line


def choose(key: str, *, most: int = MOST) -> list[Reader]:
    """A control for one or several trained networks; at first ``first_choice``, else the shipped one."""
    trained = trained_runs()
    runs, labels = {run.id: run for run in trained}, offered(trained)
    best = first_choice(trained)
    asked = session.kept("reader")  # by the button that led here
    first = asked if asked in labels else SHIPPED if best is None else best.id
    chosen = st.multiselect(
        _("Who answers"),
        [SHIPPED, *labels],
        default=[first],
        max_selections=most,
        format_func=lambda code: labels.get(code) or _shipped_with_accuracy(),
        placeholder=_("Choose a trained network"),
        help=_(
            "The share is what each read right of the images that validated it. Your best network answers "
            "first."
        ),
        key=f"{key}-{first}",  # another best run is another first choice
        persist_state="session",
    )
    if first == SHIPPED:
        st.caption(_why_shipped(trained))
    if not chosen:
        page.empty(_("Choose who answers."))
    return [
        shipped_reader() if code == SHIPPED else reader_of(runs[code])
        for code in chosen
        if code in (*runs, SHIPPED)
    ]


def _why_shipped(trained: Sequence[Run]) -> str:
    """Why none of these runs answers at first."""
    if not trained:
        return _(
            "You have no trained network yet, so one that comes with the lab answers. Beside MNIST it was "
            "shown bent copies of it and styles that are rare there."
        )
    if any(is_own(run) for run in _finished(trained)):
        return _(
            "All your finished runs belong to a sweep, a search or repeats, so the network that comes with "
            "the lab answers first. Choose one of yours above."
        )
    return _("None of your own runs is finished yet, so the network that comes with the lab answers.")


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
    finished = _finished(runs)
    lent = [run for run in finished if run.id == opened and not is_own(run)]
    own = [run for run in finished if is_own(run) and not is_one_of_many(run)]
    if lent or not own:
        return next(iter(lent), None)
    return max(own, key=lambda run: (run.val_accuracy, run.id == opened))  # max takes the first of equals


def _finished(runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.status == "finished" and run.val_accuracy is not None]


def offered(runs: Sequence[Run]) -> dict[str, str]:
    """Run → what it is called in a list to choose from: single runs, and of each group the best.

    The run on the screen, and the one that a button led to, are offered whatever they belong to.

    Args:
        runs: of ``trained_runs``, newest first.
    """
    asked = {session.run_id(), session.kept("reader")}
    found = {}
    for each in folded(runs):
        if isinstance(each, Group):
            found[each.best.id] = with_accuracy(each.best, _best_of(each))
    mine = identities.of_learner(session.learner())
    singles = {
        run.id: with_accuracy(run, (mine.get(run.id) or identity(run)).name)
        for run in runs
        if not is_one_of_many(run) or run.id in asked
    }
    return {run.id: {**found, **singles}[run.id] for run in runs if run.id in found or run.id in singles}


def _best_of(group: Group) -> str:
    return _("{group}: the best of {count}").format(group=group.name, count=len(group.runs))


def with_accuracy(run: Run, name: str) -> str:
    """A run's name with what it read right of its validation images, if that is known."""
    accuracy = numbers.percent(run.val_accuracy) if run.val_accuracy else ""
    return facts([accuracy, name, weights_words.label(run)])


def _shipped_with_accuracy() -> str:
    return facts([numbers.percent(resources.shipped_accuracy()), shipped_name()])


def trained_runs() -> list[Run]:
    """This browser's runs that have trained weights, newest first; and the run on the screen if it has."""
    store, opened = resources.store(), session.run_id()
    runs = starting.runs_in_sight()
    if opened and opened not in {run.id for run in runs}:
        with suppress(UnknownRun):  # a link's run that is not there is said on the Train page
            runs.append(store.runs.get(opened, learner=session.learner()))
    return [run for run in runs if run.normalization and run.has_weights]


def shipped_name() -> str:
    """What the shipped network is called."""
    return _("Shipped with the lab")


def name_of(run: Run | None) -> str:
    """What a run is called where it answers, with the weights it answers with; None: the shipped network."""
    return shipped_name() if run is None else facts([identity(run).name, weights_words.label(run)])


def shipped_reader() -> Reader:
    """The network that comes with the lab."""
    loaded = shipped.load()
    return Reader(SHIPPED, None, name_of(None), loaded.network, loaded.settings, SHIPPED_LINE)


def reader_of(run: Run) -> Reader:
    """The network of a run that has weights."""
    network = resources.trained_network(run)
    return Reader(f"{run.id}-{run.step}", run, name_of(run), network, run.settings, identity(run).line)
