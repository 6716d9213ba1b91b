"""Small sentences that were not true: numbers are computed, needs are named, columns are told."""

import house
import messages
import pytest
from page_lab import LEARNER, Lab
from reading_lab import texts, trained
from streamlit.testing.v1 import AppTest

from core.choices.activations import ACTIVATIONS
from core.settings import DEFAULT
from dashboard.app_pages.exam.count import times_opened
from dashboard.app_pages.network.keras_code import needs
from dashboard.app_pages.train import take_home
from dashboard.language import names

INTRODUCED = "this lab grew from"


@pytest.mark.parametrize(
    ("changes", "scikit_learn"),
    [
        ({"normalization": "none"}, False),
        ({"normalization": "min-max"}, True),
        ({"normalization": "none", "split": "stratified"}, True),
    ],
)
def test_code_says_what_it_needs(changes: dict[str, str], scikit_learn: bool) -> None:
    said = needs(DEFAULT.change(**changes))
    assert "Keras 3" in said
    assert "TensorFlow" in said
    assert ("scikit-learn" in said) is scikit_learn


def network_code(lab: Lab, *, whole: bool) -> AppTest:
    app = lab.open("network")
    app.session_state["network-tab"] = "As Keras code"
    app.session_state["network-whole"] = whole
    return app.run()


def test_nothing_runs_anywhere(lab: Lab) -> None:
    assert "needs Keras 3, on any backend" in texts(network_code(lab, whole=False))
    assert "needs Keras 3, TensorFlow and scikit-learn" in texts(network_code(lab, whole=True))


def test_model_files_name_the_keras_they_need() -> None:
    assert "Keras 2 cannot read them" in take_home._about_models()


def test_every_column_of_the_curve_is_told(lab: Lab) -> None:
    run = trained(lab)
    hints = [one.proto.help for one in lab.open("train", run=run).get("download_button")]
    (hint,) = (hint for hint in hints if "spreadsheet" in hint)
    for column in lab.store.curves.points(run).columns:
        assert column in hint, column


def test_a_network_with_skips_is_no_list(lab: Lab) -> None:
    app = lab.open("ideas")
    app.session_state["ideas-tab"] = "Keras today"
    said = texts(app.run())
    assert "a list of them, or, where some are skipped, a graph" in said
    app.segmented_control(key="keras-view").set_value("report").run()
    assert INTRODUCED in texts(app)


def test_no_number_of_looks_is_a_threshold() -> None:
    """What spends a test set are the choices made by it; of those nobody keeps count."""
    told = {times_opened(count).replace(f"{count}", "N") for count in (2, 3, 4, 9, 10, 25)}
    assert len(told) == 1


def test_a_rate_is_told_to_its_last_digit() -> None:
    assert names.value("learning_rate", 0.0123456789) == "0.0123456789"
    assert names.value("learning_rate", 0.01) == "0.01"


def test_the_report_is_introduced_wherever_it_is_named() -> None:
    texts_of_the_lab = [text for text in messages.messages(house.sources()) if isinstance(text, str)]
    named = [text for text in texts_of_the_lab if "lab report" in text]
    assert len(named) > 5
    assert [text for text in named if INTRODUCED not in text] == []


def test_dead_units_are_not_said_to_stay_dead_everywhere(lab: Lab) -> None:
    app = lab.open("activations")
    app.session_state["activations-tab"] = "Saturated and dead"
    said = texts(app.run())
    assert "so it stays that way" not in said
    assert "In the first layer, without batch normalisation" in said
    assert "it can come back" in said


@pytest.mark.parametrize(
    ("query", "said", "unsaid"),
    [
        ({}, "no unit is 0 for all of 500 training images", "the most of any layer"),
        ({"hidden": "20x100"}, "for all of 500 training images, the most of any layer", "none begins dead"),
        ({"act": "sigmoid"}, "Dead", "In your network"),
        ({"hidden": "none"}, "Dead", "In your network"),
        ({"train": "100"}, "for all of 100 training images", "500"),
    ],
)
def test_death_is_computed_for_this_network(lab: Lab, query: dict[str, str], said: str, unsaid: str) -> None:
    app = lab.open("activations", **query)
    app.session_state["activations-tab"] = "Saturated and dead"
    page = texts(app.run())
    assert said in page
    assert unsaid not in page


def test_a_look_is_counted_for_whoever_looked(lab: Lab) -> None:
    run = trained(lab)
    lab.open("exam", run=run).button(key="open-envelope").click().run()
    assert lab.store.looks.count(LEARNER) == 1


def test_strength_is_explained_beside_its_chart(lab: Lab) -> None:
    app = lab.open("activations")
    app.session_state["activations-tab"] = "First weights"
    assert "root of their mean square" in texts(app.run())


def test_the_envelope_claims_only_what_no_look_can_undo(lab: Lab) -> None:
    page = texts(lab.open("exam", run=trained(lab)))
    assert "no network in this lab trains on" in page
    assert "no choice was made" not in page


def test_few_validation_images_make_luck_possible_not_certain(lab: Lab) -> None:
    app = lab.open("digits", validation="500")
    app.session_state["digits-tab"] = "The split"
    said = app.run().warning[0].value
    assert "may be luck" in said
    assert "are luck" not in said


def test_a_unit_is_dead_by_its_sums_and_gets_no_gradient() -> None:
    said = ACTIVATIONS["relu"]
    assert "learns nothing" not in repr(said)
    assert "gets no gradient" in repr(said)


def test_strokes_of_mnist_are_not_all_two_to_three_pixels_wide() -> None:
    texts_of_the_lab = " ".join(map(str, messages.messages(house.sources())))
    assert "only ever seen" not in texts_of_the_lab
    assert "usually about two to three pixels wide" in texts_of_the_lab
