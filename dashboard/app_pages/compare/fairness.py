"""The fair-comparison guard: what the chosen runs differ in, what follows from it, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import differing, find_run, is_measured_alike, separating
from dashboard.app_pages.compare import chosen_runs
from dashboard.app_pages.compare.chosen_runs import Bundle
from dashboard.language import _, differences
from dashboard.language.joining import listed


def show(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    """The guard's word on these lines; nothing with fewer than two."""
    if len(bundles) < 2:
        return
    experiments = [bundle.experiment for bundle in bundles]
    if is_fair(experiments):
        st.success(fair_sentence(experiments), icon=":material/balance:")
    else:
        st.warning(unfair_sentence(experiments), icon=":material/balance:")
        _offer_missing(bundles, runs)
    for sentence in remarks(experiments):
        st.caption(sentence)


def is_fair(experiments: Sequence[Settings]) -> bool:
    """Whether each differs from the first in one setting at most."""
    return all(len(differing([experiments[0], other])) <= 1 for other in experiments[1:])


def fair_sentence(experiments: Sequence[Settings]) -> str:
    """What may be concluded."""
    found = differing(experiments)
    what = differences.values_told(experiments)
    if not found:
        return _("**The same experiment.** These runs have the same settings and the same seed.")
    if set(found) == {"seed"}:
        return _("**Only the seed differs.** What differs in the curves is luck.")
    if len(found) == 1:
        return _(
            "**A fair comparison.** These runs differ only in {what}. What differs in the curves comes from "
            "that, or from luck."
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


def _offer_missing(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    """A button for the runs that tell the causes apart: those there are, and those to be trained."""
    first = bundles[0]
    base = first.first.settings.change(epochs=first.first.epochs_done or first.first.epochs)
    wanted = separating(base, [bundle.experiment for bundle in bundles[1:]])
    answers = {settings: find_run(settings, runs) for settings in wanted}
    missing = [settings for settings, run in answers.items() if run is None]
    on_chart = {run.id for bundle in bundles for run in bundle.runs}
    known = [run.id for run in answers.values() if run is not None and run.id not in on_chart]
    if not missing and not known:
        st.caption(
            _("The runs that tell the causes apart are on the chart: compare each of them with the first.")
        )
        return
    told = listed(differences.changes(base, settings) for settings in wanted)
    st.caption(
        _("What tells the causes apart: the first run with one setting changed at a time: {changes}.").format(
            changes=told
        )
    )
    room = chosen_runs.room()
    label = _("Run what is missing ({count})") if missing else _("Put them on the chart")
    if st.button(
        label.format(count=len(missing)),
        icon=":material/add_chart:",
        key="compare-missing",
        disabled=len(missing) > room,
        help=_("You may have {room} more runs waiting. Wait until some are done.").format(room=room)
        if len(missing) > room
        else None,
    ):
        started = chosen_runs.submit(missing, Origin.of("fair", base))
        chosen_runs.add(runs, [*known, *started])
        if len(started) == len(missing):
            st.rerun()
