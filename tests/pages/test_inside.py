"""Inside: empty, recorded, and what it says of a run's own numbers."""

import numpy as np
import pytest
from page_lab import LEARNER, Lab

from core.runs.progress import (
    HISTOGRAM_EDGES,
    LAYER_MEASURES,
    Pictures,
    Point,
    Snapshot,
)
from core.settings import DEFAULT, PRESETS, Settings


def record_inside(lab: Lab, settings: Settings) -> str:
    """A run that still trains, with the microscope's record of two points and one snapshot."""
    run_id = lab.store.runs.create(LEARNER, settings)
    claim = lab.store.claims.take(run_id, "worker of the tests")
    assert claim is not None
    depth = len(settings.network.hidden)
    measures = np.full((len(LAYER_MEASURES), depth + 1), 0.25, np.float32)
    measures[0] = np.geomspace(1e-6, 1e-2, depth + 1)
    pictures = Pictures(np.ones((64, 28, 28), np.int8), 0.01)
    snapshot = Snapshot(0, np.ones((depth, len(HISTOGRAM_EDGES) + 1), np.int32), pictures)
    points = [
        Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1, layers=measures),
        Point(100, 0.06, 0.2, 2.0, 0.3, 2.0, 0.3, layers=measures),
    ]
    lab.store.claims.record(claim, points, None, snapshot)
    return run_id


def test_inside_without_a_run_says_what_to_do(lab: Lab) -> None:
    app = lab.open("inside")
    assert not app.exception
    assert any("press Train" in text.value for text in app.markdown)
    assert not app.info  # no box, but what the shipped network looks for
    assert any(title.value == "What the network that comes with the lab looks for" for title in app.header)


@pytest.mark.parametrize("preset", PRESETS)
def test_inside_speaks_from_the_runs_own_numbers(lab: Lab, preset: str) -> None:
    app = lab.open("inside", run=record_inside(lab, PRESETS[preset]))
    assert not app.exception
    assert any("10,000 times" in text.value for text in app.markdown)
    assert any("Glorot" in text.value for text in app.markdown)


def test_inside_of_a_waiting_run_and_of_one_without_hidden_layers(lab: Lab) -> None:
    waiting = lab.store.runs.create(LEARNER, DEFAULT)
    flat = record_inside(lab, DEFAULT.change(hidden=()))
    for run_id in (waiting, flat):
        assert not lab.open("inside", run=run_id).exception


@pytest.mark.parametrize("tab", ["On the curve", "First weights"])
def test_a_look_inside_that_is_gone_since_is_no_error(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tab: str
) -> None:
    """A run that begins anew loses its looks between the two reads."""
    run_id = record_inside(lab, DEFAULT)
    for look in ("histogram", "pictures"):
        monkeypatch.setattr(lab.store.curves, look, lambda _run, _step: None)
    app = lab.open("inside", run=run_id)
    app.session_state["inside-tab"] = tab
    app.run()
    assert not app.exception
    assert "recorded when the run starts" in app.info[0].value
