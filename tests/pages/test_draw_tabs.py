"""The Draw page's other tabs: damage with the answers following, and the class's own handwriting."""

import io
import zipfile
from typing import Any

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from PIL import Image
from streamlit.testing.v1 import AppTest

from core import limits
from core.cluster.embedded import NoCluster
from core.dataset.mnist import load_mnist
from core.drawing import our_handwriting, strokes
from core.reading import damage
from core.reading.evaluation import next_accuracy, wilson
from dashboard.browser.drawing_pad import SAVED
from dashboard.frame import resources

SEVEN = strokes.read(
    {
        "objects": [
            {"type": "Path", "strokeWidth": 18, "path": [["M", 50, 50], ["L", 200, 55], ["L", 100, 250]]}
        ]
    }
)
SOMEBODY = "somebody-else-in-the-class"


def open_tab(lab: Lab, tab: str, *, drawing: bool = True) -> AppTest:
    if drawing:
        lab.store.documents.save(LEARNER, SAVED, strokes.dumps(SEVEN))
    app = lab.open("draw")
    app.session_state["draw-tab"] = tab
    return app.run()


def texts(app: AppTest) -> str:
    return " ".join(item.value for item in [*app.main.markdown, *app.main.caption, *app.main.info])


def given(lab: Lab, learner: str, label: int, place: int = 0) -> int:
    return lab.store.drawings.give(learner, load_mnist().test_images[place], label)


# Damage


def test_the_answer_follows_the_sliders(lab: Lab) -> None:
    app = open_tab(lab, "Damage")
    assert not app.exception
    assert "# 7" in texts(app)
    slider = next(item for item in app.main.slider if str(item.key).startswith("damage-occlusion"))
    slider.set_value(20.0).run()
    assert not app.exception
    assert "# 7" not in texts(app)
    app.button(key="undamaged").click().run()
    assert "# 7" in texts(app)


def test_without_a_drawing_a_validation_image_is_damaged_never_a_test_image(lab: Lab) -> None:
    app = open_tab(lab, "Damage", drawing=False)
    number = app.main.number_input(key="damage-image")
    number.set_value(4).run()
    label = load_mnist().train_labels[3]  # the default split validates on the first training images
    assert f"# {label}" in texts(app)
    assert app.main.number_input(key="damage-image").max == 5_000


