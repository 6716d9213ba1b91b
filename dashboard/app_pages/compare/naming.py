"""How runs that stand side by side are called, in words."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.run import Run, automatic_name
from core.settings import Settings
from dashboard.language import differences


def short_names(runs: Sequence[Run], experiments: Sequence[Settings]) -> list[str]:
    """The shortest names that tell runs apart: what differs, or the run's name."""
    told = [
        value
        if value and run.name == automatic_name(run.settings) and len(value) < len(run.name)
        else run.name
        for run, value in zip(runs, differences.labels(experiments), strict=True)
    ]
    counted = [told[:place].count(name) + 1 for place, name in enumerate(told)]
    return [name if count == 1 else f"{name} ({count})" for name, count in zip(told, counted, strict=True)]
