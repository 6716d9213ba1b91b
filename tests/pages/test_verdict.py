"""How a run fares, on Train: the figure, the words, and buttons that lead on."""

from __future__ import annotations

from page_lab import LEARNER, Lab
from reading_lab import texts
from streamlit.testing.v1 import AppTest

from core.settings import DEFAULT


def primary(app: AppTest) -> list[str]:
    return [
        button.label for button in (*app.main.button, *app.sidebar.button) if button.proto.type == "primary"
    ]


def test_an_ended_run_says_how_it_fared_and_leads_to_the_pad(lab: Lab) -> None:
    run = lab.trained(epochs=2)
    app = lab.open("train", run=run)
    assert "# 92.00%" in texts(app)
    assert "400 of 5,000 wrong · guessing: 11.3%" in texts(app)
    assert "**Still improving.**" in texts(app)
    assert primary(app) == ["Draw with it"]  # one thing to press next
    app.button(key="to-draw").click().run()
    assert app.title[0].value == "Draw"
    assert app.main.multiselect[0].value == [run]


def test_the_network_that_a_button_led_with_reads_though_another_is_better(lab: Lab) -> None:
    first = lab.trained()
    lab.trained(DEFAULT.change(seed=1))
    app = lab.open("train", run=first)
    assert "your best run so far" in texts(app)
    assert app.main.dataframe[0].proto.placeholder == "–"  # not Streamlit's None, in any language
    app.button(key="to-draw").click().run()
    assert app.main.multiselect[0].value == [first]


def test_more_epochs_and_a_change_are_one_click_each(lab: Lab) -> None:
    run = lab.trained(epochs=2)
    app = lab.open("train", run=run)
    app.button(key="change-1").click().run()
    newest = lab.store.runs.of(LEARNER)[0]
    assert newest.settings == DEFAULT.change(activation="sigmoid", epochs=2)
    app = lab.open("train", run=run)
    app.button(key="more").click().run()
    assert lab.store.runs.get(run).epochs == 7


def test_a_diverged_run_offers_its_remedy(lab: Lab) -> None:
    run = lab.store.runs.create(LEARNER, DEFAULT.change(learning_rate=1.0))
    claim = lab.store.claims.take(run, "worker")
    assert claim is not None
    lab.store.claims.end(claim, "diverged")
    app = lab.open("train", run=run)
    assert [box.value for box in app.main.error if "It diverged" in box.value]
    assert "100 times what is usual for SGD" in app.main.error[-1].value
    assert primary(app) == ["Learning rate: 0.01"]
    app.button(key="remedy-0").click().run()
    assert lab.store.runs.of(LEARNER)[0].settings.training.learning_rate == 0.01


def test_another_s_run_is_not_trained_on(lab: Lab) -> None:
    run = lab.trained(epochs=2)
    app = lab.open("train", run=run)
    app.session_state["learner"] = "somebody-else"
    app.run()
    assert not [button for button in app.main.button if button.key == "more"]
    assert app.button(key="to-draw")
