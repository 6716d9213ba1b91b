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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import hint_elsewhere, hint_grid
from benchmarks.hint_claims import CLAIMS
from benchmarks.hint_lab import Lab
from core.hints.rules import RULES, Hint, hints
from core.hints.seen import Seen
from core.hints.tried import outcome
from core.settings import Settings


@dataclass
class Record:
    """How a rule did: each time it spoke, whether it was right; and the experiments where it was not."""

    verdicts: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, is_right: bool, what: str) -> None:
        """One more time that the rule spoke."""
        self.verdicts.append(is_right)
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
        for hint in hints(seen):
            verdict = is_right(lab, seen, hint)
            if verdict is not None:
                records[hint.code].add(verdict, json.dumps(settings.to_query()))
    return records


def alarms(lab: Lab, experiments: Iterable[Settings]) -> list[dict[str, Any]]:
    """The healthy runs that were told to change something, and by which rule."""
    return [
        {"settings": settings.to_query(), "rule": hint.code}
        for settings in experiments
        for hint in hints(lab.run(settings))[:1]
        if hint.is_alarm
    ]


def measure() -> dict[str, Any]:
    """Everything."""
    lab, started = Lab(), time.perf_counter()
    healthy = list(hint_grid.healthy())
    records = judge(lab, [*hint_grid.troubled(), *healthy])
    for code, verdicts in hint_elsewhere.judged(lab).items():
        for place, verdict in enumerate(verdicts):
            records[code].add(verdict, f"case {place}")
    false = alarms(lab, healthy)
    return {
        "rules": {rule.code: _told(rule.remedy is not None, records[rule.code]) for rule in RULES},
        "healthy": {"runs": len(healthy), "alarms": len(false), "which": false},
        "experiments": len(lab),
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
