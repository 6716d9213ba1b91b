"""The Draw and the Test page: what is read, what is kept, what is refused, and what must not happen."""

import json
from typing import Any

import numpy as np
import pytest
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from core.drawing import strokes
from core.reading import exam, shipped
from core.reading.evaluation import next_accuracy, wilson
from core.runs.progress import Checkpoint, Point
from core.settings import DEFAULT, Settings
from dashboard.browser.drawing_pad import KEY, SAVED

SEVEN = [["M", 50, 50], ["L", 200, 55], ["L", 100, 250]]
BAR = [["M", 80, 150], ["L", 180, 150]]
STEPS = 1719


def pad(*paths: list[Any], width: float = 18) -> dict[str, Any]:
    return {"objects": [{"type": "Path", "path": path, "strokeWidth": width} for path in paths]}


def draw(app: AppTest, raw: object) -> AppTest:
    """What the browser sends after a stroke."""
    app.session_state[KEY] = {"drawing": {"raw": raw, "data": None}}
    return app.run()


def saved(lab: Lab) -> int:
    """How many strokes are kept for a reload."""
    return len(strokes.loads(lab.store.documents.get(LEARNER, SAVED) or '{"objects": []}'))


def headings(app: AppTest) -> list[str]:
    return [item.value for item in app.main.markdown if item.value.startswith("# ")]


def trained(
    lab: Lab,
    settings: Settings = DEFAULT,
    *,
    epochs: int = 2,
    outcome: str = "finished",
    extra_steps: int = 0,
) -> str:
    """A run with the shipped network's weights, recorded as a worker does."""
    network = shipped.load().network
    run = lab.store.runs.create(LEARNER, settings.change(epochs=epochs + bool(extra_steps)))
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    if outcome == "stopped":
        lab.store.runs.stop(run)
    lab.store.claims.keep_normalization(claim, network.normalization)
    points = [Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1)]
    points += [
        Point(STEPS * epoch, epoch, epoch, 0.1, 0.99, 0.1, 0.9906, 0.08, 0.9758)
        for epoch in range(1, epochs + 1)
    ]
    step = STEPS * epochs + extra_steps
    checkpoint = Checkpoint(step, float(epochs), np.zeros((2, 3)), network.weights, [])
    lab.store.claims.record(claim, points, checkpoint, None)
    lab.store.claims.end(claim, outcome)
    return run


def texts(app: AppTest) -> str:
    return " ".join(item.value for item in [*app.main.markdown, *app.main.caption, *app.main.info])


# Draw


def test_an_empty_pad_gets_no_answer_and_says_what_to_do(lab: Lab) -> None:
    app = lab.open("draw")
    assert not app.exception
    assert headings(app) == ["# –"]
    assert "Draw a digit" in texts(app)
    assert app.button(key="undo").disabled


def test_the_shipped_network_answers_and_is_called_so_while_there_is_no_run(lab: Lab) -> None:
    app = draw(lab.open("draw"), pad(SEVEN))
    assert headings(app) == ["# 7"]
    assert "Shipped with the lab" in texts(app)
    assert "no trained network yet" in texts(app)


def test_undo_and_clear_take_strokes_back_and_are_kept(lab: Lab) -> None:
    app = draw(lab.open("draw"), pad(BAR, SEVEN))
    assert saved(lab) == 2
    app.button(key="undo").click().run()
    assert saved(lab) == 1
    app.button(key="clear").click().run()
    assert saved(lab) == 0
    assert headings(app) == ["# –"]


def test_an_old_message_of_the_browser_does_not_undo_the_undo(lab: Lab) -> None:
    app = draw(lab.open("draw"), pad(BAR, SEVEN))
    app.button(key="clear").click().run()
    app.run()  # the browser's last message still holds both strokes
    assert saved(lab) == 0


def test_a_drawing_survives_a_page_switch_and_a_reload(lab: Lab) -> None:
    app = draw(lab.open("draw"), pad(SEVEN))
    app.switch_page("app_pages/digits/page.py").run()
    app.switch_page("app_pages/draw/page.py").run()
    assert headings(app) == ["# 7"]
    assert headings(lab.open("draw")) == ["# 7"]  # another session of the same browser


