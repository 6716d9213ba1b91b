"""Each experiment at its own best learning rate: the short runs that find it, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import find_run
from core.study.rate_search import Suggestion, rate_search, suggest_rate
from core.study.sweep import Sweep, missing
from dashboard.frame import resources
from dashboard.language import _, ngettext
from dashboard.runs import starting
from dashboard.runs.figures import figure_after
from dashboard.runs.live import while_alive


@dataclass(frozen=True)
class Search:
    """A search for a rate as far as it has come.

    Attributes:
        sweep: what it asks for. runs: rate → the run that tried it, as far as there is one.
        losses: rate → validation loss after the short run; a run that diverged has none.
        missing: what no run answers yet.
    """

    sweep: Sweep
    runs: Mapping[float, Run]
    losses: Mapping[float, float]
    missing: Sequence[Settings]

    @property
    def is_going(self) -> bool:
        """Whether some of its runs wait or train."""
        return any(run.unfinished for run in self.runs.values())

    @property
    def is_done(self) -> bool:
        """Whether all that it asks for was tried."""
        return not self.missing and not self.is_going

    @property
    def guessing(self) -> float:
        """What guessing costs on its validation images."""
        return resources.guessing(self.sweep.base).loss

    @property
    def suggestion(self) -> Suggestion | None:
        """What it suggests by now."""
        return suggest_rate(self.losses, self.guessing)


def search_for(settings: Settings, runs: Sequence[Run], *, longer: bool = False) -> Search:
    """The search for this experiment's rate, answered by these runs."""
    sweep = rate_search(settings, longer=longer)
    cells, _refused = sweep.cells()
    found = {cell.training.learning_rate: find_run(cell, runs) for cell in cells.values()}
    answers = {rate: run for rate, run in found.items() if run is not None}
    return Search(sweep, answers, _losses(answers, sweep.base.training.epochs), missing(sweep, runs))


def _losses(runs: Mapping[float, Run], epochs: int) -> dict[float, float]:
    found = {
        rate: figure_after(run, epochs, "val_loss") for rate, run in runs.items() if run.status != "diverged"
    }
    return {rate: loss for rate, loss in found.items() if loss is not None}


def best_of(settings: Settings, runs: Sequence[Run]) -> Suggestion | None:
    """The rate found best for this experiment, by the longer search if there is one; None before."""
    for longer in (True, False):
        search = search_for(settings, runs, longer=longer)
        if search.is_done and search.suggestion is not None:
            return search.suggestion
    return None


def is_at_best_rate(settings: Settings, runs: Sequence[Run]) -> bool:
    """Whether a search found the experiment's own rate to be its best."""
    best = best_of(settings, runs)
    return best is not None and best.rate == settings.training.learning_rate


def at_best_rates(
    experiments: Sequence[Settings], runs: Sequence[Run], *, key: str
) -> tuple[Settings, ...] | None:
    """The experiments, each at the best rate that these runs found; None as long as one is not known.

    Until then the button that starts the short runs for all of them is shown, or how far these are.
    """
    found = [best_of(settings, runs) for settings in experiments]
    if all(found):
        return tuple(
            settings.change(learning_rate=best.rate)
            for settings, best in zip(experiments, found, strict=True)
            if best is not None
        )
    while_alive(
        lambda runs: _progress(_open_searches(experiments, runs), runs, key),
        runs,
        starting.my_runs,
        state=lambda runs: _left(_open_searches(experiments, runs)) > 0,
        runs=lambda runs: _tried(_open_searches(experiments, runs)),
        key=f"{key}-rates",
    )
    return None


def _open_searches(experiments: Sequence[Settings], runs: Sequence[Run]) -> list[Search]:
    """The searches of those experiments whose best rate is not known."""
    return [search_for(settings, runs) for settings in experiments if best_of(settings, runs) is None]


def _tried(searches: Sequence[Search]) -> list[Run]:
    """Their runs."""
    return [run for search in searches for run in search.runs.values()]


def _left(searches: Sequence[Search]) -> int:
    """How many of their runs wait or train."""
    return sum(run.unfinished for run in _tried(searches))


def _progress(searches: Sequence[Search], runs: Sequence[Run], key: str) -> None:
    """How far the searches are; the page runs again when they are done."""
    new = [settings for search in searches for settings in search.missing]
    if new:
        _start_button(new, starting.room(runs), key)
    elif left := _left(searches):
        st.caption(
            ngettext(
                "The rates are being tried: {count} short run left.",
                "The rates are being tried: {count} short runs left.",
                left,
            )
        )
    elif searches:
        st.caption(
            _(
                "No rate got one of them off the guess line. Try longer runs on the page Compare, under "
                "Find a learning rate."
            )
        )


def _start_button(new: Sequence[Settings], room: int, key: str) -> None:
    pressed = st.button(
        ngettext(
            "Find their best rates ({count} short run)",
            "Find their best rates ({count} short runs)",
            len(new),
        ).format(count=len(new)),
        icon=":material/speed:",
        key=f"{key}-best-rates",
        disabled=len(new) > room,
        help=starting.crowded(room) if len(new) > room else None,
    )
    if pressed and len(starting.submit(new, Origin.of("rate", *new[:1]))) == len(new):
        st.rerun()
