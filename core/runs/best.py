"""Which epoch of a run is the best, and where a run ends that stops early.

Both belong to a run, not to what it shares: runs with the same curve may end at different epochs of it. What
decides is the validation loss, as in Keras' ``EarlyStopping`` unless something else is named.
"""

from __future__ import annotations

from collections.abc import Sequence


def best_epoch(losses: Sequence[float]) -> int | None:
    """The epoch, from 1, with the lowest validation loss, the first of several; None before any.

    Args:
        losses: after the first epoch, the second …
    """
    return min(range(len(losses)), key=losses.__getitem__) + 1 if losses else None


def epochs_in_vain(losses: Sequence[float]) -> int:
    """How many epochs there were since the best one; 0 before any."""
    return len(losses) - (best_epoch(losses) or 0)


def ends_early(losses: Sequence[float], patience: int, after: int = 0) -> int | None:
    """The first epoch later than ``after`` at whose end a run of this patience stops; None without one.

    That is when so many epochs in a row were in vain, and again after as many more: a run that is continued
    where it stopped has its patience anew.
    """
    for epoch in range(after + 1, len(losses) + 1) if patience else ():
        in_vain = epochs_in_vain(losses[:epoch])
        if in_vain and in_vain % patience == 0:
            return epoch
    return None
