from __future__ import annotations

import gc
import itertools
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from kept_answers import read_answers
from notebook import Notebook, same_layers, train, train_in_pieces

from core.architecture.plan import WrongWeights
from core.choices.optimizers import OPTIMIZERS
from core.dataset.mnist import load_mnist
from core.dataset.prepared import prepare
from core.dataset.split import split
from core.dataset.witnesses import COUNT, witnesses
from core.network import instruments, training
from core.network import model as models
from core.network.compiled_steps import Trainee
from core.reading import evaluation
from core.reading.divergence import Diverged
from core.reading.trained_network import TrainedNetwork
from core.runs.progress import DamagedRecord
from core.settings import Settings

ROOT = Path(__file__).parents[4]
SMALL = Settings().change(
    train=470, validation=100, hidden=(12, 12), epochs=2
)  # 15 steps, the last one of 22


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    try:
        training.use_one_thread()
    except RuntimeError:  # other tests of this process have used TensorFlow already
        assert "test_training" not in sys.argv


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step a call, the recorder called after each, and no words while it compiles."""
    monkeypatch.setattr(training._Reporter, "meanwhile", lambda reporter, work: work())
    monkeypatch.setattr(training, "CALL_SECONDS", 0.0)
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(instruments, "VALIDATION_PIECE", 40)


@pytest.fixture(scope="module")
def small() -> Any:
    return train(SMALL)


def test_points_lie_at_fixed_steps_and_hold_only_what_was_measured(small: Any) -> None:
    steps = [point.step for point in small.points]
    assert steps == [0, 2, 3, 4, 6, 8, 9, 10, 12, 14, 15, 17, 18, 19, 21, 23, 24, 25, 27, 29, 30]
    for point in small.points:
        assert point.epoch == point.step / 15
        at_end = point.step % 15 == 0
        assert (point.val_loss is not None) == (point.val_accuracy is not None) == at_end
        trained = point.step > 0
        assert all(
            (value is not None) == trained
            for value in (point.loss, point.accuracy, point.epoch_loss, point.epoch_accuracy)
        )
    assert all(one.seconds < other.seconds for one, other in itertools.pairwise(small.points))


def test_checkpoints_and_snapshots_come_at_epoch_ends(small: Any) -> None:
    assert [checkpoint.step for checkpoint in small.checkpoints] == [15, 30]
    assert [snapshot.step for snapshot in small.snapshots] == [0, 15, 30]
    assert not small.checkpoints[-1].sums.any()


def test_it_learns_what_keras_fit_learns(small: Any) -> None:
    """The independent reference: ``model.fit`` over the same images in the same order."""
    data = prepare(SMALL.data)
    model = models.build(SMALL.network, seed=SMALL.training.seed)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    images, labels = data.normalized(data.images), data.labels
    validation = data.normalized(data.validation_images), data.validation_labels
    ends = [point for point in small.points if point.step in (15, 30)]
    for epoch, point in enumerate(ends):
        order = np.random.default_rng([SMALL.training.seed, epoch]).permutation(len(labels))
        history = model.fit(
            images[order], labels[order], shuffle=False, validation_data=validation, verbose=0
        ).history
        assert point.epoch_loss == pytest.approx(history["loss"][0], rel=1e-4)
        assert point.epoch_accuracy == pytest.approx(history["accuracy"][0], abs=1e-6)
        assert point.val_loss == pytest.approx(history["val_loss"][0], rel=1e-4)
        assert point.val_accuracy == pytest.approx(history["val_accuracy"][0], abs=1e-6)
    for name, weight in models.weights(model).items():
        np.testing.assert_allclose(small.checkpoints[-1].weights[name], weight, atol=1e-5)


def test_losses_since_the_last_point_add_up_to_the_epoch_s(small: Any) -> None:
    first = [point for point in small.points if 0 < point.step <= 15]
    gaps = np.diff([0] + [point.step for point in first]) * 32.0
    gaps[-1] -= 15 * 32 - 470
    assert np.average([point.loss for point in first], weights=gaps) == pytest.approx(first[-1].epoch_loss)
    assert np.average([point.accuracy for point in first], weights=gaps) == pytest.approx(
        first[-1].epoch_accuracy
    )
    assert first[3].epoch_loss == pytest.approx(
        np.average([point.loss for point in first[:4]], weights=gaps[:4])
    )


def test_the_loss_may_be_the_squared_error() -> None:
    settings = SMALL.change(loss="squared-error", optimizer="adam", epochs=1)
    notebook, data = train(settings), prepare(settings.data)
    reader = TrainedNetwork(settings.network, notebook.checkpoints[-1].weights, data.normalization)
    expected = evaluation.evaluate(
        reader.scores(data.validation_images), data.validation_labels, "squared-error"
    )
    assert notebook.points[-1].val_loss == pytest.approx(expected.loss, rel=1e-5)
    assert notebook.points[-1].val_accuracy == expected.accuracy
    first, last = notebook.points[0].val_loss, notebook.points[-1].epoch_loss
    assert first is not None
    assert last is not None
    assert last < first < 0.2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_stopped_again_and_again_it_is_the_same_run_bit_for_bit(
    optimizer: Any, talkative: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SMALL.change(
        optimizer=optimizer, hidden=(12,), batch_normalization=True, gradient_clipping=1.0, seed=5
    )
    pieces, count = train_in_pieces(settings, calls=13)
    assert count >= 3
    monkeypatch.undo()  # long calls, few words
    whole = train(settings)
    assert pieces.weights == whole.weights
    assert pieces.curve() == whole.curve()
    for mine, theirs in zip(pieces.checkpoints[-1].optimizer, whole.checkpoints[-1].optimizer, strict=True):
        assert mine.tobytes() == theirs.tobytes()
    for point, other in zip(pieces.points, whole.points, strict=True):
        assert point.layers is not None
        assert other.layers is not None
        assert same_layers(point.layers, other.layers)
    assert pieces.looks() == whole.looks()


def test_stopped_anywhere_around_an_epoch_s_end_no_point_is_lost_or_doubled(
    talkative: Any, small: Any
) -> None:
    """A run whose weights are those of an epoch's end counts as done: its last point must be there then."""
    for call in range(16, 24):
        notebook = Notebook(stop_at_call=call)
        assert training.train(SMALL, recorder=notebook) == "stopped"
        left = notebook.checkpoints[-1]
        assert left.step % 15 or left.step in [point.step for point in notebook.points]
        rest = train(SMALL, checkpoint=left)
        assert [point.step for point in notebook.points + rest.points] == [p.step for p in small.points]
        assert rest.weights == small.weights


