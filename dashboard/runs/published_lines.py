"""The report's own runs beside the learner's: what they are called and how they are drawn."""

from __future__ import annotations

from core.runs.published import PUBLISHED
from core.settings import PRESETS
from dashboard.language import _, names
from dashboard.look import style
from dashboard.runs import overlay_charts


def published_name(code: str) -> str:
    """How a figure from the report is called; it is marked as published wherever it stands."""
    return _("Published: {network}").format(network=names.hidden(PRESETS[code].network.hidden))


def published_line(code: str) -> style.Line:
    """How a figure from the report is drawn."""
    return overlay_charts.PUBLISHED_LINES[list(PUBLISHED).index(code)]
