"""What is said of dead units holds: on these images, and whether they can come back."""

import pandas as pd
import pytest

from core.runs.progress import PROBE_SIZE
from dashboard.app_pages.inside.findings import findings


def layers(dead: list[float]) -> pd.DataFrame:
    nan = float("nan")
    rows = [(10, 1.0, number, 1e-2, 1e-3, nan, share) for number, share in enumerate([*dead, nan], start=1)]
    names = ["step", "epoch", "layer", "gradient_rms", "update_ratio", "saturated_share", "dead_share"]
    return pd.DataFrame(rows, columns=names)


@pytest.mark.parametrize(
    ("dead", "batch_normalization", "comes_back"),
    [([0.6, 0.1], False, False), ([0.6, 0.1], True, True), ([0.1, 0.6], False, True)],
)
def test_only_in_the_first_layer_dead_units_have_nothing_to_wake_them(
    dead: list[float], batch_normalization: bool, comes_back: bool
) -> None:
    said = findings(layers(dead), batch_normalization=batch_normalization)[-1]
    assert f"60% of the units are dead on the {PROBE_SIZE} training images that are measured" in said
    assert "probe" not in said
    assert ("They can come back" in said) is comes_back
    assert ("never change" in said) is not comes_back
    assert "stays" not in said


def test_few_dead_units_are_not_worth_a_sentence() -> None:
    assert not any("dead" in said for said in findings(layers([0.1, 0.1]), batch_normalization=False))
