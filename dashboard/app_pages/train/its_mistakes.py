"""The fold with what the network on the screen misreads."""

from __future__ import annotations

from core.runs.run import Run
from dashboard.frame.folds import folded
from dashboard.language import _
from dashboard.reading.mistakes import mistakes
from dashboard.reading.readers import reader_of


def show(run: Run) -> None:
    """The validation digits that the weights it has now misread; read only when the fold is open."""
    if not run.has_weights or run.normalization is None or run.status == "diverged":
        return
    folded(
        _("See its mistakes"),
        lambda: mistakes(reader_of(run)),
        icon=":material/grid_view:",
        key="mistakes-fold",
    )
