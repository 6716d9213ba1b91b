"""What the detector is taught with and asked about: strokes of the right kinds, and always the same."""

import numpy as np
import pytest

from benchmarks import glyphs, no_digits, redraw, scribbles, styles
from benchmarks.distortions import distorted
from core.dataset.mnist import load_mnist
from core.drawing import strokes


@pytest.mark.parametrize("kind", ["zigzag", "curve", "letter"])
def test_what_is_no_digit_can_be_drawn_and_is_the_same_again(kind: str) -> None:
    first, refused = no_digits.drawings(kind, 3, np.random.default_rng(1))
    again, _ = no_digits.drawings(kind, 3, np.random.default_rng(1))
    assert len(first) + refused == 3
    assert first.shape[1:] == (28, 28)
    np.testing.assert_array_equal(first, again)


def test_a_zigzag_has_three_to_eleven_strokes() -> None:
    dice = np.random.default_rng(0)
    corners = {len(no_digits.zigzag(dice)[0]) for _ in range(300)}
    assert corners == set(range(4, 13))


def test_the_teacher_s_letters_and_faces_are_not_the_benchmark_s() -> None:
    assert not set(scribbles.SIGNS) & set(no_digits.LETTERS)
    assert not set(scribbles.FACES) & set(no_digits.FACES)
    assert not set(scribbles.SHARES) & set(no_digits.KINDS)


def test_every_scribble_is_made_of_points() -> None:
    assert sum(scribbles.SHARES.values()) == pytest.approx(1)
    assert set(scribbles.SHARES) == {*scribbles.FREE, *scribbles.OF_DIGITS}
    dice = np.random.default_rng(0)
    digits = [redraw.paths_of(image) for image in load_mnist().train_images[:3]]
    for _ in range(60):
        paths = scribbles.draw(digits, dice)
        assert paths
        assert all(path.ndim == 2 and path.shape[1] == 2 and np.isfinite(path).all() for path in paths)


def test_bars_are_straight_joined_and_no_more_than_six() -> None:
    dice = np.random.default_rng(0)
    drawn = [scribbles.bars(dice) for _ in range(100)]
    assert {len(paths) for paths in drawn} == {3, 4, 5, 6}
    for paths in drawn:
        assert all(path.shape == (2, 2) for path in paths)
        for place, path in enumerate(paths[1:], 1):
            ends = np.concatenate(paths[:place])
            assert np.linalg.norm(ends - path[0], axis=1).min() < 0.4  # a lattice's step is 0.5 to 1


def test_a_lying_digit_has_turned_by_about_a_right_angle() -> None:
    dice = np.random.default_rng(0)
    upright = [np.array([[0.0, 0.0], [0.0, -10.0]])]
    ends = np.array([scribbles.lying([upright], dice)[0][1] for _ in range(100)])
    np.testing.assert_allclose(np.linalg.norm(ends, axis=1), 10)
    away = np.rad2deg(np.arctan2(ends[:, 1], np.abs(ends[:, 0])))
    assert abs(away).max() < 4 * scribbles.LYING
    assert (ends[:, 0] > 0).any()
    assert (ends[:, 0] < 0).any()


def test_a_glyph_is_turned_clockwise_and_a_missing_one_is_known() -> None:
    (bar,) = glyphs.turned([np.array([[0.0, 0.0], [0.0, -10.0]])], 90)  # upwards, y points down
    np.testing.assert_allclose(bar[1], [10, 0], atol=1e-9)
    assert glyphs.has("A", "KaTeX_Main-Regular")
    assert not glyphs.has("Ж", "KaTeX_Main-Regular")
    with pytest.raises(FileNotFoundError):
        glyphs.paths_of("A", "No-Such-Face")


@pytest.mark.parametrize("style", styles.STYLES, ids=lambda style: style.name)
def test_a_style_changes_a_digit_s_strokes_and_can_be_drawn(style: styles.Style) -> None:
    mnist = load_mnist()
    images, labels = mnist.train_images[:300], mnist.train_labels[:300]
    written = styles.write(style, images, labels, 2, np.random.default_rng(0))
    assert written.shape == (2, 28, 28)
    plain = redraw.paths_of(images[labels == style.digit][0])
    changed = style.change(plain, np.random.default_rng(0))
    assert len(changed) != len(plain) or not np.array_equal(changed[0], plain[0])


def test_a_random_place_and_pen_stay_on_the_pad() -> None:
    dice = np.random.default_rng(0)
    for _ in range(50):
        lines = redraw.anywhere([np.array([[0.0, 0.0], [1.0, 3.0]])], dice)
        points = np.concatenate([line.points() for line in lines])
        assert points.min() >= 0
        assert points.max() <= strokes.CANVAS
        assert strokes.WIDTHS[0] <= lines[0].width <= strokes.WIDTHS[1]


def test_distorted_copies_come_in_rounds_keep_most_ink_and_leave_the_original() -> None:
    images = load_mnist().train_images[:8].copy()
    before = images.copy()
    bent = distorted(images, 2, np.random.default_rng(0))
    assert bent.shape == (16, 28, 28)
    assert bent.dtype == np.uint8
    np.testing.assert_array_equal(images, before)
    ink = bent.reshape(2, 8, -1).sum(2) / images.reshape(8, -1).sum(1)
    assert ((ink > 0.6) & (ink < 1.6)).all()
    assert (bent[:8] != bent[8:]).any(axis=(1, 2)).all()
    assert distorted(images, 0, np.random.default_rng(0)).shape == (0, 28, 28)


@pytest.mark.parametrize("not_sure", [0, 3, 12, 40])
def test_the_lowest_limit_takes_no_more_answers_than_may_be_lost(not_sure: int) -> None:
    dice = np.random.default_rng(not_sure)
    strangeness = dice.permutation(np.linspace(0, 1, 1_000, dtype=np.float32))
    unsure = np.arange(1_000) < not_sure
    lost = [
        int((unsure | (strangeness > limit)).sum())
        for limit in (
            no_digits.lowest_limit(strangeness, unsure),
            np.nextafter(np.float32(no_digits.lowest_limit(strangeness, unsure)), np.float32(-1)),
        )
    ]
    most = max(int(no_digits.LOST * 1_000), not_sure)
    assert lost[0] == most  # and a lower limit takes one more
    assert lost[1] == most + 1
