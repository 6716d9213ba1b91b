"""How often hints are right: ``python -m benchmarks.hints [--json FILE]``.

Trained: the experiments of ``benchmarks.hint_grid``, each with a few thousand images, and for every hint that
names a remedy the same experiment with it. It was right if validation accuracy rose by more than two standard
errors of the difference, or the symptom is gone (at no such loss of accuracy). A rule without a remedy is
right if ``benchmarks.hint_claims`` finds the same by another way. Healthy runs are those on which nothing
should be said to need a change.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import hint_elsewhere, hint_grid
from benchmarks.hint_claims import CLAIMS
from benchmarks.hint_lab import Lab
from core.hints.rules import RULES, Hint, hints
from core.hints.seen import Seen
from core.hints.tried import outcome
from core.settings import Settings

PROCESSES = 2


@dataclass
class Record:
    """How a rule did: each time it spoke, whether it was right; and the experiments where it was not."""

    verdicts: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, is_right: bool | np.bool, what: str) -> None:
        """One more time that the rule spoke."""
        self.verdicts.append(bool(is_right))  # NumPy has truths of its own, which JSON does not know
        if not is_right:
            self.wrong.append(what)


def is_right(lab: Lab, seen: Seen, hint: Hint) -> bool | None:
    """Whether a hint was right; None where nothing tells."""
    if hint.remedy is not None:
        return outcome(hint.rule, seen, lab.run(hint.remedy)).helped
    claim = CLAIMS.get(hint.code)
    return None if claim is None else claim(lab, seen, hint)


def judge(lab: Lab, experiments: Iterable[Settings]) -> dict[str, Record]:
    """Rule → how it did on these experiments."""
    records: dict[str, Record] = defaultdict(Record)
    for settings in experiments:
        seen = lab.run(settings)
        before = (hint for hint in hints(_half(seen)) if hint.rule.kind == "good")
        for hint in (*hints(seen), *before):
            verdict = is_right(lab, seen, hint)
            if verdict is not None:
                records[hint.code].add(verdict, json.dumps(settings.to_query()))
    return records


def _half(seen: Seen) -> Seen:
    """A run as it was seen after half of its epochs."""
    half = seen.settings.training.epochs // 2
    points, layers = (table[table["epoch"] <= half] for table in (seen.points, seen.layers))
    return replace(seen, status="running", points=points, layers=layers)


def judge_elsewhere(lab: Lab) -> dict[str, Record]:
    """Rule → how it did on exams, pairs of runs and drawings."""
    records: dict[str, Record] = defaultdict(Record)
    for code, verdicts in hint_elsewhere.judged(lab).items():
        for place, verdict in enumerate(verdicts):
            records[code].add(verdict, f"case {place}")
    return records


def alarms(lab: Lab, experiments: Iterable[Settings]) -> list[dict[str, Any]]:
    """The healthy runs that were told to change something, and by which rule."""
    return [
        {"settings": settings.to_query(), "rule": hint.code}
        for settings in experiments
        for hint in hints(lab.run(settings))[:1]
        if hint.is_alarm
    ]


class Part(NamedTuple):
    """What one process found out about a group of experiments."""

    records: dict[str, Record]
    alarms: list[dict[str, Any]]
    trained: int


def _part(group: str) -> Part:
    """Train and judge a group, in a process of its own; "" are the exams, pairs and drawings."""
    lab = _lab()
    before = len(lab)
    if not group:
        return Part(judge_elsewhere(lab), [], len(lab) - before)
    experiments = list(hint_grid.GROUPS[group]())
    records = judge(lab, experiments)
    false = alarms(lab, experiments) if group in hint_grid.HEALTHY else []
    return Part(records, false, len(lab) - before)


@cache
def _lab() -> Lab:
    """One for each process, so that a network is compiled once in it."""
    return Lab()


def measure() -> dict[str, Any]:
    """Everything, on as many cores as two processes take."""
    started = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(_part, ["", *hint_grid.GROUPS]))
    records: dict[str, Record] = defaultdict(Record)
    for part in parts:
        for code, found in part.records.items():
            records[code].verdicts += found.verdicts
            records[code].wrong += found.wrong
    false = [alarm for part in parts for alarm in part.alarms]
    return {
        "rules": {rule.code: _told(rule.remedy is not None, records[rule.code]) for rule in RULES},
        "healthy": {"runs": sum(1 for _each in hint_grid.healthy()), "alarms": len(false), "which": false},
        "experiments": sum(part.trained for part in parts),
        "seconds": time.perf_counter() - started,
    }


def _told(has_remedy: bool, record: Record) -> dict[str, Any]:
    spoke, right = len(record.verdicts), sum(record.verdicts)
    return {
        "has_remedy": has_remedy,
        "spoke": spoke,
        "right": right,
        "share": right / spoke if spoke else None,
        "wrong": record.wrong,
    }


def show(found: dict[str, Any]) -> None:
    """Print a table."""
    print(f"{'rule':22}{'spoke':>7}{'right':>7}{'share':>9}")
    for code, row in found["rules"].items():
        share = "–" if row["share"] is None else f"{row['share']:.0%}"
        print(
            f"{code:22}{row['spoke']:7}{row['right']:7}{share:>9}  {'' if row['has_remedy'] else 'no remedy'}"
        )
    healthy = found["healthy"]
    print(f"Healthy runs: {healthy['alarms']} alarms in {healthy['runs']}")
    print(f"{found['experiments']} experiments trained, {found['seconds']:.0f} s")


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    found = measure()
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
