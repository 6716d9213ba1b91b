"""A drawing comes out as MNIST's digits are, whatever its place, size, pen, slant, dirt and colours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from benchmarks import redraw
from core.dataset.mnist import load_mnist
from core.drawing import strokes
from core.drawing.mnist_style import BlankDrawing, FullDrawing, InvalidDrawing, boxed, raw, to_mnist
from core.errors import LabError
from core.reading import shipped

SEVEN = [(0, 0), (50, 0), (20, 100)]
FOUR = [[(10, 0), (0, 60), (60, 60)], [(45, 20), (45, 100)]]


def drawn(
    lines: Any, *, pen: int = 20, scale: float = 1.5, at: Any = (60, 60), canvas: Any = (280, 280)
) -> Any:
    """Lines with a round pen, by Pillow and four times too large: another way than the lab's own."""
    image = Image.new("L", (canvas[1] * 4, canvas[0] * 4))
    pencil = ImageDraw.Draw(image)
    for line in lines:
        path = [(4 * (x * scale + at[0]), 4 * (y * scale + at[1])) for x, y in line]
        pencil.line(path, fill=255, width=4 * pen, joint="curve")
        for x, y in (path[0], path[-1]):
            pencil.circle((x, y), 2 * pen, fill=255)
    return np.asarray(image.reduce(4))


def box(image: Any) -> Any:
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    return rows[0], rows[-1], columns[0], columns[-1]


def difference(one: Any, other: Any) -> Any:
    """Mean absolute difference of two images, as a share of their ink."""
    return np.abs(one.astype(float) - other).sum() / other.sum()


@pytest.mark.parametrize("lines", [[SEVEN], FOUR])
@pytest.mark.parametrize("scale", [0.4, 1.0, 1.9])
def test_has_mnists_size_place_and_type(lines: Any, scale: float) -> None:
    image = to_mnist(drawn(lines, pen=8, scale=scale, at=(40, 30)))
    top, bottom, left, right = box(image)
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert max(bottom - top, right - left) + 1 == 20
    assert image.max() == 255
    assert ndimage.center_of_mass(image) == pytest.approx((14, 14), abs=0.51)


def test_mnists_own_digits_are_read_as_well_as_before() -> None:
    mnist, network = load_mnist(), shipped.load().network
    images, labels = mnist.train_images[:50], mnist.train_labels[:50]
    large = [np.asarray(Image.fromarray(image).resize((140, 140))) for image in images]
    again = np.array([to_mnist(canvas) for canvas in large])
    before = (network.probabilities(images).argmax(1) == labels).mean()
    after = (network.probabilities(again).argmax(1) == labels).mean()
    assert after >= before - 0.02


def test_redrawn_digits_are_read_and_shrunk_ones_are_not() -> None:
    mnist, network = load_mnist(), shipped.load().network
    dice = np.random.default_rng(0)
    labels = mnist.train_labels[:12]
    canvases = [
        strokes.rasterize(
            redraw.write(redraw.paths_of(image), size=size, pen=10, place=(dice.uniform(), dice.uniform()))
        )
        for image, size in zip(mnist.train_images[:12], dice.uniform(50, 150, 12), strict=True)
    ]
    read = network.probabilities(np.array([to_mnist(canvas) for canvas in canvases])).argmax(1)
    shrunk = network.probabilities(np.array([raw(canvas) for canvas in canvases])).argmax(1)
    assert (read == labels).mean() >= 0.93
    assert (shrunk == labels).mean() <= 0.35


def test_place_does_not_matter() -> None:
    images = [to_mnist(drawn([SEVEN], at=at)) for at in [(20, 15), (60, 60), (150, 100)]]
    assert (images[0] == images[1]).all()
    assert (images[0] == images[2]).all()


def test_size_and_pen_hardly_matter() -> None:
    usual = to_mnist(drawn(FOUR, pen=20, scale=1.5))
    for pen, scale in [(6, 0.5), (6, 2.2), (10, 0.7), (14, 2.2), (40, 2.2)]:
        image = to_mnist(drawn(FOUR, pen=pen, scale=scale, at=(30, 30)))
        assert abs(image.mean() - usual.mean()) < 0.1 * usual.mean()
        assert np.corrcoef(image.ravel(), usual.ravel())[0, 1] > 0.9  # half a pixel aside at most


@pytest.mark.parametrize("pen", [6, 10, 20, 30, 40])
def test_strokes_have_mnists_width(pen: int) -> None:
    image = to_mnist(drawn([[(0, 0), (0, 100)]], pen=pen, scale=1.6))
    across = image[8:20].sum(1) / 255
    assert across == pytest.approx(2.5, abs=0.25)


def test_a_far_slant_is_reduced_and_a_usual_one_is_kept() -> None:
    def lean(lines: Any) -> Any:
        top, bottom, left, right = box(to_mnist(drawn(lines, at=(100, 60))) > 127)
        return (right - left - 2) / (bottom - top - 2)

    assert lean([[(0, 100), (20, 0)]]) == pytest.approx(0.2, abs=0.06)
    assert lean([[(0, 100), (90, 0)]]) == pytest.approx(0.5, abs=0.08)
    assert lean([[(0, 0), (40, 100)]]) == pytest.approx(0.1, abs=0.08)


def test_grey_ground_and_faint_strokes_do_not_matter() -> None:
    canvas = drawn([SEVEN])
    faint = (30 + canvas * 0.5).astype(np.uint8)
    assert difference(to_mnist(faint), to_mnist(canvas)) < 0.02


