from __future__ import annotations

import pytest

from benchmarks import grid
from core.choices.activations import ACTIVATIONS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS


def row(name: str, lab: float, loop: float, fit: float) -> dict[str, object]:
    measured = [{"lab": lab, "compiled-loop": loop, "report-script": fit}] * 3
    return {"name": name, "images": 55_000} | grid.compare(measured)


def test_the_grid_holds_every_choice() -> None:
    settings = list(grid.GRID.values())
    assert len(settings) == 30
    assert {each.network.activation for each in settings} == set(ACTIVATIONS)
    assert {each.training.optimizer for each in settings} == set(OPTIMIZERS)
    assert {each.training.loss for each in settings} == set(LOSSES)
    assert {len(each.network.hidden) for each in settings} >= {0, 2, 20, 50}
    assert {each.training.batch_size for each in settings} >= {8, 32, 1_024}
    for remedy in ("l2", "label_smoothing", "shift", "turn", "thickness", "warm_up"):
        assert any(getattr(each.training, remedy) for each in settings)
    assert any(each.network.dropout for each in settings)
    assert any(each.training.schedule == "cosine" for each in settings)


def test_a_round_that_was_disturbed_as_a_whole_changes_no_ratio() -> None:
    usual = {"lab": 1.1, "compiled-loop": 1.0, "report-script": 4.4}
    slow = {name: 3 * seconds for name, seconds in usual.items()}
    found = grid.compare([usual, slow, slow])
    assert found["ratio_to_compiled"] == pytest.approx(1.1)
    assert found["ratio_to_fit"] == pytest.approx(4.0)
    assert "ratio_to_scan" not in found


def test_worst_is_the_slowest_lab() -> None:
    rows = [row("a", 1.0, 1.0, 5.0), row("b", 1.2, 1.0, 3.0), row("c", 1.1, 1.0, 4.4)]
    found = grid.summary(rows)
    assert set(found) == set(grid.GOALS)
    assert found["grid.ratio_to_compiled.worst"] == pytest.approx(1.2)
    assert found["grid.ratio_to_compiled.median"] == pytest.approx(1.1)
    assert found["grid.ratio_to_fit.worst"] == pytest.approx(2.5)
    lines = grid.table(rows).splitlines()
    assert len(lines) == 5
    assert "| a | 55,000 | 1.00 | 1.00 | 5.00 | 1.00 | 5.00 |" in lines