def test_another_process_gets_the_same_bits(tmp_path: Path) -> None:
    """As when a worker dies: the second epoch is trained elsewhere, and compared with both trained there."""
    script = """if True:
        import hashlib, sys
        from pathlib import Path
        from core.network import training
        from core.runs.progress import Checkpoint
        from core.settings import Settings
        sys.path.append("tests/helpers")
        from notebook import train
        training.use_one_thread()
        settings = Settings().change(train=2_000, validation=100, optimizer="adam", batch_normalization=True)
        file = Path(sys.argv[1])
        if not file.exists():
            file.write_bytes(train(settings, epochs=1).checkpoints[-1].to_bytes())
        else:
            kept = Checkpoint.from_bytes(file.read_bytes())
            for checkpoint in (kept, None):
                end = train(settings, checkpoint=checkpoint, epochs=2).checkpoints[-1]
                print(hashlib.sha256(b"".join(w.tobytes() for w in end.weights.values())).hexdigest())
    """
    command = [sys.executable, "-c", script, str(tmp_path / "checkpoint")]
    for _ in range(2):
        words = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    continued, whole = words
    assert continued == whole


def test_more_epochs_go_on_as_if_they_had_been_wanted_at_once(small: Any) -> None:
    first = train(SMALL.change(epochs=1))
    second = train(SMALL, checkpoint=first.checkpoints[-1])
    assert second.weights == small.weights
    assert first.curve() + second.curve() == small.curve()
    assert second.points[0].seconds > first.points[-1].seconds


