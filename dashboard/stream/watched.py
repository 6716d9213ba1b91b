"""What is known of one run that somebody watches, and what a watcher who knows less of it is told."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from core.cluster.engine import EngineState
from core.record.curves import POINT_COLUMNS, NewPoint
from core.record.queue import Outlook
from core.runs.run import Run
from core.translation import speaking
from dashboard.runs import faring, progress_words, run_cells
from dashboard.runs.faring import Faring

Row = Sequence[float | None]
AnswerRow = tuple[int, float, str]
LayerRow = tuple[int, float, list[float]]
NO_OUTLOOK = Outlook(None, None)
DIGITS = 6
"""Significant ones of a number that is sent: a screen shows fewer."""


@dataclass
class Known:
    """How far a watcher is with a run: the last steps that were sent, and what was said last.

    Attributes:
        point, layer, answer: last step of the points, of the layers, of the answers; -1 for none.
        layers, answers: whether the watcher wants layers, and answers, at all.
        cuts: how many cuts of the run's curve it knows of.
    """

    point: int = -1
    layer: int = -1
    layers: bool = False
    answer: int = -1
    answers: bool = False
    cuts: int = 0
    told: str = ""


@dataclass
class Watched:
    """A run as the record told it last, and its curve so far.

    Attributes:
        run: None until it was read, and where there is none with this id.
        is_read: whether it was looked for. is_behind: whether it may have points that are not here yet.
        points: rows of ``POINT_COLUMNS``. layers: step, epoch and every layer's gradient.
        layers_read_at: the last point's step when layers were read.
        faring: how the run fared when it was looked at last.
        answers: step, epoch and ``Point.answers`` in base 64, of points that have any.
        cuts: the steps behind which the curve began anew, because a worker died.
    """

    run: Run | None = None
    outlook: Outlook = NO_OUTLOOK
    is_read: bool = False
    is_behind: bool = False
    points: list[Row] = field(default_factory=list)
    layers: list[LayerRow] = field(default_factory=list)
    layers_read_at: int = -1
    faring: Faring | None = None
    answers: list[AnswerRow] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    _fared_at: tuple[str, int, int] | None = None
    _texts: dict[tuple[str, str | int], str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """Step of the newest point; -1 before the first."""
        return int(self.points[-1][0] or 0) if self.points else -1

    @property
    def last_layer(self) -> int:
        """The same for layers."""
        return self.layers[-1][0] if self.layers else -1

    @property
    def last_answer(self) -> int:
        """The same for answers."""
        return self.answers[-1][0] if self.answers else -1

    def take(self, run: Run | None, outlook: Outlook | None) -> None:
        """Take over what the record says now, and note whether there may be new points."""
        before, self.run, self.is_read = self.run, run, True
        self.outlook = outlook or NO_OUTLOOK
        self._texts.clear()
        if run is None:
            return
        if before is not None and len(run.arithmetic) > len(before.arithmetic):
            self._cut(run.arithmetic[-1].step)
        if run.step < self.last:
            self._cut(run.step)
        has_moved = before is None or (before.step, before.status) != (run.step, run.status)
        has_no_first_point = run.status == "running" and self.last < 0
        self.is_behind = self.is_behind or has_moved or has_no_first_point

    def add_points(self, points: Sequence[NewPoint]) -> None:
        """Add points, by step, behind those that are here."""
        self.points.extend(point.figures for point in points)
        self.answers.extend(_answer_row(point) for point in points if point.answers is not None)
        self._texts.clear()

    def add_layers(self, table: pd.DataFrame) -> None:
        """Add what ``Curves.layers`` gave."""
        self.layers_read_at = self.last
        for step, rows in table.groupby("step"):
            self.layers.append((int(str(step)), float(rows["epoch"].iloc[0]), rows["gradient_rms"].tolist()))
        self._texts.clear()

    def must_be_judged(self) -> bool:
        """Whether how the run fares may have changed: an epoch ended, a stage, or there is no verdict yet."""
        return bool(self.points) and self._faring_moment() != self._fared_at

    def _faring_moment(self) -> tuple[str, int, int] | None:
        has_verdict = self.faring is not None and bool(self.faring.found)
        run, step = self.run, -1 if has_verdict else self.last
        return None if run is None else (run.status, run.epochs_done, step)

    def curve(self) -> pd.DataFrame:
        """The points that are here, as ``Curves.points`` gives them."""
        return pd.DataFrame(self.points, columns=POINT_COLUMNS, dtype=float)

    def take_faring(self, faring: Faring) -> None:
        """Take over how the run fares."""
        self.faring = faring
        self._fared_at = self._faring_moment()
        self._texts.clear()

    def _cut(self, step: int) -> None:
        """Forget what is behind this step: it is trained again."""
        self.points = [row for row in self.points if (row[0] or 0) <= step]
        self.layers = [row for row in self.layers if row[0] <= step]
        self.answers = [row for row in self.answers if row[0] <= step]
        self.cuts.append(step)
        self.layers_read_at = -1

    def news(self, known: Known, language: str, state: EngineState) -> str | None:
        """What a watcher does not know yet, as JSON, and ``known`` is brought up to it; None for nothing.

        Watchers who know as much share one text.
        """
        if not self.is_read:
            return None
        told = self._shared(("told", language), lambda: json.dumps(self._told(language, state)))
        parts = {"told": told} if told != known.told else {}
        if lost := self.cuts[known.cuts :]:
            parts["from"] = str(min(lost))
            known.point, known.layer = min(known.point, *lost), min(known.layer, *lost)
            known.answer = min(known.answer, *lost)
        if known.point < self.last:
            parts["points"] = self._shared(("points", known.point), lambda: self._points_after(known.point))
        if known.layers and known.layer < self.last_layer:
            parts["layers"] = self._shared(("layers", known.layer), lambda: self._layers_after(known.layer))
            known.layer = self.last_layer
        if known.answers and known.answer < self.last_answer:
            parts["answers"] = self._shared(
                ("answers", known.answer), lambda: self._answers_after(known.answer)
            )
            known.answer = self.last_answer
        known.point, known.cuts, known.told = max(known.point, self.last), len(self.cuts), told
        return "{" + ",".join(f'"{name}":{text}' for name, text in parts.items()) + "}" if parts else None

    def _shared(self, key: tuple[str, str | int], make: Callable[[], str]) -> str:
        if key not in self._texts:
            self._texts[key] = make()
        return self._texts[key]

    def _told(self, language: str, state: EngineState) -> dict[str, Any]:
        if self.run is None:
            return {"gone": True}
        run = replace(self.run, position=self.outlook.position if self.run.status == "waiting" else None)
        with speaking(language):
            text = progress_words.line(run, state, self.outlook.seconds_left)
            bar = progress_words.short(run)
            cells = run_cells.cells(run)
            fare = None if self.faring is None else faring.told(run, self.faring)
        return {
            "status": run.status,
            "stage": progress_words.stage(run, state),
            "text": text,
            "share": round(progress_words.share(run), 4),
            "step": run.step,
            "epoch": run.epochs_done,
            "epochs": run.epochs,
            "seconds": round(run.seconds, 3),
            "unfinished": run.unfinished,
            "bar": bar,
            "cells": cells,
            "fare": fare,
            "answered": bool(self.answers),
        }

    def _points_after(self, step: int) -> str:
        new = [row for row in self.points if (row[0] or 0) > step]
        columns = zip(POINT_COLUMNS, zip(*new, strict=True), strict=True)
        return json.dumps({name: [_short(value) for value in column] for name, column in columns})

    def _layers_after(self, step: int) -> str:
        new = [row for row in self.layers if row[0] > step]
        table = {
            "step": [row[0] for row in new],
            "epoch": [_short(row[1]) for row in new],
            "gradient": [[_short(value) for value in row[2]] for row in new],
        }
        return json.dumps(table)

    def _answers_after(self, step: int) -> str:
        steps, epochs, texts = zip(*(row for row in self.answers if row[0] > step), strict=True)
        return json.dumps({"step": steps, "epoch": [_short(epoch) for epoch in epochs], "answers": texts})


def _answer_row(point: NewPoint) -> AnswerRow:
    step, epoch = (point.figures[POINT_COLUMNS.index(name)] for name in ("step", "epoch"))
    return int(step or 0), float(epoch or 0.0), b64encode(point.answers or b"").decode("ascii")


def _short(value: float | None) -> float | int | None:
    """A number with as many digits as a screen can use; None for what JSON and a chart do not know."""
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")
