"""A run's state as a person says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from core.errors import N_
from core.runs.arithmetic import Arithmetic, changes
from core.runs.run import Run
from dashboard.language import _, numbers, translated

_STATES: Mapping[str, str] = {
    "waiting": N_("waiting"),
    "running": N_("training"),
    "stopping": N_("stopping"),
    "stopped": N_("stopped"),
    "finished": N_("finished"),
    "diverged": N_("diverged"),
    "failed": N_("failed"),
}


def status_name(status: str) -> str:
    """A run's state as a person says it."""
    return translated(_STATES[status])


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
    if arithmetic.steps == "XLA":
        return _(
            "{instructions}, steps compiled whole (XLA), TensorFlow {tensorflow}, Keras {keras}, "
            "rules {rules}, probe {probe}"
        ).format(**asdict(arithmetic))
    return _("{instructions}, TensorFlow {tensorflow}, Keras {keras}, rules {rules}, probe {probe}").format(
        **asdict(arithmetic)
    )