def test_compiling_is_no_time_of_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock goes on by a millisecond whenever it is looked at, and by half a minute while it compiles."""
    now = [0.0]

    def look() -> float:
        now[0] += 0.001
        return now[0]

    monkeypatch.setattr(training, "compile_steps", lambda *_: now.__setitem__(0, now[0] + 30.0))
    monkeypatch.setattr("core.network.training.time.perf_counter", look)
    points = train(SMALL.change(epochs=1)).points
    assert now[0] > 30.0
    assert points[-1].seconds < 1.0


def test_nothing_is_done_when_the_epochs_are_there_already(small: Any) -> None:
    again = train(SMALL, checkpoint=small.checkpoints[-1])
    assert (again.points, again.checkpoints) == ([], [])


def test_other_seeds_give_other_weights(small: Any) -> None:
    assert train(SMALL.change(seed=1)).weights != small.weights


def test_a_stop_before_the_first_step_leaves_nothing_to_go_on_from() -> None:
    notebook = Notebook(stop_at_call=1)
    assert training.train(SMALL, recorder=notebook) == "stopped"
    assert notebook.checkpoints == []


def test_a_stop_at_the_very_end_is_no_stop() -> None:
    class StopsAtTheEnd(Notebook):
        def record(self, points: Any, checkpoint: Any, snapshot: Any) -> bool:
            return not (checkpoint and checkpoint.step == 30)

    assert training.train(SMALL, recorder=StopsAtTheEnd()) == "finished"


def test_the_recorder_hears_of_life_between_points(talkative: Any) -> None:
    notebook = Notebook()
    training.train(SMALL, recorder=notebook)
    assert notebook.calls > len(notebook.points)


def test_what_the_recorder_raises_comes_through() -> None:
    class Broken(Notebook):
        def record(self, points: Any, checkpoint: Any, snapshot: Any) -> bool:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        training.train(SMALL, recorder=Broken())


def test_the_largest_network_and_batch_answer_within_a_second() -> None:
    """Measured in processor time, so that a busy machine does not fail it."""

    class Listener(Notebook):
        def __init__(self) -> None:
            super().__init__()
            self.gaps: list[float] = []
            self.heard = time.process_time()

        def record(self, points: Any, checkpoint: Any, snapshot: Any) -> bool:
            self.gaps.append(time.process_time() - self.heard)
            self.heard = time.process_time()
            return super().record(points, checkpoint, snapshot)

    settings = Settings().change(
        train=4_096, validation=10_000, hidden=(1_000,) * 4, batch_size=1_024, epochs=1
    )
    listener = Listener()
    training.train(settings, recorder=listener)
    assert max(listener.gaps) < 1


def test_a_stop_does_not_wait_for_a_deep_network_to_be_compiled() -> None:
    notebook = Notebook(stop_at_call=2)
    settings = SMALL.change(hidden=(30,) * 50, batch_normalization=True, optimizer="nadam")
    began = time.process_time()
    assert training.train(settings, recorder=notebook) == "stopped"
    assert time.process_time() - began < 2
    assert train(SMALL).points  # and the next run is not harmed by what still compiles


def test_divergence_ends_the_run_in_words_and_is_never_shown_as_a_number() -> None:
    notebook = Notebook()
    with pytest.raises(Diverged, match="In epoch 1 "):
        training.train(
            SMALL.change(learning_rate=100.0, normalization="none", activation="linear"), recorder=notebook
        )
    assert notebook.points[0].step == 0
    for point in notebook.points:
        numbers = (point.loss, point.accuracy, point.epoch_loss, point.val_loss)
        assert all(number is None or np.isfinite(number) for number in numbers)
    for checkpoint in notebook.checkpoints:
        assert all(np.isfinite(weight).all() for weight in checkpoint.weights.values())


def test_handwriting_joins_the_training_part() -> None:
    settings = SMALL.change(handwriting=True, epochs=1)
    images, labels = np.full((10, 28, 28), 200, np.uint8), np.full(10, 7, np.uint8)
    with_extra = train(settings, extra=(images, labels))
    assert with_extra.points[-1].step == 15
    assert with_extra.weights != train(settings).weights
    prepared = prepare(settings.data, (images, labels))
    assert (len(prepared.labels), prepared.normalization.images) == (480, 480)
    assert len(prepared.validation_labels) == 100


def test_the_validation_part_is_cut_into_pieces_once_and_is_all_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(instruments, "VALIDATION_PIECE", 40)
    data = prepare(SMALL.data)
    images = instruments.Images(data, object())
    pieces = images.validation
    assert pieces is images.validation
    assert max(len(labels) for _, labels in pieces) == 40
    assert np.array_equal(np.concatenate([labels for _, labels in pieces]), data.validation_labels)
    expected = data.normalized(data.validation_images)
    assert np.array_equal(np.concatenate([pictures for pictures, _ in pieces]), expected)


def test_what_was_scaled_in_pieces_is_what_was_scaled_at_once() -> None:
    data = prepare(SMALL.change(train=2_500).data)
    scaled = data.normalized(data.images)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled, data.normalization.transform(data.images))


@pytest.mark.parametrize(
    ("change", "error"), [({"hidden": (13,)}, WrongWeights), ({"optimizer": "adam"}, DamagedRecord)]
)
def test_a_checkpoint_of_another_run_is_refused(change: Any, error: Any, small: Any) -> None:
    with pytest.raises(error):
        train(SMALL.change(**change, epochs=3), checkpoint=small.checkpoints[-1])


def test_without_the_microscope_the_same_is_learnt(small: Any) -> None:
    bare = train(SMALL, microscope=False)
    assert bare.weights == small.weights
    assert bare.curve() == small.curve()
    assert bare.points[-1].layers is None
    assert bare.snapshots == []


def test_asking_the_witnesses_changes_no_bit_and_tells_what_the_weights_answer(small: Any) -> None:
    silent = train(SMALL, answers=False)
    assert silent.weights == small.weights
    assert silent.curve() == [replace(point, answers=None) for point in small.curve()]
    assert {len(point.answers) for point in small.points} == {3 * COUNT}
    part = split(SMALL.data, load_mnist()).validation
    rows = witnesses(part)
    reader = TrainedNetwork(SMALL.network, small.checkpoints[-1].weights, prepare(SMALL.data).normalization)
    probabilities = reader.probabilities(part.pick(rows))
    digits, sure, truth = read_answers(small.points[-1].answers)
    assert digits.tolist() == probabilities.argmax(axis=1).tolist()
    np.testing.assert_allclose(sure, 100 * probabilities.max(axis=1), atol=0.51)
    np.testing.assert_allclose(truth, 100 * probabilities[np.arange(COUNT), part.labels[rows]], atol=0.51)


def test_nothing_of_a_run_stays_in_memory() -> None:
    def alive() -> Any:
        gc.collect()
        return [thing for thing in gc.get_objects() if isinstance(thing, Trainee | keras.Model)]

    before = alive()
    train(SMALL.change(epochs=1))
    assert not [thing for thing in alive() if not any(thing is other for other in before)]
