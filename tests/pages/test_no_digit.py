"""What is no digit gets no answer on Draw and Photo; a rare shape is said to be one; the gain is shown."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.dataset.mnist import load_mnist
from core.drawing import strokes
from core.reading import rejection
from core.settings import DEFAULT
from core.study.gain import Gain
from dashboard.app_pages.draw.gain import sentence
from dashboard.browser.drawing_pad import SAVED
from dashboard.reading.familiar import rare

ZIGZAG = [["M", 40, 60], *(["L", x, y] for x, y in ((230, 75), (45, 110), (225, 130), (50, 165), (230, 185)))]
SEVEN = [["M", 50, 50], ["L", 200, 55], ["L", 100, 250]]
RING = np.stack([140 + 65 * np.cos(np.arange(33) / 5), 140 + 105 * np.sin(np.arange(33) / 5)], 1).tolist()
ZERO = [["M", *RING[0]], *(["L", *point] for point in RING[1:])]
TENT = [["M", 56, 148], ["L", 105, 105], ["L", 148, 52], ["L", 178, 105], ["L", 200, 160], ["L", 225, 228]]
SLASH = [["M", 195, 60], ["L", 85, 220]]


def pad(*paths: list[Any]) -> dict[str, Any]:
    return {"objects": [{"type": "Path", "path": path, "strokeWidth": 18} for path in paths]}


def draw(lab: Lab, *paths: list[Any], **query: str) -> AppTest:
    lab.store.documents.save(LEARNER, SAVED, strokes.dumps(strokes.read(pad(*paths))))
    return lab.open("draw", **query)


def headings(app: AppTest) -> list[str]:
    return [item.value for item in app.main.markdown if item.value.startswith("# ")]


def texts(app: AppTest) -> str:
    return " ".join(item.value for item in [*app.main.markdown, *app.main.caption, *app.main.info])


def test_a_zigzag_is_called_no_digit_by_the_shipped_and_by_an_own_network(lab: Lab) -> None:
    run = lab.trained()
    app = draw(lab, ZIGZAG, run=run)
    app.main.multiselect[0].set_value([run, "shipped"]).run()
    assert not app.exception
    assert headings(app) == ["# No digit?", "# No digit?"]
    said = texts(app)
    assert "looks like none of the ten digits" in said
    assert "If it had to be one" in said
    opinion = rejection.load().opinion(strokes.to_mnist(strokes.read(pad(ZIGZAG))))
    assert f"Strangeness {opinion.strangeness:.1%}" in said
    assert f"the limit is {rejection.load().limit:.1%}" in said


def test_a_usual_digit_is_answered_and_the_rule_can_be_read_all_the_same(lab: Lab) -> None:
    app = draw(lab, SEVEN)
    assert headings(app) == ["# 7"]
    assert "Strangeness" in texts(app)
    assert not app.main.info[1:]  # only who answers may be said
    assert "rare way" not in texts(app)


def test_a_slashed_zero_is_called_rare_with_its_number_and_whose_handwriting_mnist_is(lab: Lab) -> None:
    app = draw(lab, ZERO, SLASH)
    said = texts(app)
    count = rejection.load().opinion(strokes.to_mnist(strokes.read(pad(ZERO, SLASH)))).as_unusual[0]
    assert "# No digit?" not in headings(app)
    assert "rare way" in said
    assert f"Of 1,000 training images of a 0, {count} lie" in said
    assert "Census Bureau" in said


def test_the_rarest_style_is_told_once(lab: Lab) -> None:
    said = texts(draw(lab, TENT))
    assert "Of 1,000 training images of a 1, 0 lie" in said
    assert said.count("training images of a 1") == 1  # no hint says it again


def test_a_closer_look_at_what_is_no_digit_calls_it_none_whatever_the_shrinking(lab: Lab) -> None:
    app = draw(lab, ZIGZAG)
    app.session_state["closer"] = True
    app.session_state["closer-tab"] = "Three ways to shrink"
    app.run()
    assert sum("**No digit?**" in item.value for item in app.main.markdown) == 3


def test_damage_shows_how_an_answer_is_lost_and_refuses_nothing(lab: Lab) -> None:
    lab.store.documents.save(LEARNER, SAVED, strokes.dumps(strokes.read(pad(ZIGZAG))))
    app = lab.open("draw")
    app.session_state["draw-tab"] = "Damage"
    app.run()
    assert not app.exception
    assert "No digit" not in texts(app)


def test_a_photo_of_a_scribble_is_called_no_digit(lab: Lab) -> None:
    app = lab.open("draw")
    app.session_state["draw-tab"] = "Photo"
    app.run()
    paper = io.BytesIO()
    Image.fromarray(255 - strokes.rasterize(strokes.read(pad(ZIGZAG)))).save(paper, "PNG")
    app.main.file_uploader(key="photo").upload("scribble.png", paper.getvalue(), "image/png").run()
    assert not app.exception
    assert headings(app) == ["# No digit?"]


@pytest.mark.parametrize(
    ("as_unusual", "meant", "said"),
    [
        (0, True, "A rare way to write a 1"),
        (1, False, "Meant as a 1?"),
        (12, True, "Of 1,000 training images of a 1, 12 lie at least as far from all others of their kind."),
    ],
)
def test_rarity_in_words(as_unusual: int, meant: bool, said: str) -> None:
    assert said in rare(1, as_unusual, meant=meant)


# The gain of our handwriting


def given(lab: Lab, *places: int) -> None:
    mnist = load_mnist()
    for place in places:
        lab.store.drawings.give(LEARNER, mnist.test_images[place], int(mnist.test_labels[place]))


def handwriting(lab: Lab, *readers: str) -> AppTest:
    app = lab.open("draw", run=readers[0])
    app.session_state["draw-tab"] = "Our handwriting"
    app.run()
    app.main.multiselect[0].set_value(list(readers)).run()
    assert not app.exception
    return app


def test_the_gain_counts_only_drawings_given_since_the_run_was_started(lab: Lab) -> None:
    given(lab, 0, 1)
    taught, untaught = lab.trained(DEFAULT.change(handwriting=True), name="With our hand"), lab.trained()
    said = texts(handwriting(lab, taught, untaught))
    assert "Every drawing here was given before" in said
    given(lab, 2, 3, 4)
    said = texts(handwriting(lab, taught, untaught))
    assert "Of the 3 drawings given since it began to learn" in said
    assert "not the only cause" not in said


def test_other_differences_are_named_and_one_network_alone_shows_no_gain(lab: Lab) -> None:
    taught = lab.trained(DEFAULT.change(handwriting=True), name="With our hand")
    other = lab.trained(DEFAULT.change(learning_rate=0.02))
    given(lab, 0, 1)
    said = texts(handwriting(lab, taught, other))
    assert "not the only cause: Learning rate" in said
    assert "given since" not in texts(handwriting(lab, other))


def test_the_gain_in_words() -> None:
    beyond = sentence(Gain(32, 29, 21, 9, 1, 0.0215), "with", "without")
    assert "32 drawings" in beyond
    assert "+25.0 percentage points" in beyond
    assert "made a difference" in beyond
    assert "give more drawings" in sentence(Gain(4, 3, 2, 2, 1, 1.0), "with", "without")
