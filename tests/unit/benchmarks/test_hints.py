from __future__ import annotations

import json

import numpy as np

from benchmarks import hints


def test_what_is_found_can_be_written() -> None:
    record = hints.Record()
    for verdict in (True, np.bool_(True), np.bool_(False)):
        record.add(verdict, "an experiment")
    told = json.loads(json.dumps(hints._told(True, record)))
    assert told == {
        "has_remedy": True,
        "spoke": 3,
        "right": 2,
        "share": 2 / 3,
        "wrong": ["an experiment"],
    }
