"""The fair-comparison guard: what the chosen runs differ in, what follows from it, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.runs.origin import Origin
from core.runs.rates import at_usual_rate, usual_rate
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import differing, find_run, is_measured_alike
from core.study.fairness import (
    OPTIMIZER_AND_RATE,
    is_at_usual_rate,
    is_fair,
    is_rate_lent,
    separating,
)
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.language import _, differences, names
from dashboard.language.joining import grouped, listed
from dashboard.runs import chosen_runs, starting
from dashboard.runs.best_rates import at_best_rates, is_at_best_rate


def show(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    """The guard's word on these lines; nothing with fewer than two."""
    if len(bundles) < 2:
        return
    experiments = [bundle.experiment for bundle in bundles]
    is_lent = is_rate_lent(experiments)
    if not is_fair(experiments, is_own_rate=lambda one: is_at_usual_rate(one) or is_at_best_rate(one, runs)):
        st.warning(unfair_sentence(experiments), icon=":material/balance:")
        _offer_missing(bundles, runs)
        if is_lent:
            st.caption(lent_sentence(experiments))
    elif is_lent:
        st.warning(lent_sentence(experiments), icon=":material/balance:")
        _offer_own_rates(bundles, runs)
    else:
        st.success(fair_sentence(experiments), icon=":material/balance:")
    for sentence in remarks(experiments):
        st.caption(sentence)


def fair_sentence(experiments: Sequence[Settings]) -> str:
    """What may be concluded."""
    found = differing(experiments)
    what = differences.values_told(experiments)
    if not found:
        return _("**The same experiment.** These runs have the same settings and the same seed.")
    if set(found) == {"seed"}:
        return _("**Only the seed differs.** What differs in the curves is luck.")
    if set(found) == OPTIMIZER_AND_RATE and len(experiments) == 2:
        return _(
            "**A fair comparison.** These runs differ in {what}: each optimiser at a rate of its own. What "
            "differs in the curves comes from the optimisers, or from luck."
        ).format(what=what)
    if len(found) == 1:
        return _(
            "**A fair comparison.** These runs differ only in {what}. What differs in the curves comes from "
            "that, or from luck."
        ).format(what=what)
    if set(found) >= OPTIMIZER_AND_RATE:
        return _(
            "**Fair against the first run.** Each of the others differs from it in one setting, or in the "
            "optimiser with a rate of its own: {what}. Compare each with the first, not with one another."
        ).format(what=what)
    return _(
        "**Fair against the first run.** Each of the others differs from it in one setting: {what}. Compare "
        "each with the first, not with one another."
    ).format(what=what)


def unfair_sentence(experiments: Sequence[Settings]) -> str:
    """What may not be concluded."""
    found = differing(experiments)
    return _(
        "**Not a fair comparison.** These runs differ in {count} settings: {what}. Whatever difference you "
        "see cannot be put down to any one of them."
    ).format(count=len(found), what=differences.values_told(experiments))


def lent_sentence(experiments: Sequence[Settings]) -> str:
    """Why one rate for several optimisers is not fair."""
    rates = {settings.training.optimizer: usual_rate(settings.training) for settings in experiments}
    usual = listed(
        _("{optimizer} {rate}").format(
            optimizer=names.optimizer(code), rate=names.value("learning_rate", rate)
        )
        for code, rate in rates.items()
    )
    return _(
        "**One rate for several optimisers** is not fair, though it is one difference less: a rate means "
        "something else to each of them. The usual rates are {usual}. Much of what differs in the curves "
        "may come from the rate."
    ).format(usual=usual)