@pytest.mark.parametrize("text", ["", "{", json.dumps({"objects": [{"type": "Image"}]})])
def test_a_damaged_saved_drawing_opens_an_empty_pad(lab: Lab, text: str) -> None:
    lab.store.documents.save(LEARNER, SAVED, text)
    app = lab.open("draw")
    assert not app.exception
    assert headings(app) == ["# –"]
    assert ("can no longer be read" in texts(app)) is bool(text)


@pytest.mark.parametrize(
    "raw",
    [None, {"objects": [{"type": "Image", "src": "http://elsewhere"}]}, pad([["M", 0, 0], ["L", 1e9, 0]])],
)
def test_a_forged_drawing_is_refused_in_words_and_the_former_one_stays(lab: Lab, raw: object) -> None:
    app = draw(lab.open("draw"), pad(SEVEN))
    draw(app, raw)
    assert not app.exception
    assert len(app.main.error) == 1
    assert headings(app) == ["# 7"]
    assert saved(lab) == 1


def test_a_dot_and_a_full_canvas_get_no_answer(lab: Lab) -> None:
    app = lab.open("draw")
    draw(app, pad([["M", 20, 20], ["L", 20.04, 20]]))
    assert headings(app) == ["# –"]
    full = [["M", 0, 0]] + [["L", x, y] for y in range(0, 281, 20) for x in (0, 280)]
    draw(app, pad(full, width=40))
    assert headings(app) == ["# –"]
    assert "covered" in texts(app)


def test_the_run_on_the_screen_answers_and_two_answer_side_by_side(lab: Lab) -> None:
    first, second = trained(lab), trained(lab, DEFAULT.change(seed=1))
    app = draw(lab.open("draw", run=first), pad(SEVEN))
    who = app.main.multiselect[0]
    assert who.value == [first]
    assert "Shipped" not in texts(app)
    who.set_value([second, "shipped"]).run()
    assert headings(app) == ["# 7", "# 7"]
    app.main.multiselect[0].set_value([]).run()
    assert not app.exception
    assert "Choose who answers" in texts(app)


def test_a_waiting_run_cannot_answer(lab: Lab) -> None:
    waiting = lab.store.runs.create(LEARNER, DEFAULT)
    app = lab.open("draw", run=waiting)
    assert app.main.multiselect[0].value == ["shipped"]


@pytest.mark.parametrize("page", ["draw", "exam"])
def test_a_link_to_a_run_that_is_not_there_opens_the_page_all_the_same(lab: Lab, page: str) -> None:
    app = lab.open(page, run="not-there")
    assert not app.exception
    assert not app.main.error


def test_a_run_that_diverged_is_not_examined(lab: Lab) -> None:
    assert "No trained network yet" in texts(lab.open("exam", run=trained(lab, outcome="diverged")))


@pytest.mark.parametrize(
    ("tab", "says"),
    [
        ("Three ways to shrink", "centred digits"),
        ("Layer by layer", "adds to the sum"),
        ("For and against", "Blue"),
        ("Most similar", "these differ least"),
    ],
)
def test_a_closer_look_explains_the_answer(lab: Lab, tab: str, says: str) -> None:
    app = draw(lab.open("draw"), pad(SEVEN))
    assert says not in texts(app)  # folded until asked for
    app.session_state["closer"] = True
    app.session_state["closer-tab"] = tab
    app.run()
    assert not app.exception
    assert says in texts(app)


def test_every_layer_s_unit_shows_its_own_arithmetic(lab: Lab) -> None:
    app = draw(lab.open("draw"), pad(SEVEN))
    app.session_state["closer"] = True
    app.session_state["closer-tab"] = "Layer by layer"
    app.run()
    for name in ("dense_1", "dense_2", "output"):
        app.main.selectbox(key="trace-layer").select(name)
        app.run()
        assert not app.exception, name
        assert any("z_{" in item.value for item in app.main.latex), name
    app.main.number_input[0].set_value(3).run()
    assert any("p_{3}" in item.value for item in app.main.latex)


# Test


def test_without_a_run_the_test_page_says_what_to_do(lab: Lab) -> None:
    app = lab.open("exam")
    assert not app.exception
    assert "No trained network yet" in texts(app)
    assert not app.main.button


