"""How a learner wants to look at the chosen runs: what is asked for most in sight, the rest folded."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.runs.progress import POINTS_PER_EPOCH
from core.runs.published import PUBLISHED
from dashboard.frame.choosing import one_of
from dashboard.language import _, ngettext
from dashboard.runs.overlay_charts import Axis, Look, Part
from dashboard.runs.published_lines import published_name

SMOOTHINGS = (1, POINTS_PER_EPOCH // 4, POINTS_PER_EPOCH // 2, POINTS_PER_EPOCH)
"""Points that a smoothed line is the mean of; the longest mean is over an epoch."""


@dataclass(frozen=True)
class OverlayView:
    """How a learner wants to look at the runs; ``published``: codes of the report's own runs."""

    look: Look
    bands: bool
    published: tuple[str, ...]


def choose(*, has_repeats: bool, has_runs: bool) -> OverlayView:
    """The controls.

    Args:
        has_repeats: whether some chosen run has repeats, so that there are bands.
        has_runs: without any run of their own, learners see the report's at first.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        part = _choose_part()
        axis = _choose_axis()
        with st.popover(_("View"), icon=":material/tune:"):
            bands = has_repeats and _bands_toggle()
            close = st.toggle(
                _("Close-up"),
                True,
                key="compare-close",
                persist_state="session",
                help=_("Fits the axes to what comes after the first epoch."),
            )
            log = st.toggle(_("Logarithmic loss"), key="compare-log", persist_state="session")
            smoothing = _choose_smoothing() if part == "training" else 1
        published = _choose_published(has_runs)
    return OverlayView(Look(part, axis, log, smoothing, close), bands, published)


def _choose_part() -> Part:
    labels: dict[Part, str] = {"validation": _("Validation"), "training": _("Training")}
    return one_of(
        _("Part of the data"),
        list(labels),
        default="validation",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key="compare-part",
        persist_state="session",
    )


def _choose_axis() -> Axis:
    labels: dict[Axis, str] = {"epoch": _("Epochs"), "seconds": _("Seconds")}
    return one_of(
        _("Along the bottom"),
        list(labels),
        default="epoch",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key="compare-axis",
        persist_state="session",
    )


def _bands_toggle() -> bool:
    return st.toggle(
        _("Bands"),
        True,
        key="compare-bands",
        persist_state="session",
        help=_(
            "Runs that differ only in the seed are one line, their mean, in a band from the "
            "lowest to the highest."
        ),
    )


def _choose_smoothing() -> int:
    return st.select_slider(
        _("Smoothing"),
        SMOOTHINGS,
        1,
        key="compare-smoothing",
        persist_state="session",
        format_func=lambda count: (
            _("off") if count == 1 else ngettext("{count} point", "{count} points", count)
        ),
    )


def _choose_published(has_runs: bool) -> tuple[str, ...]:
    return tuple(
        st.pills(
            _("Published in the lab report this lab grew from"),
            list(PUBLISHED),
            selection_mode="multi",
            default=[] if has_runs else list(PUBLISHED),
            format_func=published_name,
            key=f"compare-published-{has_runs}",
            persist_state="session",
        )
    )