def _offer_own_rates(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    """Buttons for the same optimisers at their usual rates, and at the best that short runs find."""
    wanted = [(bundle.experiment, bundle.first.epochs_done or bundle.first.epochs) for bundle in bundles]
    experiments = [each for one, epochs in wanted for each in one.allowed({"epochs": epochs})]
    if len(experiments) < len(bundles):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer(
            [at_usual_rate(settings) for settings in experiments], _("Each at its usual rate"), runs, "usual"
        )
        best = at_best_rates(experiments, runs, key="compare")
        if best is not None:
            _offer(best, _("Each at its own best rate"), runs, "best")


def _offer(experiments: Sequence[Settings], label: str, runs: Sequence[Run], key: str) -> None:
    """A button that trains what is missing of these, and puts them on the chart instead of what is there."""
    answers = {settings: find_run(settings, runs) for settings in experiments}
    missing = [settings for settings, run in answers.items() if run is None]
    room = starting.room(runs)
    if st.button(
        label, icon=":material/add_chart:", key=f"compare-{key}-rates", disabled=len(missing) > room
    ):
        started = starting.submit(missing, Origin.of("fair", *experiments))
        known = [run.id for run in answers.values() if run is not None]
        chosen_runs.only([*known, *started])
        if len(started) == len(missing):
            st.rerun()


def remarks(experiments: Sequence[Settings]) -> list[str]:
    """What else makes figures hard to compare."""
    found = []
    if len({settings.training.loss for settings in experiments}) > 1:
        found.append(
            _(
                "They minimise different losses, which are not measured in the same unit: each has a chart "
                "of its own. Accuracy can be compared."
            )
        )
    if not is_measured_alike(experiments):
        found.append(_("They are validated on different images, so part of any difference comes from these."))
    return found


@dataclass(frozen=True)
class Separating:
    """The runs that tell the causes of a difference apart.

    Attributes:
        base: the first run's experiment, for as many epochs as it has come.
        wanted: it with one setting changed at a time.
        missing: those of ``wanted`` that no run answers yet.
        known: runs that answer the others and are not on the chart yet.
    """

    base: Settings
    wanted: tuple[Settings, ...]
    missing: tuple[Settings, ...]
    known: tuple[str, ...]


def separating_runs(bundles: Sequence[Bundle], runs: Sequence[Run]) -> Separating:
    """What tells the causes apart in which these lines differ: what there is, and what is to be trained."""
    first = bundles[0]
    base = first.first.settings.as_if(epochs=first.first.epochs_done or first.first.epochs)
    wanted = separating(base, [bundle.experiment for bundle in bundles[1:]])
    answers = {settings: find_run(settings, runs) for settings in wanted}
    on_chart = {run.id for bundle in bundles for run in bundle.runs}
    return Separating(
        base,
        tuple(wanted),
        tuple(settings for settings, run in answers.items() if run is None),
        tuple(run.id for run in answers.values() if run is not None and run.id not in on_chart),
    )


def _offer_missing(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    """A button for the runs that tell the causes apart: those there are, and those to be trained."""
    found = separating_runs(bundles, runs)
    if not found.missing and not found.known:
        st.caption(
            _("The runs that tell the causes apart are on the chart: compare each of them with the first.")
        )
        return
    told = grouped(differences.changes(found.base, settings) for settings in found.wanted)
    st.caption(_told_apart(found, told))
    if _pressed(len(found.missing), starting.room(runs)):
        started = starting.submit(found.missing, Origin.of("fair", found.base))
        chosen_runs.say_left_out(chosen_runs.add(runs, [*found.known, *started]))
        if len(started) == len(found.missing):
            st.rerun()


def _told_apart(found: Separating, changes: str) -> str:
    """What is changed at a time; an optimiser comes with the rate that is usual for it."""
    if any(set(differing([found.base, one])) == OPTIMIZER_AND_RATE for one in found.wanted):
        return _(
            "What tells the causes apart: the first run with one setting changed at a time, the optimiser "
            "together with its usual rate: {changes}."
        ).format(changes=changes)
    return _(
        "What tells the causes apart: the first run with one setting changed at a time: {changes}."
    ).format(changes=changes)


def _pressed(missing: int, room: int) -> bool:
    label = _("Run what is missing ({count})") if missing else _("Put them on the chart")
    return st.button(
        label.format(count=missing),
        icon=":material/add_chart:",
        key="compare-missing",
        disabled=missing > room,
        help=starting.crowded(room) if missing > room else None,
    )
