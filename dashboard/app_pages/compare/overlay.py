"""The chosen runs over one another: how to look at them, the curves, and what each line is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from core.runs.published import PUBLISHED
from core.runs.run import Run
from core.settings import PRESETS, Settings
from core.study.comparison import after_epoch
from dashboard.app_pages.compare import charts
from dashboard.app_pages.compare.chosen_runs import Bundle
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, differences, names, ngettext, numbers
from dashboard.language.joining import facts, grouped, listed
from dashboard.language.run_names import run_name
from dashboard.look import style

SMOOTHINGS = (1, 3, 6, 12)
"""Points that a smoothed line is the mean of; 12 points are an epoch."""
_DASHES = {
    "solid": (8,),
    "dash": (7, 4),
    "dot": (3, 3),
    "dashdot": (7, 3, 2, 3),
    "longdash": (11, 4),
    "longdashdot": (11, 3, 2, 3),
}
"""Plotly's dashes in pixels: on, off, on, off …"""


@dataclass(frozen=True)
class View:
    """How a learner wants to look at the runs."""

    part: charts.Part
    axis: Literal["epoch", "seconds"]
    close: bool
    log: bool
    bands: bool
    smoothing: int
    published: tuple[str, ...]


def controls(*, has_repeats: bool, has_runs: bool) -> View:
    """What is asked for most in sight, the rest folded."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        part = st.segmented_control(
            _("Part of the data"),
            ["validation", "training"],
            default="validation",
            required=True,
            format_func={"validation": _("Validation"), "training": _("Training")}.get,
            label_visibility="collapsed",
            key="compare-part",
            persist_state="session",
        )
        axis = st.segmented_control(
            _("Along the bottom"),
            ["epoch", "seconds"],
            default="epoch",
            required=True,
            format_func={"epoch": _("Epochs"), "seconds": _("Seconds")}.get,
            label_visibility="collapsed",
            key="compare-axis",
            persist_state="session",
        )
        with st.popover(_("View"), icon=":material/tune:"):
            bands = has_repeats and st.toggle(
                _("Bands"),
                True,
                key="compare-bands",
                persist_state="session",
                help=_(
                    "Runs that differ only in the seed are one line, their mean, in a band from the "
                    "lowest to the highest."
                ),
            )
            close = st.toggle(
                _("Close-up"),
                True,
                key="compare-close",
                persist_state="session",
                help=_("Fits the axes to what comes after the first epoch."),
            )
            log = st.toggle(_("Logarithmic loss"), key="compare-log", persist_state="session")
            smoothing = 1
            if part == "training":
                smoothing = st.select_slider(
                    _("Smoothing"),
                    SMOOTHINGS,
                    1,
                    key="compare-smoothing",
                    persist_state="session",
                    format_func=lambda n: _("off") if n == 1 else _("{count} points").format(count=n),
                )
        published = st.pills(
            _("Published in the report"),
            list(PUBLISHED),
            selection_mode="multi",
            default=[] if has_runs else list(PUBLISHED),
            format_func=published_name,
            label_visibility="collapsed",
            key=f"compare-published-{has_runs}",
            persist_state="session",
        )
    return View(part, axis, close, log, bool(bands), smoothing, tuple(published or ()))


def published_name(code: str) -> str:
    """How a figure from the report is called; it is marked as published wherever it stands."""
    return _("Published: {network}").format(network=names.hidden(PRESETS[code].network.hidden))


def published_line(code: str) -> style.Line:
    """How a figure from the report is drawn."""
    return charts.PUBLISHED_LINES[list(PUBLISHED).index(code)]


def chart(bundles: Sequence[Bundle], view: View) -> None:
    """Loss and accuracy of all lines."""
    curves = [
        charts.Curve(
            bundle.first.id,
            bundle.name
            if len(bundle.runs) == 1
            else _("{name}, {count} seeds").format(name=bundle.name, count=len(bundle.runs)),
            bundle.line,
            bundle.experiment.training.loss,
            [resources.points(run.id, run.step) for run in bundle.runs],
        )
        for bundle in bundles
    ]
    curves += [
        charts.Curve(
            code,
            published_name(code),
            published_line(code),
            PRESETS[code].training.loss,
            [PUBLISHED[code].epochs],
            published=True,
        )
        for code in view.published
    ]
    figure = charts.overlay(
        curves,
        part=view.part,
        axis=view.axis,
        log=view.log,
        smoothing=view.smoothing,
        close=view.close,
        guessing={
            bundle.experiment.training.loss: resources.guessing(bundle.first.settings) for bundle in bundles
        },
    )
    shown = "-".join(curve.key for curve in curves)
    figure.update_layout(uirevision=f"{shown}-{view}")
    live_chart(
        figure,
        key="compare-overlay",
        height=430,
        alt=_("Loss and accuracy of: {names}").format(names=listed(curve.name for curve in curves)),
    )


def common_epochs(bundles: Sequence[Bundle]) -> int:
    """After how many epochs all lines can be compared; 0 if some have none yet."""
    return min((max(run.epochs_done for run in bundle.runs) for bundle in bundles), default=0)


def accuracies(runs: Sequence[Run], epochs: int) -> list[float]:
    """The validation accuracy of each run that came so far, after so many epochs."""
    found = [figure_after(run, epochs) for run in runs]
    return [accuracy for accuracy in found if accuracy is not None]


def figure_after(run: Run, epochs: int, name: str = "val_accuracy") -> float | None:
    """A run's "val_accuracy" or "val_loss" after so many epochs; None if it has not come so far."""
    if run.epochs_done < epochs:
        return None
    return after_epoch(resources.points(run.id, run.step), epochs, name)


