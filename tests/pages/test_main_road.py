"""Start, sidebar, Train: from a link or a click to the run on the screen."""

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from benchmarks import same_experiment
from core import limits
from core.architecture.first_weights import draw_weights
from core.cluster.engine import Engine
from core.errors import LabError
from core.runs.arithmetic import Arithmetic
from core.runs.progress import Checkpoint
from core.runs.published import published_code
from core.settings import DEFAULT, PRESETS


def test_start_page_offers_one_first_step(lab: Lab) -> None:
    app = lab.open()
    assert not app.exception
    assert app.title[0].value == "Handwritten digits"
    (first,) = [button for button in app.main.button if button.proto.type == "primary"]
    assert first.label == "Train my own network"
    assert not app.sidebar.button  # the experiment stands where it acts


def test_the_class_of_the_benchmark_presses_a_button_that_is_there(lab: Lab) -> None:
    assert same_experiment.FIRST_BUTTON in [button.label for button in lab.open("start").button]


def test_first_button_trains_the_experiment_of_the_link(lab: Lab) -> None:
    app = lab.open(act="tanh", epochs="2")
    app.button(key="first-run").click().run()
    (run,) = lab.store.runs.of(LEARNER)
    assert (run.settings.network.activation, run.settings.training.epochs) == ("tanh", 2)


def test_the_way_marks_what_was_done(lab: Lab) -> None:
    def done(app: AppTest) -> list[str]:
        return [link.proto.label for link in app.get("page_link") if "check" in link.proto.icon]

    assert done(lab.open()) == []
    lab.trained()
    lab.open("digits")
    assert done(lab.open()) == ["1. Look at the digits", "2. Train a network"]


def test_first_button_puts_the_default_run_into_the_queue_and_opens_it(lab: Lab) -> None:
    app = lab.open()
    app.button(key="first-run").click().run()
    assert not app.exception
    (run,) = lab.store.runs.of(LEARNER)
    assert run.settings == DEFAULT
    assert app.query_params["run"] == run.id
    assert app.title[0].value == "Train"


def test_rapid_clicks_on_train_make_one_run_and_open_it(lab: Lab) -> None:
    app = lab.open("train")
    for _click in range(5):
        app.sidebar.button(key="train").click().run()
    (run,) = lab.store.runs.of(LEARNER)
    assert app.query_params["run"] == run.id
    assert "same experiment" in app.toast[0].value
    app.sidebar.number_input(key="setting-epochs-0").set_value(3).run()
    app.sidebar.button(key="train").click().run()
    assert len(lab.store.runs.of(LEARNER)) == 2  # another experiment is no repeated click


def test_sidebar_changes_reach_the_run_and_the_url(lab: Lab) -> None:
    app = lab.open("train")
    app.sidebar.selectbox(key="setting-activation-0").select("tanh").run()
    app.sidebar.number_input(key="setting-epochs-0").set_value(3).run()
    assert app.query_params["act"] == "tanh"
    app.sidebar.button(key="train").click().run()
    (run,) = lab.store.runs.of(LEARNER)
    assert (run.settings.network.activation, run.settings.training.epochs) == ("tanh", 3)


def test_a_link_opens_its_experiment_on_every_page(lab: Lab) -> None:
    app = lab.open("train", hidden="20x100", act="elu", rate="0.003")
    assert app.sidebar.selectbox(key="setting-activation-0").value == "elu"
    assert app.sidebar.selectbox(key="setting-learning_rate-0").value == "0.003"
    assert app.query_params["hidden"] == "20x100"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("act", "step"),
        ("rate", "-1"),
        ("rate", "nan"),
        ("batch", "0"),
        ("hidden", "9x9x9"),
        ("epochs", "1e9"),
        ("validation", "70000"),
        ("hidden", "50x1000"),
        ("run", "../../etc"),
        ("seed", "−3"),
    ],
)
def test_a_damaged_link_opens_the_lab_and_says_what_it_refused(lab: Lab, key: str, value: str) -> None:
    app = lab.open(**{key: value})
    assert not app.exception
    if key != "run":
        assert len(app.main.error) == 1
        assert "Traceback" not in app.main.error[0].value
    assert lab.open("train", **{key: value}).sidebar.button(key="train").disabled is False


def test_widths_outside_the_limits_are_refused_beside_the_control(lab: Lab) -> None:
    app = lab.open("train", hidden="7x10")
    app.sidebar.text_input(key="setting-widths-0").set_value("100-99999").run()
    assert "99999" in app.sidebar.error[0].value
    assert app.sidebar.button(key="train").disabled is True
    assert not lab.store.runs.of(LEARNER)


