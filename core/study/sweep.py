"""Sweeps: one or two settings tried at several values each, everything else kept.

A sweep is kept as what it asks for. Which runs answer is found among a learner's runs by their settings:
what was trained before is not trained again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from core.choices.parameters import parameter
from core.errors import N_, LabError
from core.runs.rates import at_usual_rate
from core.runs.run import Run
from core.settings import InvalidSetting, Settings
from core.study.comparison import find_run

MOST_VALUES = 12
"""Values of one setting."""


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
        usual_rates: whether each optimiser is tried at its usual learning rate, instead of all at one.
    """

    base: Settings
    rows: Axis
    columns: Axis | None = None
    usual_rates: bool = False

    def __post_init__(self) -> None:
        if self.columns is not None and self.columns.name == self.rows.name:
            raise InvalidSweep(N_("Both directions change the same setting. Choose two different ones."))
        if self.usual_rates and not has_usual_rates(axis.name for axis in self.axes):
            raise InvalidSweep(
                N_(
                    "Only optimisers have a usual learning rate, and only where the rate is not tried out "
                    "too. Choose the optimiser for one direction, and not the learning rate for the other."
                )
            )

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Rows, and columns if there are any."""
        return (self.rows,) if self.columns is None else (self.rows, self.columns)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns; one column without a second axis."""
        return len(self.rows.values), len(self.columns.values) if self.columns else 1

    def cell(self, row: int, column: int = 0) -> Settings:
        """The experiment of one cell. Raises InvalidSetting where the values do not go together."""
        changes = {self.rows.name: self.rows.values[row]}
        if self.columns is not None:
            changes[self.columns.name] = self.columns.values[column]
        settings = self.base.change(**changes)
        return at_usual_rate(settings) if self.usual_rates else settings

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
        written = [[axis.name, [parameter(axis.name).write(v) for v in axis.values]] for axis in self.axes]
        tree = {"base": json.loads(self.base.to_json()), "axes": written, "usual_rates": self.usual_rates}
        return json.dumps(tree)

    @classmethod
    def from_json(cls, text: str) -> Sweep:
        """Undo ``to_json``. Raises InvalidSweep, InvalidSetting for anything else."""
        try:
            tree = json.loads(text)
            base = Settings.from_json(json.dumps(tree["base"]))
            rows, *rest = (read_axis(name, values) for name, values in tree["axes"])
            (columns,) = rest or (None,)
            # Not there in sweeps that were kept before optimisers had a usual rate.
            return cls(base, rows, columns, tree.get("usual_rates", False) is True)
        except (ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
            raise InvalidSweep(N_("The saved sweep cannot be read ({reason})."), reason=error) from error


def has_usual_rates(names: Iterable[str]) -> bool:
    """Whether a sweep over these settings can try each optimiser at its usual rate."""
    found = set(names)
    return "optimizer" in found and "learning_rate" not in found


def read_axis(name: str, written: list[str]) -> Axis:
    """An axis from values as they stand in a link; the same value written twice counts once.

    Raises InvalidSweep, InvalidSetting.
    """
    row = parameter(name)
    return Axis(name, tuple(dict.fromkeys(row.read(text) for text in written)))


def missing(sweep: Sweep, runs: Sequence[Run]) -> list[Settings]:
    """The experiments of a sweep that none of these runs answers, each once."""
    cells, _refused = sweep.cells()
    return list(dict.fromkeys(cell for cell in cells.values() if find_run(cell, runs) is None))
