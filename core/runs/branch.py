"""Going on from where a run is with another rate: a run of its own, whose curve begins as the other's.

The rate is a setting of the new run like any other, from an epoch on, so that a link repeats it, exported
code holds it, and its curve is the same whether its first epochs were taken over or trained again.
"""

from __future__ import annotations

from core.choices.schedules import SCHEDULES
from core.runs.identity import experiment
from core.runs.run import Run
from core.settings import Settings


def branched(run: Run, rate: float, more: int) -> Settings:
    """The experiment that goes on from a run for ``more`` epochs, with another rate.

    It begins at the epoch whose weights the run shows; where those were saved within an epoch, at Stop, at
    the last whole one before. Where a schedule needs the number of epochs that a run was made for, the
    settings keep it.

    Raises InvalidSetting: the rate is out of bounds, or was changed as often as it may be.
    """
    epoch, training = run.weights_epoch, run.settings.training
    earlier = tuple(change for change in training.rate_changes if change[0] < epoch)
    needs_epochs = SCHEDULES[training.schedule].needs_epochs
    epochs = training.epochs if needs_epochs else epoch + more
    return run.settings.change(rate_changes=(*earlier, (epoch, rate)), epochs=epochs)


def parting(settings: Settings) -> int:
    """After which epoch a branch parts from the run that it went on from; 0 without one."""
    changes = settings.training.rate_changes
    return changes[-1][0] if changes else 0


def begins_as(settings: Settings, parent: Settings) -> bool:
    """Whether an experiment takes the parent's way until its last change of the rate."""
    epoch = parting(settings)

    def until(one: Settings) -> Settings:
        changes = one.training.rate_changes
        return experiment(one).as_if(rate_changes=tuple(each for each in changes if each[0] < epoch))

    return epoch > 0 and until(settings) == until(parent)
