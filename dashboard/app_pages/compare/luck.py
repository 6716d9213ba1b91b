"""Could it be luck? The same experiments with other seeds, their bands, and whether the bands touch."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import SEEDS, Spread, family, group, is_measured_alike, judge
from core.study.repeats import diverged, repeats_to_run
from dashboard.app_pages.compare import luck_charts, starting
from dashboard.app_pages.compare.bundles import Bundle, bundled
from dashboard.app_pages.compare.chosen_runs import Chosen
from dashboard.app_pages.compare.figures import accuracies, common_epochs
from dashboard.app_pages.compare.luck_verdicts import rule, sentence
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _
from dashboard.look import style
from dashboard.runs import wording


def show(picked: Sequence[Chosen], runs: Sequence[Run]) -> None:
    """The bands of the chosen experiments, the verdict, and the button that repeats them."""
    lines = bundled(picked, runs, bands=True)
    epochs = common_epochs(lines)
    if not lines or not epochs:
        return
    st.subheader(_("Could it be luck?"), anchor=False)
    spreads = {
        bundle: Spread(tuple(values)) for bundle in lines if (values := accuracies(bundle.runs, epochs))
    }
    if any(len(spread.values) > 1 for spread in spreads.values()):
        _bands(spreads, epochs)
        _verdicts(lines, spreads)
    else:
        st.markdown(
            _(
                "Another seed starts with other weights and shows the images in another order. One run with "
                "each setting cannot tell a better setting from a luckier start."
            )
        )
    for told in _broken_off(lines, runs):
        st.caption(told)
    _offer_repeats(lines, runs)


def _bands(spreads: dict[Bundle, Spread], epochs: int) -> None:
    rows = [(bundle.name, bundle.line, spread.values) for bundle, spread in spreads.items()]
    live_chart(
        luck_charts.spreads(rows),
        key="compare-spreads",
        height=style.rows_height(len(rows), row=44, frame=66),
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
        broken = diverged(bundle.first, runs)
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
        st.markdown("- " + sentence(verdict, (first.name, other.name), (spreads[first], spreads[other])))
    if any(verdict.kind != "few" for verdict in verdicts.values()):
        with st.expander(_("The rule"), icon=":material/help:"):
            st.markdown(rule())


def _offer_repeats(bundles: Sequence[Bundle], runs: Sequence[Run]) -> None:
    repeats = [settings for bundle in bundles for settings in repeats_to_run(bundle.first, runs)]
    if not repeats:
        return
    room = starting.room(runs)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Repeat with {count} seeds").format(count=SEEDS),
            icon=":material/casino:",
            key="compare-repeat",
            disabled=len(repeats) > room,
        )
        st.caption(_cost(repeats, bundles, room))
    if pressed:
        started = starting.submit(repeats, group("seeds", *(bundle.experiment for bundle in bundles)))
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
        count=len(repeats), time=wording.duration(seconds / workers)
    )
