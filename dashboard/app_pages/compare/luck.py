"""Could it be luck? The same experiments with other seeds, their bands, and the verdict on them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.chance import pairs_needed
from core.study.comparison import SEEDS, family
from core.study.repeats import repeats_to_run
from core.study.standing import Contender, Trial, trial
from core.study.verdict import Verdict, judge
from dashboard.app_pages.compare import luck_charts
from dashboard.app_pages.compare.bundles import Bundle, bundled
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.foreign import literal
from dashboard.language.joining import bulleted, sentences
from dashboard.look import style
from dashboard.runs import starting, verdict_words


def show(picked: Sequence[Run], runs: Sequence[Run]) -> None:
    """The bands of the chosen experiments, the verdict, and the button that repeats them."""
    bundles = bundled(picked, runs, bands=True)
    found = judged(bundles, runs)
    if not found.epoch:
        return
    st.header(_("Could it be luck?"), anchor=False)
    for sentence in verdict_words.broken(found, [literal(bundle.name) for bundle in bundles]):
        st.markdown(bulleted([sentence]))
    if any(len(standing.results) > 1 for standing in found.standings):
        _bands(bundles, found)
        _verdicts(bundles, found)
    else:
        st.markdown(
            _(
                "Another seed starts with other weights and shows the images in another order. One run with "
                "each setting cannot tell a better setting from a luckier start."
            )
        )
    _offer_repeats(bundles, runs)


def judged(bundles: Sequence[Bundle], runs: Sequence[Run]) -> Verdict:
    """The verdict on each line of the chart against the first, with every run of its experiment.

    Also those that no band shows: a setting without its bad runs would look better than it is.
    """
    families = [family(bundle.experiment) for bundle in bundles]
    trials: dict[Settings, list[Trial]] = {one: [] for one in families}
    for run in runs:
        if (mine := family(run.settings)) in trials:
            trials[mine].append(trial(run, resources.points(run)))
    sides = [
        Contender.of(bundle.experiment, trials[one]) for bundle, one in zip(bundles, families, strict=True)
    ]
    return judge(sides, against_first=True)


def _bands(bundles: Sequence[Bundle], found: Verdict) -> None:
    rows = [
        (bundle.name, bundle.line, tuple(standing.accuracies.values()))
        for bundle, standing in zip(bundles, found.standings, strict=True)
        if standing.accuracies
    ]
    live_chart(
        luck_charts.spreads(rows),
        key="compare-spreads",
        height=style.rows_height(len(rows), row=44, frame=66),
        alt=_("Validation accuracy of each seed"),
    )
    st.caption(
        _("After epoch {epoch}. A dot is a run with its own seed, the stroke is their mean.").format(
            epoch=found.epoch
        )
    )


def _verdicts(bundles: Sequence[Bundle], found: Verdict) -> None:
    if not found.is_alike:
        st.markdown(verdict_words.different_images())
        return
    names = [literal(bundle.name) for bundle in bundles]
    for pair in found.pairs:
        told = (
            verdict_words.difference(pair, names),
            verdict_words.luck(pair, found, names),
            verdict_words.over_images(pair),
        )
        st.markdown(bulleted([sentences(*told)]))
    if not found.pairs:
        return
    images = bundles[0].experiment.data.validation
    st.caption(sentences(*verdict_words.corrected(found), verdict_words.covers(images)))
    with st.expander(_("The rule"), icon=":material/help:"):
        st.markdown(verdict_words.rule())


def _offer_repeats(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    wanted = max(SEEDS, pairs_needed(len(bundles) - 1)) if len(bundles) > 1 else SEEDS
    repeats = [settings for bundle in bundles for settings in repeats_to_run(bundle.first, runs, wanted)]
    if not repeats:
        return
    room = starting.room(runs)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Repeat with {count} seeds").format(count=wanted),
            icon=":material/casino:",
            key="compare-repeat",
            disabled=len(repeats) > room,
        )
        st.caption(_cost(repeats, bundles, room))
    if pressed:
        started = starting.submit(repeats, Origin.of("seeds", *(bundle.experiment for bundle in bundles)))
        if len(started) == len(repeats):
            st.rerun()


def _cost(repeats: Sequence[Settings], bundles: Sequence[Bundle], room: int) -> str:
    if len(repeats) > room:
        return _(
            "That would be {count} new runs, and you may have {room} more. Compare fewer, or wait until some "
            "are done."
        ).format(count=len(repeats), room=room)
    speeds = {
        family(b.experiment): b.first.seconds / b.first.epochs_done for b in bundles if b.first.epochs_done
    }
    seconds = sum(speeds.get(family(one), 0.0) * one.training.epochs for one in repeats)
    workers = max(1, resources.engine().state().workers)
    return _("{count} new runs, about {time}.").format(
        count=len(repeats), time=numbers.duration(seconds / workers)
    )
