"""What is kept of a measurement of robustness: taken as it is, or measured again."""

import json

import pytest

from core.reading.damage import LEVELS
from dashboard.app_pages.draw.damage import read_curves

WHOLE = {name: [0.5] * len(levels) for name, levels in LEVELS.items()}


def test_a_measurement_at_todays_levels_is_taken() -> None:
    assert read_curves(json.dumps(WHOLE)) == WHOLE


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "7", "null", "{}", '{"noise": 7}', '{"noise": [1]}'])
def test_anything_else_is_measured_again(text: str) -> None:
    assert read_curves(text) is None