def type_rate(app: AppTest, text: str) -> AppTest:
    """Type a rate that is not offered, as a browser lets one; AppTest knows only what is."""
    control = app.sidebar.selectbox(key="setting-learning_rate-0")
    control.options.append(text)
    return control.set_value(text).run()


def test_what_is_refused_leaves_all_other_controls_in_their_places(lab: Lab) -> None:
    app = lab.open("train")
    widgets = ("button", "selectbox", "number_input", "text_input", "slider", "toggle")
    before = [widget.key for kind in widgets for widget in app.sidebar.get(kind)]
    type_rate(app, "abc")
    assert [widget.key for kind in widgets for widget in app.sidebar.get(kind)] == before
    (said,) = app.sidebar.error
    assert "Learning rate is abc" in said.value
    assert app.sidebar.button(key="train").disabled is True
    app.sidebar.number_input(key="setting-epochs-0").set_value(3)  # other choices go on
    type_rate(app, "abc")
    assert app.query_params == {"epochs": "3"}
    assert app.sidebar.button(key="train").disabled is True
    app.sidebar.selectbox(key="setting-learning_rate-0").set_value("0.1").run()
    assert not app.sidebar.error
    assert app.query_params == {"epochs": "3", "rate": "0.1"}
    assert app.sidebar.button(key="train").disabled is False


@pytest.mark.parametrize(
    ("control", "typed", "said"),
    [("rate_changes", "5", "Other rates later is 5"), ("widths", "many", "Hidden layers is many")],
)
def test_each_text_is_refused_beside_its_own_control(lab: Lab, control: str, typed: str, said: str) -> None:
    app = lab.open("train", hidden="7x10")
    app.sidebar.text_input(key=f"setting-{control}-0").set_value(typed).run()
    assert [said in error.value for error in app.sidebar.error] == [True]
    assert app.sidebar.toggle(key="setting-residual-0")  # and what is below is there


def test_what_does_not_go_together_is_said_once_below_train(lab: Lab) -> None:
    app = lab.open("train")
    app.sidebar.number_input(key="setting-validation-0").set_value(10_000).run()
    (said,) = app.sidebar.error
    assert "55000 training and 10000 validation images are more" in said.value
    assert app.sidebar.button(key="train").disabled is True
    assert app.query_params == {}


def test_train_page_without_a_run_says_what_to_do(lab: Lab) -> None:
    app = lab.open("train")
    assert any("press Train" in text.value for text in app.main.markdown)
    assert any("are misread" in text.value for text in app.main.markdown)  # by the shipped network
    assert not app.info


def test_an_unknown_run_in_the_link_is_said_once(lab: Lab) -> None:
    app = lab.open("train", run="nosuchrun123")
    assert not app.exception
    assert len(app.error) == 1


@pytest.mark.parametrize("page", ["train", "inside"])
def test_beside_an_unknown_run_the_latest_is_shown(lab: Lab, page: str) -> None:
    lab.trained()
    app = lab.open(page, run="nosuchrun123")
    assert "There is no run nosuchrun123" in app.error[0].value
    assert not [item for item in [*app.main.markdown, *app.main.info] if "No run yet" in item.value]


def test_a_finished_run_offers_more_epochs_and_continues(lab: Lab) -> None:
    run_id = lab.trained(epochs=2)
    app = lab.open("train", run=run_id)
    assert not app.exception
    app.number_input(key="more-epochs").set_value(3).run()
    app.button(key="continue").click().run()
    run = lab.store.runs.get(run_id)
    assert (run.epochs, run.status) == (5, "waiting")


