"""What each line of the chart is: its name, the settings in which the lines differ, and how far it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from core.runs.published import PUBLISHED
from core.settings import PRESETS, Settings
from core.study.comparison import differing
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.app_pages.compare.figures import accuracies, common_epochs
from dashboard.language import _, differences, ngettext, numbers
from dashboard.language.joining import facts
from dashboard.look import style
from dashboard.runs import swatches
from dashboard.runs.published_lines import published_line, published_name

_CSS = """
.key-table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
.key-table th { text-align: left; font-weight: 600; padding: 0.2rem 0.5rem; }
.key-table td { padding: 0.3rem 0.5rem; border-top: 1px solid rgba(128, 128, 128, 0.25); }
.key-table td:first-child { padding-inline-start: 3.75rem; text-indent: -3.25rem; }
.key-table :is(td, th):nth-child(n+3) { width: 6.5rem; text-align: right; }
.key-table .chip { display: inline-block; margin: 0.1rem 0.3rem 0.1rem 0; padding: 0 0.5rem;
  border-radius: 1rem; border: 1px solid rgba(128, 128, 128, 0.5); white-space: nowrap; }
.key-scroll { max-height: 26rem; overflow: auto; }
@media (max-width: 900px) { .key-table :is(td, th):nth-child(4) { display: none }
  .key-table .chip { white-space: normal } }
"""


def show(bundles: Sequence[Bundle], published: Sequence[str]) -> None:
    """What each line is: its name, the settings in which the lines differ, and how far it came."""
    epochs = common_epochs(bundles)
    experiments = [bundle.experiment for bundle in bundles]
    found = differing([*experiments, *(_published_experiment(code, experiments) for code in published)])
    chips = [
        [differences.label(name, values[place]) for name, values in found.items()]
        for place in range(len(bundles) + len(published))
    ]
    rows = [_bundle_row(bundle, chips[place], epochs) for place, bundle in enumerate(bundles)]
    rows += [
        _published_row(code, chips[len(bundles) + place], epochs) for place, code in enumerate(published)
    ]
    heads = [
        _("Run"),
        _("What differs"),
        _("Accuracy, epoch {epoch}").format(epoch=epochs) if epochs else _("Accuracy"),
        _("Seconds"),
    ]
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    table = f"<table class='key-table'><tr>{head}</tr>{''.join(rows)}</table>"
    label = escape(_("The lines of the chart"))
    st.html(
        f"<style>{_CSS}</style><div class='key-scroll' role='region' tabindex='0' aria-label='{label}'>"
        f"{table}</div>"
    )


def _bundle_row(bundle: Bundle, chips: Iterable[str], epochs: int) -> str:
    scores = accuracies(bundle.runs, epochs) if epochs else []
    seeds = ngettext("mean of {count} seed", "mean of {count} seeds", len(scores))
    seconds = [run.seconds / run.step * run.steps_per_epoch * epochs for run in bundle.runs if run.step]
    return _row(
        bundle.line,
        facts([bundle.full, seeds]) if len(bundle.runs) > 1 else bundle.full,
        chips,
        numbers.percent(sum(scores) / len(scores) if scores else None),
        f"{sum(seconds) / len(seconds):.1f}" if seconds and epochs else numbers.NOTHING,
    )


def _published_experiment(code: str, others: Sequence[Settings]) -> Settings:
    """The report's experiment; its seed is not known, so it is no difference."""
    seed = others[0].training.seed if others else PRESETS[code].training.seed
    return PRESETS[code].change(seed=seed)


def _published_row(code: str, chips: Iterable[str], epochs: int) -> str:
    figures = PUBLISHED[code].epochs
    at = (
        figures.loc[figures["epoch"] == epochs, "val_accuracy"] if epochs else figures["val_accuracy"].tail(1)
    )
    return _row(
        published_line(code),
        published_name(code),
        [*chips, _("its seed is not known")],
        numbers.percent(at.iloc[0] if len(at) else None),
        numbers.NOTHING,
    )


def _row(line: style.Line, name: str, chips: Iterable[str], *figures: str) -> str:
    told = "".join(f"<span class='chip'>{escape(chip)}</span>" for chip in chips)
    cells = "".join(f"<td>{escape(figure)}</td>" for figure in figures)
    return f"<tr><td>{swatches.swatch(line)}{escape(name)}</td><td>{told}</td>{cells}</tr>"
