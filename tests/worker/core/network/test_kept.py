"""What a worker keeps between turns makes them cheap and changes nothing."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from notebook import Notebook, train, train_in_pieces
from record_lab import take

from core.cluster import worker
from core.network import training
from core.network.instruments import make_instruments
from core.network.kept import Kept, _key
from core.record.claims import Claim
from core.record.store import Store
from core.settings import InvalidSetting, Settings

SMALL = Settings().change(train=470, validation=100, hidden=(12, 12), optimizer="adam", epochs=2)
ROOT = Path(__file__).resolve().parents[4]
LARGEST = Settings().change(hidden=(1_000,) * 4, batch_size=1_024, optimizer="adam")


class Turn(Notebook):
    """Ends a run right after its first steps."""

    def record(self, points: Any, checkpoint: Any, snapshot: Any) -> bool:
        super().record(points, checkpoint, snapshot)
        return not any(point.step for point in points)


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step a call, and the recorder called after each."""
    monkeypatch.setattr(training._Reporter, "meanwhile", lambda reporter, work: work())
    monkeypatch.setattr(training, "CALL_SECONDS", 0.0)
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The settings of all instruments that are made during a test."""
    found: list[Any] = []

    def counted(settings: Any, *arguments: Any, **options: Any) -> Any:
        found.append(settings)
        return make_instruments(settings, *arguments, **options)

    monkeypatch.setattr("core.network.kept.make_instruments", counted)
    return found


def test_in_turns_with_kept_instruments_it_is_the_same_run_bit_for_bit(
    talkative: None, made: list[Any]
) -> None:
    whole = train(SMALL)
    pieces, count = train_in_pieces(SMALL, calls=9, kept=Kept())
    assert count >= 4
    assert len(made) == 2  # for the whole, and once for all pieces
    assert pieces.weights == whole.weights
    assert pieces.curve() == whole.curve()
    for mine, theirs in zip(pieces.checkpoints[-1].optimizer, whole.checkpoints[-1].optimizer, strict=True):
        assert mine.tobytes() == theirs.tobytes()


def test_runs_that_take_turns_in_one_worker_do_not_touch_each_other(made: list[Any]) -> None:
    others = [SMALL.change(seed=1), SMALL.change(learning_rate=0.02), SMALL.change(normalization="min-max")]
    alone = [train(settings).weights for settings in (SMALL, *others)]
    made.clear()
    kept, begun = Kept(), []
    for settings in (SMALL, *others):
        begun.append(Turn())
        assert training.train(settings, recorder=begun[-1], kept=kept) == "stopped"
    for settings, turn, expected in zip((SMALL, *others), begun, alone, strict=True):
        assert train(settings, checkpoint=turn.checkpoints[-1], kept=kept).weights == expected
    assert len(made) == 1  # their networks are alike


def test_a_run_that_begins_never_gets_weights_that_another_has_trained() -> None:
    kept = Kept()
    assert training.train(SMALL, recorder=Turn(), kept=kept) == "stopped"
    assert train(SMALL, kept=kept).weights == train(SMALL).weights


def test_what_a_lab_with_wider_bounds_kept_is_looked_for_as_any_other() -> None:
    tree = json.loads(SMALL.to_json())
    tree["training"] |= {"epochs": 5_000, "batch_size": 4_096}
    images: Any = SimpleNamespace(prepared=SimpleNamespace(labels=range(470)))
    read = Settings.from_record(json.dumps(tree))
    with pytest.raises(InvalidSetting):
        read.change(seed=1)
    assert _key(read, images, False) == _key(read.as_if(seed=1, epochs=3), images, False)
    assert _key(read, images, False) != _key(read.as_if(batch_size=32), images, False)


def test_the_classs_drawings_are_part_of_what_the_images_are() -> None:
    settings = SMALL.change(handwriting=True)
    kept = Kept()
    for value in (100, 200):
        extra = np.full((10, 28, 28), value, np.uint8), np.full(10, 7, np.uint8)
        assert train(settings, extra=extra, kept=kept).weights == train(settings, extra=extra).weights


def test_another_run_with_such_a_network_finds_it_compiled_and_learns_its_own(made: list[Any]) -> None:
    others = [
        SMALL.change(seed=1, learning_rate=0.02, epochs=1),
        SMALL.change(normalization="min-max", split="random"),
        SMALL.change(optimizer="nadam"),
        SMALL.change(gradient_clipping=0.5),
        SMALL.change(train=480),
    ]
    alone = [train(settings) for settings in others]
    kept = Kept()
    train(SMALL, kept=kept)
    made.clear()
    for settings, expected in zip(others, alone, strict=True):
        found = train(settings, kept=kept)
        assert found.weights == expected.weights
        assert found.curve() == expected.curve()
        assert found.looks() == expected.looks()
        for point, other in zip(found.points, expected.points, strict=True):
            np.testing.assert_array_equal(point.layers, other.layers)
    assert made == others[2:]  # what is compiled in must agree: the rule, the clipping, the number of images


def test_what_is_kept_has_a_bound() -> None:
    def alive() -> int:
        gc.collect()
        return sum(isinstance(thing, keras.Model) for thing in gc.get_objects())

    before, kept = alive(), Kept()
    train(SMALL, kept=kept)
    assert training.train(SMALL, recorder=Turn(), kept=kept) == "stopped"
    assert alive() == before + 1
    small = Kept(room=25_000_000)
    for seed in range(4):
        training.train(SMALL.change(batch_size=32 + seed), recorder=Turn(), kept=small)
    assert 1 <= alive() - before - 1 < 4
    training.train(LARGEST.change(train=2_048), recorder=Turn(), kept=small)  # larger than all the room
    assert alive() == before + 1


def test_a_run_stopped_while_it_compiles_leaves_nothing_half_made(made: list[Any]) -> None:
    kept = Kept()
    deep = SMALL.change(hidden=(30,) * 20)
    assert training.train(deep, recorder=Notebook(stop_at_call=3), kept=kept) == "stopped"
    assert train(deep, kept=kept).points
    assert len(made) == 2


class OneTurn(Turn):
    """Writes into a store, and notes what a turn costs: processor seconds in which no step is done."""

    def __init__(self, store: Store, claim: Claim) -> None:
        super().__init__()
        self.cost = -time.process_time()
        self._has_stopped = False
        self._store, self._claim = store, claim

    def begin_turn(self) -> None:
        """The first step comes next."""
        self.cost += time.process_time()

    def record(self, points: Any, checkpoint: Any, snapshot: Any) -> bool:
        go_on = super().record(points, checkpoint, snapshot)
        if not (go_on or self._has_stopped):
            self.cost, self._has_stopped = self.cost - time.process_time(), True
        self._store.claims.record(self._claim, points, checkpoint, snapshot)
        return go_on

    def end(self) -> float:
        """All is saved, and the worker free for another run."""
        self._store.claims.release(self._claim)
        return self.cost + time.process_time()


NETWORKS = {"three layers": Settings(), "the largest": LARGEST}

MEASURE = """
import importlib.util, json, sys
from pathlib import Path
sys.path[:0] = [".", "tests/helpers"]
spec = importlib.util.spec_from_file_location("turns", sys.argv[1])
turns = importlib.util.module_from_spec(spec)
spec.loader.exec_module(turns)
turns.worker.get_ready()
print(json.dumps(turns.costs(turns.NETWORKS[sys.argv[2]], Path(sys.argv[3]))))
"""


def costs(settings: Settings, folder: Path) -> list[float]:
    """Processor seconds that each of four turns of one run costs, the first with nothing kept."""
    store = Store(f"sqlite:///{(folder / 'digits.sqlite').as_posix()}")
    run_id, kept, measured = store.runs.create("anna", settings), Kept(), []
    for _ in range(4):
        turn = OneTurn(store, take(store, run_id))
        outcome = training.train(
            settings,
            recorder=turn,
            checkpoint=store.curves.checkpoint(run_id),
            kept=kept,
            when_ready=turn.begin_turn,
        )
        assert outcome == "stopped"
        measured.append(turn.end())
    store.close()
    return measured


@pytest.mark.parametrize("name", NETWORKS)
def test_taking_turns_costs_less_than_fifteen_percent(name: str, tmp_path: Path) -> None:
    """From the moment the run is to stop until it trains again: saved, released, claimed, read, restored.

    In a process of its own, as a worker is one: Keras looks through all memory for garbage.
    """
    command = [sys.executable, "-c", MEASURE, __file__, name, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2_000:]
    measured = json.loads(done.stdout.strip().splitlines()[-1])
    print("turns cost", *(f"{cost:.2f}" for cost in measured), "s")
    assert min(measured[1:]) < 0.15 * worker.TURN