def test_robustness_is_measured_once_and_kept(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def compute(function: Any, *args: Any, timeout: float) -> Any:
        asked.append(function)
        return function(*args)

    monkeypatch.setattr(resources.engine(), "compute", compute)
    for module in ("core.reading.damage", "dashboard.app_pages.draw.damage"):
        monkeypatch.setattr(f"{module}.LEVELS", {"rotation": (0.0, 60.0)})
    app = open_tab(lab, "Damage")
    app.button(key="measure").click().run()
    assert not app.exception
    assert asked == [damage.robustness]
    again = open_tab(lab, "Damage")
    assert not [button for button in again.main.button if button.key == "measure"]
    assert len(asked) == 1


def test_a_missing_worker_is_said_in_words(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(*_args: Any, timeout: float) -> Any:
        raise NoCluster("No worker is ready yet. Try again in a few seconds.")

    monkeypatch.setattr(resources.engine(), "compute", compute)
    app = open_tab(lab, "Damage")
    app.button(key="measure").click().run()
    assert not app.exception
    assert "No worker is ready" in app.main.error[0].value


# Our class's handwriting


def test_a_drawing_is_given_only_with_its_digit_and_with_consent(lab: Lab) -> None:
    app = fold(open_tab(lab, "Draw"), is_open=True)
    assert app.button(key="give").disabled
    which_digit(app)[0].set_value(7).run()
    assert app.button(key="give").disabled  # no consent yet
    app.checkbox(key="give-agreed").check().run()
    assert not app.button(key="give").disabled
    app.button(key="give").click().run()
    assert not app.exception
    (drawing,) = lab.store.drawings.all()
    assert (drawing.label, drawing.learner) == (7, LEARNER)
    np.testing.assert_array_equal(drawing.image, strokes.to_mnist(SEVEN))
    assert strokes.loads(lab.store.drawings.strokes(drawing.id) or "") == SEVEN
    assert "Thank you" in texts(app)
    assert not [button for button in app.main.button if button.key == "give"]  # not twice


def test_a_drawing_too_many_is_said_and_the_page_stays(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    app = fold(open_tab(lab, "Draw"), is_open=True)
    which_digit(app)[0].set_value(7).run()
    app.checkbox(key="give-agreed").check().run()
    monkeypatch.setattr(limits, "MOST_DRAWINGS", 0)
    app.button(key="give").click().run()
    assert not app.exception
    assert len(app.main.error) == 1
    assert app.button(key="give")


def test_the_form_is_made_when_it_is_opened_and_keeps_what_was_said_in_it(lab: Lab) -> None:
    app = open_tab(lab, "Draw")
    assert not which_digit(app)
    which_digit(fold(app, is_open=True))[0].set_value(7).run()
    app.checkbox(key="give-agreed").check().run()
    assert not which_digit(fold(app, is_open=False))
    fold(app, is_open=True)
    assert which_digit(app)[0].value == 7
    assert app.checkbox(key="give-agreed").value
    assert not app.button(key="give").disabled


def fold(app: AppTest, *, is_open: bool) -> AppTest:
    app.session_state["give-fold"] = is_open
    return app.run()


def which_digit(app: AppTest) -> list[Any]:
    return [group for group in app.main.button_group if group.key == "give-digit-0"]


def test_an_empty_class_set_says_what_to_do(lab: Lab) -> None:
    app = open_tab(lab, "Our handwriting")
    assert not app.exception
    assert "No drawing yet" in texts(app)


def test_the_class_set_is_an_exam_beside_the_sealed_test_set(lab: Lab) -> None:
    given(lab, LEARNER, 7)
    given(lab, SOMEBODY, 2, place=1)
    given(lab, SOMEBODY, 9, place=2)  # in truth a 1: a mistake
    app = open_tab(lab, "Our handwriting")
    assert not app.exception
    table = app.main.dataframe[0].value
    assert table["Our handwriting"][0] == "66.7% · 1 wrong of 3"
    assert table["MNIST's test images"][0] == "–"
    low, high = wilson(2, 3)
    assert table["True accuracy, 95%"][0] == f"{low:.1%} … {high:.1%}"
    low, high = next_accuracy(2, 3, 3)
    assert f"Another 3 drawings would come out between {low:.1%} and {high:.1%}" in texts(app)
    assert "My own drawings (1)" in [item.label for item in app.main.expander]
    assert "1 image of a 9 taken for a 1." in texts(app)


@pytest.mark.parametrize("page", ["digits", "normalization"])
def test_pages_about_the_data_tell_what_own_drawings_would_join(lab: Lab, page: str) -> None:
    given(lab, SOMEBODY, 9)
    given(lab, SOMEBODY, 4, place=4)
    app = lab.open(page, own="1")
    if page == "digits":
        app.session_state["digits-tab"] = "The split"
        app.run()
    assert not app.exception
    assert "2 drawings of our class join the training images" in texts(app)
    assert "of our class" not in texts(lab.open(page))


def test_nobody_can_delete_what_somebody_else_gave(lab: Lab) -> None:
    theirs = given(lab, SOMEBODY, 7)
    assert not lab.store.drawings.take_back(LEARNER, theirs)
    app = open_tab(lab, "Our handwriting")
    assert "My own drawings (0)" in [item.label for item in app.main.expander]


def test_the_class_set_is_taken_home_as_pictures(lab: Lab) -> None:
    given(lab, LEARNER, 7)
    given(lab, SOMEBODY, 2, place=1)
    with zipfile.ZipFile(io.BytesIO(our_handwriting.pictures(lab.store.drawings.all()))) as archive:
        assert archive.namelist() == ["7/0001.png", "2/0002.png"]
        picture = np.asarray(Image.open(archive.open("2/0002.png")))
    np.testing.assert_array_equal(picture, load_mnist().test_images[1])


# Photo


def photo_of_a_digit(place: int, kind: str = "PNG") -> bytes:
    """A test image as dark ink on paper that is brighter on one side."""
    digit = Image.fromarray(load_mnist().test_images[place]).resize((280, 280), Image.Resampling.BICUBIC)
    paper = np.full((420, 420), 255) - np.linspace(0, 60, 420)
    paper[70:350, 70:350] *= 1 - 0.8 * np.asarray(digit) / 255
    file = io.BytesIO()
    Image.fromarray(paper.astype(np.uint8)).convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photo_is_read_as_a_drawing_is(lab: Lab, kind: str) -> None:
    app = open_tab(lab, "Photo", drawing=False)
    assert "take a photo" in texts(app)
    app.main.file_uploader[0].set_value(("seven.png", photo_of_a_digit(0, kind), "image/png")).run()
    assert not app.exception
    assert f"# {load_mnist().test_labels[0]}" in texts(app)


@pytest.mark.parametrize("data", [b"", b"no picture", photo_of_a_digit(0)[:200]])
def test_what_is_no_photo_gets_a_plain_sentence(lab: Lab, data: bytes) -> None:
    app = open_tab(lab, "Photo", drawing=False)
    app.main.file_uploader[0].set_value(("a.png", data, "image/png")).run()
    assert not app.exception
    assert "PNG or JPEG" in app.main.error[0].value


def test_a_refused_file_takes_the_last_answer_away(lab: Lab) -> None:
    app = open_tab(lab, "Photo", drawing=False)
    app.main.file_uploader[0].set_value(("seven.png", photo_of_a_digit(0), "image/png")).run()
    assert "# 7" in texts(app)
    app.main.file_uploader[0].set_value(("seven.pdf", b"%PDF-1.7", "application/pdf")).run()
    assert "a PDF file" in app.main.error[0].value
    assert "# 7" not in texts(app)


def test_several_digits_are_said_and_read_one_by_one(lab: Lab) -> None:
    images = [load_mnist().test_images[place] for place in (0, 1, 3)]  # 7, 2, 0
    row = np.concatenate([np.pad(image, 14) for image in images], axis=1)
    large = Image.fromarray(255 - row).resize((row.shape[1] * 6, row.shape[0] * 6), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    large.save(file, "PNG")
    app = open_tab(lab, "Photo", drawing=False)
    app.main.file_uploader[0].set_value(("row.png", file.getvalue(), "image/png")).run()
    assert not app.exception
    assert "**3 digits** were found. One by one they read **7 2 0**" in texts(app)
    assert "# 7" in texts(app)  # the first is looked at until another is tapped
