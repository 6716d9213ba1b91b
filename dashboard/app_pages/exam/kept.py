"""What was seen when the test set was opened, as long as the run has the weights of that moment."""

from __future__ import annotations

from collections.abc import Sequence

from core.reading.exam import Exam
from core.record.looks import Look
from core.runs.run import Run


def kept_exam(run: Run, looks: Sequence[Look]) -> Exam | None:
    """What was seen with the weights the run has now; None while the test set is sealed for them.

    Args:
        looks: at the test set with this run, the newest last.

    Raises DamagedExam.
    """
    if not looks or looks[-1].step != run.weights_step:
        return None
    return Exam.from_json(looks[-1].evaluation)
