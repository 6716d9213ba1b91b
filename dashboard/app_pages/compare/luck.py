"""Could it be luck? The same experiments with other seeds, their bands, and whether the bands touch."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import (
    SEEDS,
    Spread,
    Verdict,
    family,
    is_measured_alike,
    judge,
    seeds_to_add,
)
from dashboard.app_pages.compare import charts, chosen_runs, overlay
from dashboard.app_pages.compare.chosen_runs import Bundle, Chosen
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import bulleted, sentences


def show(picked: Sequence[Chosen], runs: Sequence[Run]) -> None:
    """The bands of the chosen experiments, the verdict, and the button that repeats them."""
    bundles = chosen_runs.bundles(picked, runs, bands=True)
    epochs = overlay.common_epochs(bundles)
    if not bundles or not epochs:
        return
    st.subheader(_("Could it be luck?"), anchor=False)
    spreads = {
        bundle: Spread(tuple(values))
        for bundle in bundles
        if (values := overlay.accuracies(bundle.runs, epochs))
    }
    if any(len(spread.values) > 1 for spread in spreads.values()):
        _bands(spreads, epochs)
        _verdicts(bundles, spreads)
    else:
        st.markdown(
            _(
                "Another seed starts with other weights and shows the images in another order. One run with "
                "each setting cannot tell a better setting from a luckier start."
            )
        )
    for sentence in _broken_off(bundles, runs):
        st.caption(sentence)
    _offer_repeats(bundles, runs)


def _bands(spreads: dict[Bundle, Spread], epochs: int) -> None:
    rows = [(bundle.name, bundle.line, spread.values) for bundle, spread in spreads.items()]
    live_chart(
        charts.spreads(rows),
        key="compare-spreads",
        height=66 + 44 * len(rows),
        alt=_("Validation accuracy of each seed"),
    )
    st.caption(
        _("After epoch {epoch}. A dot is a run with its own seed, the stroke is their mean.").format(
            epoch=epochs
        )
    )


def _broken_off(bundles: Sequence[Bundle], runs: Sequence[Run]) -> list[str]:
    """Runs that a band cannot show must be named, or it would look better than it is."""
    found = []
    for bundle in bundles:
        wanted = family(bundle.experiment)
        broken = sum(run.status == "diverged" and family(run.settings) == wanted for run in runs)
        if broken and len(bundle.runs) > 1:
            found.append(
                _("{count} more of {name} diverged and has no figure here.").format(
                    count=broken, name=bundle.name
                )
            )
    return found


def _verdicts(bundles: Sequence[Bundle], spreads: dict[Bundle, Spread]) -> None:
    first = bundles[0]
    if len(bundles) < 2 or first not in spreads:
        return
    if not is_measured_alike([bundle.experiment for bundle in bundles]):
        st.markdown(
            _("The runs are validated on different images, so their bands cannot be held against each other.")
        )
        return
    verdicts = {other: judge(spreads[first], spreads[other]) for other in bundles[1:] if other in spreads}
    for other, verdict in verdicts.items():
        st.markdown(bulleted([sentence(verdict, (first.name, other.name), (spreads[first], spreads[other]))]))
    if any(verdict.kind != "few" for verdict in verdicts.values()):
        with st.expander(_("The rule"), icon=":material/help:"):
            st.markdown(rule())


def sentence(verdict: Verdict, labels: tuple[str, str], spreads: tuple[Spread, Spread]) -> str:
    """The verdict in the learner's own numbers."""
    counts = len(spreads[0].values), len(spreads[1].values)
    values = {
        "other": labels[1],
        "first": labels[0],
        "points": 100 * abs(verdict.difference),
        "there": spreads[1].mean,
        "here": spreads[0].mean,
    }
    if verdict.difference > 0:
        told = _("**{other}** is {points:.2f} points higher than **{first}** ({there:.2%}, {here:.2%}).")
    else:
        told = _("**{other}** is {points:.2f} points lower than **{first}** ({there:.2%}, {here:.2%}).")
    if verdict.kind == "overlap":
        judged = _("The bands overlap: **luck could explain the difference.**")
    elif verdict.kind == "apart":
        judged = _(
            "The bands do not touch; chance alone parts {first} and {other} runs like this once in "
            "{times:.0f} times: **the difference is larger than luck.**"
        ).format(first=counts[0], other=counts[1], times=1 / verdict.chance)
    elif min(counts) == 1:
        judged = _("One run has no band: **nothing can be said about luck yet.**")
    else:
        judged = _(
            "The bands do not touch, but chance alone parts {first} and {other} runs like this once in "
            "{times:.0f} times: **too few runs to tell.**"
        ).format(first=counts[0], other=counts[1], times=1 / verdict.chance)
    return sentences(told.format(**values), judged)


def rule() -> str:
    """How it is judged, in plain words."""
    return _(
        "A **band** reaches from the worst to the best run of a setting; only the seed differs within it. A "
        "difference is called larger than luck when the two bands do not touch **and** chance alone would "
        "part so many runs so cleanly in fewer than 1 of 20 cases. If the setting made no difference, every "
        "order of all runs would be equally likely, and only two orders keep the bands apart: with 5 and 5 "
        "runs 2 of 252. Bands that touch do not prove that the settings are equal: more seeds may tell."
    )


def _offer_repeats(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    repeats = [settings for bundle in bundles for settings in repeats_to_run(bundle.first, runs)]
    if not repeats:
        return
    room = chosen_runs.room()
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Repeat with {count} seeds").format(count=SEEDS),
            icon=":material/casino:",
            key="compare-repeat",
            disabled=len(repeats) > room,
        )
        st.caption(_cost(repeats, bundles, room))
    if pressed:
        started = chosen_runs.submit(repeats, Origin.of("seeds", *(bundle.experiment for bundle in bundles)))
        if len(started) == len(repeats):
            st.rerun()


def repeats_to_run(run: Run, runs: Sequence[Run]) -> list[Settings]:
    """The run's experiment with the seeds that are missing, for as many epochs as the run has come."""
    epochs = run.epochs if run.unfinished else run.epochs_done
    if not epochs:
        return []
    wanted = family(run.settings)
    same = [other for other in runs if family(other.settings) == wanted]
    usable = [
        other
        for other in same
        if other.epochs_done >= epochs
        or other.status == "diverged"
        or (other.unfinished and other.epochs >= epochs)
    ]
    used = {other.settings.training.seed for other in usable}
    return [run.settings.change(seed=seed, epochs=epochs) for seed in seeds_to_add(used)]


def _cost(repeats: Sequence[Settings], bundles: Sequence[Bundle], room: int) -> str:
    if len(repeats) > room:
        return _(
            "That would be {count} new runs, and you may have {room} more. Compare fewer, or wait until some "
            "are done."
        ).format(count=len(repeats), room=max(room, 0))
    speeds = {
        family(b.experiment): b.first.seconds / b.first.epochs_done for b in bundles if b.first.epochs_done
    }
    seconds = sum(speeds.get(family(one), 0.0) * one.training.epochs for one in repeats)
    workers = max(1, resources.engine().state().workers)
    return _("{count} new runs, about {time}.").format(
        count=len(repeats), time=numbers.duration(seconds / workers)
    )