def test_the_test_set_stays_sealed_until_it_is_opened(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    assert not app.exception
    assert not app.main.metric
    assert "You have not opened it yet." in texts(app)
    assert lab.store.looks.of_run(run) == []


def test_opening_shows_test_beside_validation_with_counts_and_the_reach_of_luck(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    assert not app.exception
    (look,) = lab.store.looks.of_run(run)
    wrong = look.evaluation["wrong"]
    assert 100 < wrong < 350
    assert app.main.metric[0].value == f"{1 - wrong / 10_000:.2%}"
    assert app.main.metric[1].value == "97.58%"
    said = texts(app)
    assert f"{wrong} wrong of 10,000" in said
    assert "121 wrong of 5,000" in said
    low, high = wilson(10_000 - wrong, 10_000)
    assert (
        f"lies between **{low:.2%}** and **{high:.2%}**: in 19 of 20 exams such an interval holds it" in said
    )
    low, high = next_accuracy(10_000 - wrong, 10_000, 10_000)
    assert f"in 19 of 20 cases it would come out between {low:.2%} and {high:.2%}." in said
    assert "after epoch 2" in said
    assert "the last whole one" not in said
    assert "99.06%" in said
    assert "that is not the result" in said
    assert "Always answering 1 would score 11.35%." in said
    assert "You have opened it once." in said


def test_an_exam_between_two_epochs_says_which_weights_were_validated(lab: Lab) -> None:
    run = trained(lab, outcome="stopped", extra_steps=STEPS // 2)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    said = "the last weights, after epoch 2.5. Validated: those after epoch 2, the last whole one."
    assert said in texts(app)


def test_an_opened_exam_is_kept_not_taken_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    before = [item.value for item in app.main.metric]
    monkeypatch.setattr("core.reading.trained_network.Network.scores", None)  # whoever computes again, fails
    again = lab.open("exam", run=run)
    assert not again.exception
    assert [item.value for item in again.main.metric] == before
    assert len(lab.store.looks.of_run(run)) == 1


def test_the_counter_grows_over_all_runs_and_becomes_plainer(lab: Lab) -> None:
    for seed in range(5):
        app = lab.open("exam", run=trained(lab, DEFAULT.change(seed=seed)))
        app.button(key="open-envelope").click().run()
    assert "You have opened it 5 times." in texts(app)
    assert "second validation set" in texts(app)


def test_a_chosen_cell_shows_its_images_and_an_empty_one_says_so(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("exam", run=run)
    app.button(key="open-envelope").click().run()
    kept = exam.Exam.from_json(lab.store.looks.of_run(run)[0].evaluation)
    cells = [box for box in app.main.selectbox if box.label in ("True digit", "Answer")]
    cells[0].select(4)
    cells[1].select(9)
    app.run()
    assert f"{kept.result.confusion[4, 9]} images of a 4 taken for a 9." in texts(app)
    none = np.argwhere(kept.result.confusion == 0)[0]
    cells = [box for box in app.main.selectbox if box.label in ("True digit", "Answer")]
    cells[0].select(int(none[0]))
    cells[1].select(int(none[1]))
    app.run()
    assert f"No {none[0]} was taken for a {none[1]}." in texts(app)


@pytest.mark.parametrize("tab", ["Surest mistakes", "Digit by digit"])
def test_every_tab_of_an_exam_opens(lab: Lab, tab: str) -> None:
    app = lab.open("exam", run=trained(lab))
    app.session_state["test-tab"] = tab
    app.button(key="open-envelope").click().run()
    assert not app.exception


def test_a_damaged_exam_is_said_in_words_and_can_be_taken_again(lab: Lab) -> None:
    run = trained(lab)
    lab.store.looks.add(run, {"accuracy": "high"})
    app = lab.open("exam", run=run)
    assert not app.exception
    assert "cannot be read" in app.main.error[0].value
    app.button(key="open-envelope").click().run()
    assert len(app.main.metric) == 2


def test_more_training_seals_the_test_set_again(lab: Lab) -> None:
    run = trained(lab)
    lab.open("exam", run=run).button(key="open-envelope").click().run()
    lab.store.runs.extend(run, 3)
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    weights = shipped.load().network.weights
    point = Point(STEPS * 3, 3.0, 3.0, 0.1, 0.99, 0.1, 0.99, 0.08, 0.976)
    lab.store.claims.record(claim, [point], Checkpoint(STEPS * 3, 3.0, np.zeros((2, 3)), weights, []), None)
    lab.store.claims.end(claim, "finished")
    app = lab.open("exam", run=run)
    assert "You opened it after epoch 2." in texts(app)
    assert app.button(key="open-envelope")