@pytest.mark.parametrize("colour", [(255, 255, 255), (255, 60, 0), (0, 0, 255)])
@pytest.mark.parametrize("opaque_ground", [True, False])
def test_colours_and_transparent_ground(colour: Any, opaque_ground: bool) -> None:
    grey = drawn([SEVEN])
    if opaque_ground:
        rgba = np.dstack(
            [*(np.rint(grey * (c / 255)).astype(np.uint8) for c in colour), np.full_like(grey, 255)]
        )
    else:
        rgba = np.dstack([*(np.full_like(grey, c) for c in colour), grey])
    assert difference(to_mnist(rgba), to_mnist(grey)) < 0.02


def test_specks_are_ignored() -> None:
    canvas = drawn([SEVEN], pen=16)
    dirty = canvas.copy()
    dirty[5:8, 270:273] = 255
    dirty[250:262, 20:32] = 255
    assert (to_mnist(dirty) == to_mnist(canvas)).all()


def test_several_strokes_are_one_digit() -> None:
    image = to_mnist(drawn([[(0, 0), (60, 0)], [(0, 70), (60, 70)]]))
    assert ndimage.label(image > 127)[1] == 2


def test_a_wide_canvas_and_the_callers_array_are_kept() -> None:
    canvas = drawn([SEVEN], canvas=(280, 400))
    before = canvas.copy()
    assert (to_mnist(canvas) == to_mnist(canvas[:, :280])).all()
    assert (canvas == before).all()


def test_three_views() -> None:
    canvas = drawn([SEVEN], at=(20, 20))
    means = canvas.reshape(28, 10, 28, 10).mean((1, 3))
    assert np.corrcoef(raw(canvas).ravel(), means.ravel())[0, 1] > 0.98
    top, bottom, left, right = box(boxed(canvas))
    assert (top, bottom) == (4, 23)
    assert left + right == pytest.approx(27, abs=1)
    assert abs(ndimage.center_of_mass(boxed(canvas))[0] - 13.5) > 1  # the middle of the box, not of the ink


@pytest.mark.parametrize("lean", [0.1, 0.5, 1.0])
def test_a_stroke_that_is_nowhere_solid_is_read(lean: float) -> None:
    """Thin lines on a large canvas, paled by shrinking and by being sheared back, ended in an IndexError."""
    canvas = np.zeros((280, 280), np.uint8)
    for row in range(20, 260):
        canvas[row, [int(row * lean), int(row * lean) + 12]] = 255
    assert to_mnist(canvas).max() == 255


@pytest.mark.parametrize("view", [to_mnist, raw, boxed])
def test_an_empty_canvas_gets_no_answer(view: Any) -> None:
    blank = np.zeros((280, 280), np.uint8)
    light_but_transparent = np.zeros((280, 280, 4), np.uint8)
    light_but_transparent[..., :3] = 255
    specks = blank.copy()
    specks[::40, ::40] = 255
    for canvas in (blank, light_but_transparent, drawn([[(0, 0), (0, 0)]], pen=30), specks):
        with pytest.raises(BlankDrawing):
            view(canvas)


@pytest.mark.parametrize("view", [to_mnist, raw, boxed])
def test_a_full_canvas_gets_no_answer(view: Any) -> None:
    white = np.full((280, 280), 255, np.uint8)
    scribbled = white.copy()
    scribbled[:60, :60] = 0
    for canvas in (white, scribbled, 255 - drawn([SEVEN])):
        with pytest.raises(FullDrawing):
            view(canvas)


@pytest.mark.parametrize(
    "pixels",
    [
        None,
        "a 7",
        [[0, 255], [255, 0]],
        np.zeros((280, 280)),
        np.zeros((280, 280), np.int64),
        np.zeros((280, 280), bool),
        np.zeros((280, 280), object),
        np.uint8(3),
        np.zeros(784, np.uint8),
        np.zeros((0, 0), np.uint8),
        np.zeros((280, 0), np.uint8),
        np.zeros((280, 280, 3), np.uint8),
        np.zeros((1, 280, 280, 4), np.uint8),
        np.zeros((19, 280), np.uint8),
        np.zeros((280, 1121), np.uint8),
    ],
    ids=lambda pixels: f"{getattr(pixels, 'shape', '')}{getattr(pixels, 'dtype', type(pixels).__name__)}",
)
def test_what_is_no_canvas_is_refused(pixels: Any) -> None:
    with pytest.raises(InvalidDrawing):
        to_mnist(pixels)


def hostile(dice: Any) -> Any:
    """An array that no pad makes: any shape, type and content."""
    shape = tuple(dice.integers(0, 60, dice.integers(0, 5)))
    if dice.random() < 0.7:
        shape = (*dice.integers(18, 70, 2), *([4] if dice.random() < 0.4 else []))
    pixels = dice.integers(0, 256, shape)
    match dice.integers(5):
        case 0:
            pixels = pixels * (dice.random(shape) < dice.random() ** 3)
        case 1:
            pixels = (pixels > dice.integers(0, 256)) * 255
        case 2 if pixels.size:
            pixels = np.cumsum(pixels, axis=int(dice.integers(max(1, pixels.ndim))) if pixels.ndim else None)
        case 3:
            pixels = pixels // 100 + dice.integers(0, 250)
    kind = dice.choice(["uint8"] * 6 + ["float64", "int16", "bool", "complex128", "U3", "datetime64[s]"])
    return np.asarray(pixels % 256).astype(kind)


def test_two_hundred_hostile_arrays_are_read_or_refused() -> None:
    dice = np.random.default_rng(5)
    read = 0
    for _ in range(200):
        try:
            image = to_mnist(hostile(dice))
        except LabError:
            continue
        read += 1
        assert image.shape == (28, 28)
        assert image.dtype == np.uint8
        assert image.any()
    assert 15 < read < 185
