"""Which weights of a run answer, and why it ended where it did, in words."""

from __future__ import annotations

import pandas as pd

from core.runs.best import best_epoch, epochs_in_vain
from core.runs.run import Run
from dashboard.language import _, ngettext


def label(run: Run) -> str:
    """Beside a run's name: "weights after epoch 7" where it keeps the best; else ""."""
    return "" if run.shown_step is None else _("weights after epoch {epoch}").format(epoch=run.weights_epoch)


def told(run: Run) -> str:
    """Which weights are examined, drawn with and taken home, where a run keeps the best; else ""."""
    if run.shown_step is None:
        return ""
    return _(
        "The weights after epoch {epoch} of {total} count, its best by validation loss: they are tested, "
        "drawn with and taken home."
    ).format(epoch=run.weights_epoch, total=run.epochs_done)


def why_it_ended(run: Run, points: pd.DataFrame) -> str:
    """That a run ended early, and by which numbers; "" where it did not.

    Args:
        points: its curve, as ``Curves.points`` gives it.
    """
    patience = run.settings.training.patience
    if run.status != "finished" or not patience:
        return ""
    losses = points.loc[points["step"] > 0, "val_loss"].dropna().tolist()
    best, in_vain = best_epoch(losses), epochs_in_vain(losses)
    if best is None or not in_vain or in_vain % patience:
        return ""
    return ngettext(
        "It ended early: for {count} epoch validation loss was not below {loss:.4f}, that of epoch {best}.",
        "It ended early: for {count} epochs validation loss was not below {loss:.4f}, that of epoch {best}.",
        in_vain,
    ).format(count=in_vain, loss=losses[best - 1], best=best)
