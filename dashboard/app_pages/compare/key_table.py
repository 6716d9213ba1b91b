"""What each line of the chart is: its name, how it differs from the first, and how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.runs.published import PUBLISHED
from core.settings import PRESETS, Settings
from dashboard.app_pages.compare import swatches
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.app_pages.compare.figures import accuracies, common_epochs
from dashboard.app_pages.compare.published_lines import published_line, published_name
from dashboard.language import _, differences, ngettext, numbers
from dashboard.language.joining import facts, grouped
from dashboard.language.run_names import settings_name
from dashboard.look import style

_CSS = """
.key-table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
.key-table th { text-align: left; font-weight: 600; padding: 0.2rem 0.6rem; }
.key-table td { padding: 0.3rem 0.6rem; border-top: 1px solid rgba(128, 128, 128, 0.25);
  vertical-align: top; }
.key-table th:nth-child(2) { width: 36%; }
.key-table td:nth-child(n+4), .key-table th:nth-child(n+4) { width: 5.5rem; text-align: right;
  font-variant-numeric: tabular-nums; }
.key-table span { display: block; width: 44px; height: 3px; margin-top: 0.6rem; }
@media (max-width: 640px) {
  .key-table tr { display: grid; grid-template-columns: 3.75rem 1fr 4.5rem 3rem; }
  .key-table :is(td, th) { width: auto !important; padding-inline: 0.3rem; }
  .key-table :is(td, th):nth-child(3) { grid-area: 2 / 2 / auto / -1; border-top: none; }
}
"""


def show(bundles: Sequence[Bundle], published: Sequence[str]) -> None:
    """What each line is: its name, how it differs from the first, and how far it came."""
    epochs = common_epochs(bundles)
    rows = [_bundle_row(bundle, bundles[0], epochs) for bundle in bundles]
    first = bundles[0].experiment if bundles else None
    rows += [_published_row(code, first, epochs) for code in published]
    heads = [
        _("Line"),
        _("Run"),
        _("Differs from the first in"),
        _("Accuracy, epoch {epoch}").format(epoch=epochs) if epochs else _("Accuracy"),
        _("Seconds"),
    ]
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    st.html(f"<style>{_CSS}</style><table class='key-table'><tr>{head}</tr>{''.join(rows)}</table>")


def _bundle_row(bundle: Bundle, first: Bundle, epochs: int) -> str:
    scores = accuracies(bundle.runs, epochs) if epochs else []
    name = bundle.first.name or settings_name(bundle.experiment)  # of many seeds, without any
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
    swatch = f"<span style='background: {swatches.css(line)}'></span>"
    return f"<tr><td>{swatch}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