def key_table(bundles: Sequence[Bundle], published: Sequence[str]) -> None:
    """What each line is: its name, how it differs from the first, and how far it came."""
    epochs = common_epochs(bundles)
    rows = [_bundle_row(bundle, bundles[0], epochs) for bundle in bundles]
    first = bundles[0].experiment if bundles else None
    rows += [_published_row(code, first, epochs) for code in published]
    heads = [
        "",
        _("Run"),
        _("Differs from the first in"),
        _("Accuracy, epoch {epoch}").format(epoch=epochs) if epochs else _("Accuracy"),
        _("Seconds"),
    ]
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    st.html(f"<style>{_CSS}</style><table class='key-table'><tr>{head}</tr>{''.join(rows)}</table>")


_CSS = """
.key-table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
.key-table th { text-align: left; font-weight: 400; opacity: 0.65; padding: 0.2rem 0.6rem; }
.key-table td { padding: 0.3rem 0.6rem; border-top: 1px solid rgba(128, 128, 128, 0.25);
  vertical-align: top; }
.key-table th:nth-child(2) { width: 36%; }
.key-table td:nth-child(n+4), .key-table th:nth-child(n+4) { width: 5.5rem; text-align: right;
  font-variant-numeric: tabular-nums; }
.key-table span { display: block; width: 44px; height: 3px; margin-top: 0.6rem; }
"""


def _bundle_row(bundle: Bundle, first: Bundle, epochs: int) -> str:
    scores = accuracies(bundle.runs, epochs) if epochs else []
    name = run_name(bundle.first)
    seeds = ngettext("mean of {count} seed", "mean of {count} seeds", len(scores))
    seconds = [run.seconds / run.step * run.steps_per_epoch * epochs for run in bundle.runs if run.step]
    return _row(
        bundle.line,
        facts([name, seeds]) if len(bundle.runs) > 1 else name,
        _("the first") if bundle is first else differences.replacements(first.experiment, bundle.experiment),
        numbers.percent(sum(scores) / len(scores) if scores else None),
        f"{sum(seconds) / len(seconds):.1f}" if seconds and epochs else "–",
    )


def _published_row(code: str, first: Settings | None, epochs: int) -> str:
    figures = PUBLISHED[code].epochs
    at = (
        figures.loc[figures["epoch"] == epochs, "val_accuracy"] if epochs else figures["val_accuracy"].tail(1)
    )
    differs = differences.replacements(first, PRESETS[code].change(seed=first.training.seed)) if first else ""
    unknown = _("its seed is not known")
    return _row(
        published_line(code),
        published_name(code),
        grouped([differs, unknown]),
        numbers.percent(at.iloc[0] if len(at) else None),
        "–",
    )


def _row(line: style.Line, *cells: str) -> str:
    swatch = f"<span style='background: {_dashed(line)}'></span>"
    return f"<tr><td>{swatch}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _dashed(line: style.Line) -> str:
    """A line as a CSS background that repeats its dashes."""
    lengths = _DASHES.get(line.dash) or tuple(int(part.removesuffix("px")) for part in line.dash.split(","))
    stops, at = [], 0
    for place, length in enumerate(lengths):
        color = "transparent" if place % 2 else line.color
        stops.append(f"{color} {at}px {at + length}px")
        at += length
    return f"repeating-linear-gradient(90deg, {', '.join(stops)})"