def test_who_has_no_room_is_told_why_a_run_cannot_go_on(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = lab.trained(epochs=1)
    monkeypatch.setattr(limits, "MOST_UNFINISHED_RUNS", 0)
    app = lab.open("train", run=run_id)
    assert app.button(key="continue").disabled
    assert app.button(key="more").disabled
    assert "Wait until some are done" in app.button(key="more").help
    assert [told.value for told in app.caption if "Wait until some are done" in told.value]


@pytest.mark.parametrize("key", ["continue", "more"])
def test_a_refusal_is_said_and_the_page_stays(lab: Lab, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole class has filled the queue since the page was drawn."""
    run_id = lab.trained(epochs=1)
    app = lab.open("train", run=run_id)
    monkeypatch.setattr(limits, "MOST_FIRST_RUNS", 0)
    app.button(key=key).click().run()
    assert not app.exception
    assert "as many as the lab takes on" in app.error[0].value
    assert app.button(key=key)
    assert lab.store.runs.get(run_id).status == "finished"


@pytest.mark.parametrize("key", ["stop", "cancel-waiting"])
def test_trouble_at_stop_is_said_and_the_page_stays(
    lab: Lab, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in (1, 2):
        lab.store.runs.create(LEARNER, DEFAULT.change(seed=seed))
    app = lab.open("train")

    def refuse(*_given: object, **_named: object) -> None:
        raise LabError("The record is away.")

    monkeypatch.setattr(Engine, "stop", refuse)
    app.button(key=key).click().run()
    assert not app.exception
    assert app.error[0].value == "The record is away."
    assert app.button(key=key)


def test_a_waiting_run_can_be_cancelled(lab: Lab) -> None:
    app = lab.open()
    app.button(key="first-run").click().run()
    app.button(key="stop").click().run()
    (run,) = lab.store.runs.of(LEARNER)
    assert run.status == "stopped"


def test_a_run_that_trains_is_shown_as_such(lab: Lab) -> None:
    run_id = lab.trained(end=False)
    claim = lab.store.claims.take(run_id, "another worker")
    assert claim is None  # the first worker's lease is fresh: nobody can take it away
    app = lab.open("train", run=run_id)
    assert not app.exception
    assert lab.store.runs.get(run_id).status == "running"


def test_somebody_elses_run_is_seen_but_not_steered(lab: Lab) -> None:
    run_id = lab.store.runs.create("another-learner-altogether", PRESETS["twenty-layer"])
    app = lab.open("train", run=run_id)
    assert not app.exception
    assert {button.key for button in app.main.button} == {"take"}
    app.button(key="take").click().run()
    assert app.query_params["hidden"] == "20x100"


def test_published_curve_is_offered_for_the_two_presets_only() -> None:
    assert published_code(DEFAULT.change(seed=5, epochs=3)) == "three-layer"
    assert published_code(PRESETS["twenty-layer"]) == "twenty-layer"
    assert published_code(DEFAULT.change(activation="tanh")) is None


def test_errors_are_sentences() -> None:
    assert str(LabError("{n} is too many.", n=3)) == "3 is too many."


def test_train_says_when_a_worker_of_another_kind_went_on_with_a_run(lab: Lab) -> None:
    run = lab.store.runs.create(LEARNER, DEFAULT)
    claim = lab.store.claims.take(
        run, "wide", arithmetic=Arithmetic(1, "2.21.0", "3.15.1", "AVX-512", "01ab")
    )
    assert claim is not None
    lab.store.claims.record(
        claim, [], Checkpoint(1719, 1.0, np.zeros((2, 3)), draw_weights(DEFAULT.network, seed=0), []), None
    )
    lab.store.claims.release(claim)
    assert not lab.open("train", run=run).main.warning
    lab.store.claims.take(run, "narrow", arithmetic=Arithmetic(1, "2.21.0", "3.15.1", "AVX2", "cd23"))
    (told,) = lab.open("train", run=run).main.warning
    assert "From epoch 1 on" in told.value
    assert "AVX2" in told.value


def test_all_runs_that_wait_are_cancelled_at_once_and_nobody_else_s(lab: Lab) -> None:
    mine = [lab.store.runs.create(LEARNER, DEFAULT.change(seed=seed)) for seed in (1, 2, 3)]
    other = lab.store.runs.create("somebody else", DEFAULT.change(seed=4))
    app = lab.open("train")
    app.button(key="cancel-waiting").click().run()
    assert not app.exception
    assert {lab.store.runs.get(run).status for run in mine} == {"stopped"}
    assert lab.store.runs.get(other).status == "waiting"
    assert "cancel-waiting" not in {button.key for button in app.main.button}


def test_a_bad_link_says_which_setting_and_what_was_taken_instead(lab: Lab) -> None:
    app = lab.open(rate="abc", activation="tanh", utm_source="mail")
    (refused,) = [error.value for error in app.error]
    assert "Learning rate is abc" in refused
    assert "Taken instead: Learning rate: 0.01" in refused
    (unknown,) = [warning.value for warning in app.warning]
    assert "**Activation** is called **act**" in unknown
    assert "utm" not in unknown
    assert not app.run().warning  # said once


def test_settings_that_differ_from_the_sidebar_s_are_seen(lab: Lab) -> None:
    run = lab.trained(DEFAULT.change(activation="tanh", learning_rate=0.1))
    app = lab.open("train", run=run)
    said = "The sidebar has another experiment: Activation: ReLU, Learning rate: 0.01. **Train** starts that"
    assert any(caption.value.startswith(said) for caption in app.main.caption)
    app.button(key="take").click().run()
    assert not any("another experiment" in caption.value for caption in app.main.caption)
    assert app.button(key="take").disabled
