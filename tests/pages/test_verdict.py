"""How a run fares, on Train: the figure, the words, and buttons that lead on."""

from __future__ import annotations

from page_lab import LEARNER, Lab, components
from streamlit.testing.v1 import AppTest

from core.hints.rules import RULES
from core.hints.tried import try_of
from core.settings import DEFAULT


def primary(app: AppTest) -> list[str]:
    return [
        button.label for button in (*app.main.button, *app.sidebar.button) if button.proto.type == "primary"
    ]


def test_an_ended_run_says_how_it_fared_and_leads_to_the_pad(lab: Lab) -> None:
    run = lab.trained(epochs=2)
    app = lab.open("train", run=run)
    (fare,) = components(app, "run_fare")
    assert fare["told"]["figure"] == "92.00%"
    assert fare["told"]["wrong"] == "400 of 5,000 wrong · guessing: 11.3%"
    assert fare["told"]["words"].startswith("**It has levelled off.**")
    assert not fare["moves"]
    assert primary(app) == ["Draw with it"]  # one thing to press next
    app.button(key="to-draw").click().run()
    assert app.title[0].value == "Draw"
    assert app.main.multiselect[0].value == [run]


def test_the_network_that_a_button_led_with_reads_though_another_is_better(lab: Lab) -> None:
    first = lab.trained()
    lab.trained(DEFAULT.change(seed=1))
    app = lab.open("train", run=first)
    (fare,) = components(app, "run_fare")
    assert fare["told"]["accuracy"] >= fare["best"]
    app.button(key="to-draw").click().run()
    assert app.main.multiselect[0].value == [first]


def test_more_epochs_and_a_change_are_one_click_each(lab: Lab) -> None:
    run = lab.trained()
    app = lab.open("train", run=run)
    app.button(key="change-1").click().run()
    newest = lab.store.runs.of(LEARNER)[0]
    assert newest.settings == DEFAULT.change(activation="sigmoid", epochs=1)
    app = lab.open("train", run=run)
    app.button(key="more").click().run()
    assert lab.store.runs.get(run).epochs == 6


def diverged(lab: Lab) -> str:
    """A run at a hundred times the usual rate that broke off."""
    run = lab.store.runs.create(LEARNER, DEFAULT.change(learning_rate=1.0))
    claim = lab.store.claims.take(run, "worker")
    assert claim is not None
    lab.store.claims.end(claim, "diverged")
    return run


def test_a_hint_is_tried_with_one_click_and_judged_by_both_runs(lab: Lab) -> None:
    run = diverged(lab)
    app = lab.open("train", run=run)
    told = components(app, "run_fare")[0]["told"]
    assert told["is_trouble"]
    assert "It diverged" in told["words"]
    assert "100 times what is usual for SGD" in told["words"]
    assert primary(app) == ["Try it: Learning rate: 0.01"]
    app.button(key="try-diverged-rate").click().run()
    assert lab.store.runs.of(LEARNER)[0].settings == DEFAULT
    assert "Whether the hint was right is said when it is done." in app.main.info[0].value

    done = lab.trained(origin=try_of(RULES[0], run))
    said = lab.open("train", run=done).main.info[0].value
    assert "**The hint was right.** It no longer diverges. Validation accuracy is 92.00%; before, no" in said
    app = lab.open("train", run=run)
    assert "The hint was right" in app.button(key="try-diverged-rate").help
    app.button(key="try-diverged-rate").click().run()
    assert len(lab.store.runs.of(LEARNER)) == 3  # what was tried is not trained again


def test_a_hint_that_was_wrong_says_so(lab: Lab) -> None:
    run = diverged(lab)
    other = lab.store.runs.create(LEARNER, DEFAULT, origin=try_of(RULES[0], run))
    claim = lab.store.claims.take(other, "worker")
    assert claim is not None
    lab.store.claims.end(claim, "diverged")
    said = lab.open("train", run=other).main.info[0].value
    assert said.endswith("**The hint was wrong.** Neither run came to the end of an epoch.")


def test_another_s_run_is_not_trained_on(lab: Lab) -> None:
    run = lab.trained(epochs=2)
    app = lab.open("train", run=run)
    app.session_state["learner"] = "somebody-else"
    app.run()
    assert not [button for button in app.main.button if button.key == "more"]
    assert app.button(key="to-draw")
