"""One click on a hint: the run that differs in this one setting, and whether the hint was right."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from core.hints.rules import Hint, Rule
from core.hints.seen import ERRORS
from core.hints.tried import Outcome, outcome, tried, try_of
from core.runs.run import Run, UnknownRun
from dashboard.frame import pages, resources, session
from dashboard.language import _, numbers
from dashboard.language.joining import sentences
from dashboard.runs import hint_words, opening, starting
from dashboard.runs.hint_words import change_told
from dashboard.runs.hints_of import seen


def offer(run: Run, hint: Hint, key: str, *, primary: bool) -> None:
    """The button of a hint with a remedy; once it was pressed, what came of it, and the way there."""
    if hint.remedy is None:
        return
    done = _try_of(run, hint.rule)
    change = change_told(run.settings, hint.remedy)
    if done is not None:
        label = _("Tried: {change}").format(change=change)
        if st.button(label, icon=":material/visibility:", key=key, help=verdict(done)):
            _watch(done.id)
    elif st.button(
        _("Try it: {change}").format(change=change),
        icon=":material/play_arrow:",
        type="primary" if primary else "secondary",
        key=key,
        help=_("Trains the same experiment with this change; then the lab says whether the hint was right."),
    ):
        _begin(run, hint)


def verdict(run: Run) -> str:
    """Of a run that tries a hint: whether it was right, with the numbers of both; "" for any other run."""
    found = tried(run)
    before = None if found is None else _other(found[1])
    if found is None or before is None:
        return ""
    change = change_told(before.settings, run.settings)
    tries = _("This run tries a hint: {change}.").format(change=change)
    if run.unfinished:
        return sentences(tries, _("Whether the hint was right is said when it is done."))
    return sentences(tries, _judged(found[0], outcome(found[0], seen(before), seen(run))))


def _judged(rule: Rule, found: Outcome) -> str:
    if not found.helped:
        return sentences(_("**The hint was wrong.**"), *_figures(found))
    gone = hint_words.gone(rule) if found.is_gone else ""
    return sentences(_("**The hint was right.**"), gone, *_figures(found))


def _figures(found: Outcome) -> Iterator[str]:
    """The accuracies of both runs, how far luck reaches, and, where they do not tell, the losses."""
    if found.before is None and found.after is None:
        yield _("Neither run came to the end of an epoch.")
    elif found.before is None:
        accuracy = numbers.percent(found.after)
        yield _("Validation accuracy is {after}; before, no epoch came to its end.").format(after=accuracy)
    elif found.after is None:
        accuracy = numbers.percent(found.before)
        yield _("Validation accuracy was {before}; now no epoch came to its end.").format(before=accuracy)
    else:
        yield _("Validation accuracy was {before} and is {after}.").format(
            before=numbers.percent(found.before), after=numbers.percent(found.after)
        )
        luck = _("Luck in the choice of images explains up to {points:.2f} points (two standard errors).")
        yield luck.format(points=100 * ERRORS * found.error)
    if found.losses is not None and not found.has_risen:
        told = _("Validation loss was {before:.3f} and is {after:.3f}.")
        yield told.format(before=found.losses[0], after=found.losses[1])


def _begin(run: Run, hint: Hint) -> None:
    """Train the remedy, as the try of this hint, and go where it can be watched."""
    assert hint.remedy is not None
    session.change_settings(hint.remedy)
    opening.start(hint.remedy, origin=try_of(hint.rule, run.id))


def _watch(run_id: str) -> None:
    session.open_run(run_id)
    session.write_url()
    st.switch_page(pages.file("train"))


def _try_of(run: Run, rule: Rule) -> Run | None:
    """The newest of this learner's runs that tries this hint and was not broken off."""
    wanted = try_of(rule, run.id)
    runs = (other for other in starting.my_runs() if other.origin == wanted)
    return next((other for other in runs if other.status not in ("failed", "stopped")), None)


def _other(run_id: str) -> Run | None:
    try:
        return resources.store().runs.get(run_id, learner=session.learner())
    except UnknownRun:  # it was deleted since
        return None
