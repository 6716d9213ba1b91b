"""A run's state as a person says it."""

from __future__ import annotations

from core.runs.arithmetic import Arithmetic, changes
from core.runs.run import Run
from dashboard.language import _, numbers


def status_name(status: str) -> str:
    """A run's state as a person says it."""
    return {
        "waiting": _("waiting"),
        "running": _("training"),
        "stopping": _("stopping"),
        "stopped": _("stopped"),
        "finished": _("finished"),
        "diverged": _("diverged"),
        "failed": _("failed"),
    }[status]


def arithmetic_changes(run: Run) -> list[str]:
    """A sentence for each time that a worker with another arithmetic went on with the run."""
    return [
        _(
            "From epoch {epoch} on, a worker with other arithmetic trained this run: {new} instead of {old}. "
            "The same settings and seed may give slightly different numbers."
        ).format(
            epoch=numbers.epochs_text(stretch.step, run.steps_per_epoch),
            new=_arithmetic_name(stretch.arithmetic),
            old=_arithmetic_name(former),
        )
        for former, stretch in changes(run.arithmetic)
    ]


def _arithmetic_name(arithmetic: Arithmetic) -> str:
    return _arithmetic_template(arithmetic.steps).format(
        instructions=arithmetic.instructions,
        tensorflow=arithmetic.tensorflow,
        keras=arithmetic.keras,
        rules=arithmetic.rules,
        probe=arithmetic.probe,
    )


def _arithmetic_template(steps: str) -> str:
    if steps == "XLA":
        return _(
            "{instructions}, steps compiled whole (XLA), TensorFlow {tensorflow}, Keras {keras}, "
            "rules {rules}, probe {probe}"
        )
    return _("{instructions}, TensorFlow {tensorflow}, Keras {keras}, rules {rules}, probe {probe}")
