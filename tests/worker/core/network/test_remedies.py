"""What keeps a network from learning its images by heart, held against Keras and SciPy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from notebook import train, train_in_pieces
from numpy.typing import NDArray
from scipy import ndimage, special, stats

from core.dataset.prepared import prepare
from core.network import training
from core.network.augmentation import augmented
from core.network.chance import drop, fold_in, of_epoch
from core.network.compiled_steps import make_steps, make_trainee, whole_batches
from core.network.kept import Kept
from core.network.model import build, weights
from core.runs.rates import rates
from core.settings import Settings, TrainingSettings

SMALL = Settings().change(train=310, validation=100, hidden=(12,), batch_size=32)
ALL: dict[str, Any] = {
    **{"dropout": 0.3, "l2": 0.01, "label_smoothing": 0.1},
    **{"shift": 2.0, "turn": 10.0, "thickness": 0.5},
}


def one_step(settings: Settings) -> dict[str, NDArray[np.float32]]:
    """The lab's weights after the first step of an epoch whose images come in order."""
    data, trainee = prepare(settings.data), make_trainee(settings)
    images, labels = tf.constant(data.normalized(data.images)), tf.constant(data.labels, tf.int32)
    order = whole_batches(np.arange(len(labels)), settings.training.batch_size)
    rest = rates(settings.training, -(-len(data.labels) // settings.training.batch_size), 0), of_epoch(0, 0)
    make_steps(trainee, len(labels))(images, labels, order, *rest, 0, 1, np.zeros((2, 3)))
    return trainee.weights()


def keras_step(settings: Settings, loss: Any, regularizer: Any = None) -> dict[str, NDArray[np.float32]]:
    """Stock Keras' after the same step, with its own loss and its own regulariser on each kernel."""
    data, model = prepare(settings.data), build(settings.network, seed=settings.training.seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.kernel_regularizer = regularizer
            layer.kernel.regularizer = regularizer
    size = settings.training.batch_size
    model.compile(keras.optimizers.SGD(settings.training.learning_rate, global_clipnorm=1.0), loss)
    answers = keras.utils.to_categorical(data.labels[:size], 10)
    model.train_on_batch(data.normalized(data.images[:size]), answers)
    return weights(model)


def test_l2_pulls_as_keras_regulariser_does() -> None:
    settings = SMALL.change(l2=0.05, gradient_clipping=1.0)
    expected = keras_step(settings, "categorical_crossentropy", keras.regularizers.L2(0.05))
    without = keras_step(settings, "categorical_crossentropy")
    found = one_step(settings)
    for name, weight in expected.items():
        np.testing.assert_allclose(found[name], weight, rtol=1e-5, atol=1e-7, err_msg=name)
    assert not np.allclose(found["dense_1/kernel"], without["dense_1/kernel"], atol=1e-6)


def test_smoothed_labels_are_learnt_as_keras_loss_has_them() -> None:
    settings = SMALL.change(label_smoothing=0.2, gradient_clipping=1.0)
    expected = keras_step(settings, keras.losses.CategoricalCrossentropy(label_smoothing=0.2))
    for name, weight in one_step(settings).items():
        np.testing.assert_allclose(weight, expected[name], rtol=1e-5, atol=1e-7, err_msg=name)


def test_the_curve_shows_the_plain_loss_whatever_a_step_makes_small() -> None:
    """Before the first step nothing has changed: the first point, and the first batch, cost the same."""
    plain, found = (
        train(SMALL.change(batch_size=310, epochs=1, **change), microscope=False)
        for change in ({}, {"l2": 0.01, "label_smoothing": 0.1})
    )
    assert found.points[0].val_loss == plain.points[0].val_loss
    assert found.points[1].loss == pytest.approx(plain.points[1].loss, rel=1e-6)
    assert found.weights != plain.weights


def test_dropout_leaves_out_its_share_and_keeps_the_mean() -> None:
    values = tf.ones([1_000, 100])
    kept = drop(values, 0.3, of_epoch(1, 2)).numpy()
    assert set(np.unique(kept)) == {np.float32(0), np.float32(1 / 0.7)}
    assert (kept == 0).mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / kept.size))
    assert kept.mean() == pytest.approx(1.0, abs=0.01)


def test_a_step_learns_from_who_was_left_in_grown_to_make_up_for_it() -> None:
    """One image a step: what was left out is seen at the answers' weights, and NumPy does the rest."""
    share, count, data = 0.3, 600, prepare(SMALL.data)
    settings = SMALL.change(dropout=share, hidden=(count,), activation="sigmoid", batch_size=1)
    before, after = weights(build(settings.network, seed=0)), one_step(settings)
    moved = after["output/kernel"] - before["output/kernel"]
    is_in = np.any(moved != 0, axis=1)
    assert is_in.mean() == pytest.approx(1 - share, abs=4 * np.sqrt(share * (1 - share) / count))
    image = data.normalized(data.images[:1]).reshape(1, -1).astype(float)
    units = special.expit(image @ before["dense_1/kernel"] + before["dense_1/bias"]) * is_in / (1 - share)
    errors = special.softmax(units @ before["output/kernel"] + before["output/bias"], axis=1)
    errors[0, data.labels[0]] -= 1
    rate = settings.training.learning_rate
    np.testing.assert_allclose(moved, -rate * units.T @ errors, rtol=1e-3, atol=1e-8)
    assert not np.any(after["dense_1/kernel"][:, ~is_in] != before["dense_1/kernel"][:, ~is_in])


def test_what_is_left_out_follows_from_seed_epoch_step_and_layer_only() -> None:
    chances = [of_epoch(1, 2), of_epoch(2, 1), of_epoch(1, 3)]
    chances += [fold_in(of_epoch(1, 2), step).numpy() for step in range(3)]
    masks = [drop(tf.ones([40, 50]), 0.5, chance).numpy().tobytes() for chance in chances]
    again = [drop(tf.ones([40, 50]), 0.5, chance).numpy().tobytes() for chance in chances]
    assert masks == again
    assert len(set(masks)) == len(masks)


def test_dropout_never_touches_who_is_validated() -> None:
    images = prepare(SMALL.data).validation_images.astype(np.float32) / 255
    labels = prepare(SMALL.data).validation_labels.astype(np.int32)
    costs = [make_trainee(SMALL.change(dropout=share)).evaluate(images, labels)[0] for share in (0.0, 0.5)]
    np.testing.assert_array_equal(*costs)


def pictures() -> NDArray[np.float32]:
    data = prepare(SMALL.data)
    return data.normalized(data.images[:20])


def test_shift_and_turn_are_scipys_affine_map(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {1: np.linspace(-0.6, 0.6, 20), 2: np.linspace(-3, 3, 20), 3: np.linspace(2, -2, 20)}
    monkeypatch.setattr("core.network.augmentation.fold_in", lambda _chance, place: place)
    monkeypatch.setattr(
        "core.network.augmentation.between", lambda _most, _n, place: tf.constant(drawn[place], tf.float32)
    )
    images = pictures()
    found = augmented(tf.constant(images), TrainingSettings(shift=3.0, turn=35.0), None).numpy()
    for image, got, angle, across, down in zip(images, found, *drawn.values(), strict=True):
        matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        offset = 13.5 - matrix @ np.array([13.5 + down, 13.5 + across])
        right = ndimage.affine_transform(image, matrix, offset, order=1, mode="nearest")
        np.testing.assert_allclose(got, right, atol=2e-4)


@pytest.mark.parametrize("amount", [-1.0, -0.4, 0.0, 0.7, 1.0])
def test_pens_are_scipys_dilation_and_erosion(amount: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "core.network.augmentation.between", lambda _most, n, _chance: tf.fill([n], np.float32(amount))
    )
    images = pictures()
    found = augmented(tf.constant(images), TrainingSettings(thickness=1.0), tf.constant([0, 0])).numpy()
    for image, got in zip(images, found, strict=True):
        other = ndimage.grey_dilation if amount > 0 else ndimage.grey_erosion
        extreme = other(image, size=(3, 3), mode="nearest")
        np.testing.assert_allclose(got, image + abs(amount) * (extreme - image), atol=1e-5)


def test_every_draw_stays_within_its_bounds_and_differs() -> None:
    dot = np.zeros((200, 28, 28), np.float32)
    dot[:, 13:15, 13:15] = 1
    found = augmented(tf.constant(dot), TrainingSettings(shift=3.0), tf.constant([3, 4])).numpy()
    rows = (found.sum(axis=2) @ np.arange(28)) / found.sum(axis=(1, 2)) - 13.5
    assert np.abs(rows).max() <= 3.001
    assert np.abs(rows).max() > 2.5
    assert abs(rows.mean()) < 0.5
    assert len(np.unique(rows)) > 190


def test_turns_and_pens_are_drawn_from_end_to_end_of_what_the_setting_says() -> None:
    """Where a dot at the right comes to lie tells the angle; how grey a stroke's edge is, the pen."""
    dot = np.zeros((300, 28, 28), np.float32)
    dot[:, 13:15, 23:25] = 1
    found = augmented(tf.constant(dot), TrainingSettings(turn=20.0), tf.constant([3, 4])).numpy()
    total, place = found.sum(axis=(1, 2)), np.arange(28) - 13.5
    down, across = found.sum(axis=2) @ place / total, found.sum(axis=1) @ place / total
    angles = np.degrees(np.arctan2(-down, across))
    bar = np.zeros((300, 28, 28), np.float32)
    bar[:, 10:14] = 1
    thick = augmented(tf.constant(bar), TrainingSettings(thickness=0.6), tf.constant([3, 4])).numpy()
    amounts = (thick[:, :, 5].sum(axis=1) - 4) / 2
    for drawn, most in ((angles, 20.0), (amounts, 0.6)):
        assert 0.95 * most < np.abs(drawn).max() < 1.02 * most
        assert abs(drawn.mean()) < 0.1 * most
        assert stats.kstest(drawn, stats.uniform(-most, 2 * most).cdf).pvalue > 0.001


SCHEDULES = keras.optimizers.schedules


@pytest.mark.parametrize(
    ("change", "keras_schedule"),
    [
        (
            {"schedule": "step", "drop_every": 2, "drop_to": 0.3},
            SCHEDULES.ExponentialDecay(0.1, 20, 0.3, True),
        ),
        ({"schedule": "cosine"}, SCHEDULES.CosineDecay(0.1, 60)),
        (
            {"schedule": "cosine", "warm_up": 2.0},
            SCHEDULES.CosineDecay(0.0, 40, 0.0, warmup_target=0.1, warmup_steps=20),
        ),
        ({"warm_up": 1.5}, SCHEDULES.CosineDecay(0.0, 1, 1.0, warmup_target=0.1, warmup_steps=15)),
        (
            {"rate_changes": ((2, 0.01), (4, 0.5))},
            SCHEDULES.PiecewiseConstantDecay([19, 39], [0.1, 0.01, 0.5]),
        ),
    ],
)
def test_the_rates_are_those_of_keras_schedules(change: dict[str, Any], keras_schedule: Any) -> None:
    training = TrainingSettings(learning_rate=0.1, epochs=6, **change)
    mine = np.concatenate([rates(training, 10, epoch) for epoch in range(6)])
    theirs = [float(keras_schedule(step)) for step in range(60)]
    np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-8)


def test_a_step_goes_as_far_as_its_rate_says() -> None:
    """The first step of a warm-up goes nowhere; one program serves each schedule, whatever its numbers."""
    kept, at_once = Kept(), SMALL.change(batch_size=310, epochs=2)
    slow = train(at_once.change(warm_up=1.0, epochs=1), kept=kept)
    fresh = weights(build(SMALL.network, seed=0))
    assert slow.weights == {name: weight.tobytes() for name, weight in fresh.items()}
    found = train(at_once.change(rate_changes=((1, 0.2),)), kept=kept)
    plain = train(at_once.change(epochs=1))
    assert found.checkpoints[0].weights["output/bias"].tobytes() == plain.weights["output/bias"]
    last = plain.checkpoints[-1]
    faster = replace(last, optimizer=[last.optimizer[0], np.array(0.2, np.float32), *last.optimizer[2:]])
    assert found.weights == train(at_once.change(learning_rate=0.2), checkpoint=faster).weights


def test_a_remedied_run_is_the_same_bit_for_bit_in_one_piece_or_in_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = SMALL.change(epochs=2, seed=5, **ALL, schedule="cosine", warm_up=0.5)
    with monkeypatch.context() as often:
        often.setattr(training._Reporter, "meanwhile", lambda reporter, work: work())
        often.setattr(training, "CALL_SECONDS", 0.0)
        often.setattr(training, "REPORT_SECONDS", 0.0)
        kept = Kept()  # one program for all pieces, as in a worker
        pieces, count = train_in_pieces(settings, calls=9, kept=kept)
    whole = train(settings)
    assert count >= 3
    assert pieces.weights == whole.weights
    assert pieces.curve() == whole.curve()
    assert train(settings.change(seed=6), kept=kept).weights == train(settings.change(seed=6)).weights
