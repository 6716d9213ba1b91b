"""Sweeps: one or two settings tried at several values each, everything else kept; and a search for a rate.

A sweep is kept as what it asks for. Which runs answer is found among a learner's runs by their settings:
what was trained before is not trained again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from core.choices.parameters import parameter
from core.errors import N_, LabError
from core.runs.progress import steps_per_epoch
from core.settings import InvalidSetting, Settings

MOST_VALUES = 12
"""Values of one setting."""

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Half powers of ten: every step is about threefold."""
RATE_STEPS = 160
"""Steps of each short run in the search for a rate: about an epoch of 5,000 images in batches of 32."""
NEARLY = 1.1
"""A loss up to so many times the lowest counts as just as good."""
OFF_THE_GUESS = 0.9
"""A network has begun to learn when its loss is below this share of what guessing costs."""


class InvalidSweep(LabError):
    """This is not a sweep."""


@dataclass(frozen=True)
class Axis:
    """One setting and the values to try, in order, each once. Raises InvalidSweep, InvalidSetting."""

    name: str
    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        parameter(self.name)
        if not 1 <= len(self.values) <= MOST_VALUES or len(set(self.values)) < len(self.values):
            raise InvalidSweep(
                N_("{count} values for one setting. Choose 1 to {limit} different ones."),
                count=len(self.values),
                limit=MOST_VALUES,
            )


@dataclass(frozen=True)
class Sweep:
    """An experiment, and what to change in it.

    Attributes:
        base: everything that is not swept.
        rows, columns: what is; columns may be None. Two axes are two settings.
    """

    base: Settings
    rows: Axis
    columns: Axis | None = None

    def __post_init__(self) -> None:
        if self.columns is not None and self.columns.name == self.rows.name:
            raise InvalidSweep(N_("Both directions change the same setting. Choose two different ones."))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns; one column without a second axis."""
        return len(self.rows.values), len(self.columns.values) if self.columns else 1

    def cell(self, row: int, column: int = 0) -> Settings:
        """The experiment of one cell. Raises InvalidSetting where the values do not go together."""
        changes = {self.rows.name: self.rows.values[row]}
        if self.columns is not None:
            changes[self.columns.name] = self.columns.values[column]
        return self.base.change(**changes)

    def cells(self) -> tuple[dict[tuple[int, int], Settings], list[InvalidSetting]]:
        """(row, column) → experiment, for all that are possible; and why the others are not."""
        rows, columns = self.shape
        possible, refused = {}, []
        for place in product(range(rows), range(columns)):
            try:
                possible[place] = self.cell(*place)
            except InvalidSetting as error:
                refused.append(error)
        return possible, refused

    def to_json(self) -> str:
        """The sweep as a JSON object; values are written as in a link."""
        axes = [axis for axis in (self.rows, self.columns) if axis is not None]
        written = [[axis.name, [parameter(axis.name).write(v) for v in axis.values]] for axis in axes]
        return json.dumps({"base": json.loads(self.base.to_json()), "axes": written})

    @classmethod
    def from_json(cls, text: str) -> Sweep:
        """Undo ``to_json``. Raises InvalidSweep, InvalidSetting for anything else."""
        try:
            tree = json.loads(text)
            base = Settings.from_json(json.dumps(tree["base"]))
            return cls(base, *(read_axis(name, values) for name, values in tree["axes"]))
        except (ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
            raise InvalidSweep(N_("The saved sweep cannot be read ({reason})."), reason=error) from error


def read_axis(name: str, written: list[str]) -> Axis:
    """An axis from values as they stand in a link; the same value written twice counts once.

    Raises InvalidSweep, InvalidSetting.
    """
    row = parameter(name)
    return Axis(name, tuple(dict.fromkeys(row.read(text) for text in written)))


def rate_search(settings: Settings) -> Sweep:
    """Ten short runs of the same experiment, from the same seed, each with its own learning rate.

    The usual range test raises the rate within one run. There the loss at a rate also tells what all the
    smaller rates before it have taught or spoilt. Runs of their own cost the same, answer exactly what is
    asked, and are runs like any other, to be opened and gone on with.
    """
    batch = settings.training.batch_size
    images = min(settings.data.train, RATE_STEPS * batch)
    epochs = min(200, math.ceil(RATE_STEPS / steps_per_epoch(images, batch)))
    base = settings.change(train=images, epochs=epochs, learning_rate=RATES[0])
    return Sweep(base, Axis("learning_rate", RATES))


def suggest_rate(losses: Mapping[float, float], guessing: float) -> float | None:
    """The smallest rate that is nearly as good as the best one; None when none begins to learn.

    As good and further from where training breaks: short runs flatter large rates.

    Args:
        losses: rate → validation loss after the short run; runs that diverged have none.
        guessing: what guessing costs.
    """
    lowest = min(losses.values(), default=math.inf)
    if not lowest < OFF_THE_GUESS * guessing:
        return None
    return min(rate for rate, loss in losses.items() if loss <= NEARLY * lowest)
