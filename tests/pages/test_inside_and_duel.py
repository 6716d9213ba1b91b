"""Inside and Depth duel: empty, recorded, predicted, decided."""

import json
from dataclasses import replace

import numpy as np
import pytest
from page_lab import LEARNER, Lab

from core.runs.origin import Origin
from core.runs.progress import HISTOGRAM_EDGES, LAYER_MEASURES, Point, Snapshot
from core.settings import DEFAULT, PRESETS, Settings
from core.study.duel import Prediction, Side, verdict
from dashboard.app_pages.duel import race
from dashboard.app_pages.train import take_home


def record_inside(lab: Lab, settings: Settings) -> str:
    """A run that still trains, with the microscope's record of two points and one snapshot."""
    run_id = lab.store.runs.create(LEARNER, settings)
    claim = lab.store.claims.take(run_id, "worker of the tests")
    assert claim is not None
    depth = len(settings.network.hidden)
    measures = np.full((len(LAYER_MEASURES), depth + 1), 0.25, np.float32)
    measures[0] = np.geomspace(1e-6, 1e-2, depth + 1)
    snapshot = Snapshot(
        0, np.ones((depth, len(HISTOGRAM_EDGES) + 1), np.int32), np.ones((64, 28, 28), np.int8), 0.01
    )
    points = [
        Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1, layers=measures),
        Point(100, 0.06, 0.2, 2.0, 0.3, 2.0, 0.3, layers=measures),
    ]
    lab.store.claims.record(claim, points, None, snapshot)
    return run_id


def test_inside_without_a_run_says_what_to_do(lab: Lab) -> None:
    app = lab.open("inside")
    assert not app.exception
    assert "press Train" in app.info[0].value


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


def test_a_duel_starts_only_after_a_prediction(lab: Lab) -> None:
    app = lab.open("duel")
    assert app.button(key="duel-start").disabled is True
    app.radio(key="duel-winner-depth").set_value("Hidden layers: 20 × 100").run()
    app.slider(key="duel-points").set_value(3.0).run()
    app.button(key="duel-start").click().run()
    assert not app.exception
    runs = lab.store.runs.of(LEARNER)
    assert [run.settings.network.hidden for run in runs] == [(100,) * 20, (300, 100)]
    assert len({run.origin for run in runs}) == 1
    kept = lab.store.documents.get(LEARNER, str(runs[0].origin))
    assert kept is not None
    assert json.loads(kept) == {"winner": 1, "points": 3.0}


def test_the_verdict_holds_the_prediction_against_the_result(lab: Lab) -> None:
    duel = Origin("duel", "of-a-test")
    lab.store.documents.save(LEARNER, str(duel), Prediction(1, 4.0).to_json())
    for settings in PRESETS.values():
        lab.trained(settings, origin=duel)
    app = lab.open("duel")
    assert not app.exception
    texts = " ".join(text.value for text in app.markdown)
    assert "The verdict" in texts
    assert "You predicted **Hidden layers: 20 × 100** by 4 points." in texts
    assert "No difference to speak of" in texts


def test_a_prediction_goes_into_the_report_of_its_runs_only(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    duel, told = Origin("duel", "of-a-test"), []
    monkeypatch.setattr(take_home, "show", lambda _run, *, prediction: told.append(prediction))
    lab.store.documents.save(LEARNER, str(duel), Prediction(1, 4.0).to_json())
    runs = [lab.trained(settings, origin=duel) for settings in PRESETS.values()]
    for run in (runs[0], lab.trained()):
        assert not lab.open("train", run=run).exception
    assert told == [
        "Hidden layers: 300-100 against Hidden layers: 20 × 100: "
        "Hidden layers: 20 × 100 wins by 4 percentage points.",
        "",
    ]


@pytest.mark.parametrize(
    ("accuracies", "said"),
    [
        ([0.90, 0.91, 0.92], "once in 10 times: **too few"),
        ([0.90, 0.91, 0.92, 0.91, 0.90], "once in 126 times: **this is more than luck.**"),
        ([0.90, 0.95], "luck alone could do this"),
        ([0.90], "One seed each"),
    ],
)
def test_the_verdict_weighs_luck_by_the_number_of_seeds(lab: Lab, accuracies: list[float], said: str) -> None:
    run = lab.store.runs.get(lab.trained())
    first, second = (
        Side(settings, tuple(replace(run, val_accuracy=value + more) for value in accuracies))
        for settings, more in zip(PRESETS.values(), (0, 0.04), strict=True)
    )
    found = verdict([first, second])
    assert found is not None
    assert said in race.luck_sentence(found, (first, second))


def test_somebody_elses_duel_is_not_shown(lab: Lab) -> None:
    for settings in PRESETS.values():
        lab.store.runs.create("another-learner-altogether", settings, origin=Origin("duel", "theirs"))
    app = lab.open("duel")
    assert not any("The gradient that reaches" in text.value for text in app.markdown)
