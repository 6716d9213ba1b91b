"""The Draw page: what is read, what is kept, what is refused, and what must not happen."""

import json
import re
from typing import Any

import pytest
import streamlit as st
from page_lab import LEARNER, Lab, components
from reading_lab import texts, trained
from streamlit.testing.v1 import AppTest

from core.drawing import strokes
from core.reading import shipped
from core.settings import DEFAULT
from dashboard.browser.drawing_pad import KEY, SAVED

SEVEN = [["M", 50, 50], ["L", 200, 55], ["L", 100, 250]]
BAR = [["M", 80, 150], ["L", 180, 150]]


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


def test_an_empty_pad_gets_no_answer_and_says_what_to_do(lab: Lab) -> None:
    app = lab.open("draw")
    assert not app.exception
    assert headings(app) == ["# –"]
    assert "Draw a digit" in texts(app)
    assert [bars["said"] for bars in components(app, "answer_bars")] == [""]
    assert app.button(key="undo").disabled


def test_the_shipped_network_answers_and_is_called_so_while_there_is_no_run(lab: Lab) -> None:
    app = draw(lab.open("draw"), pad(SEVEN))
    assert headings(app) == ["# 7"]
    assert "Shipped with the lab" in texts(app)
    (bars,) = components(app, "answer_bars")
    assert re.fullmatch(r"7: .+ % sure · Shipped with the lab", bars["said"])
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
    app = lab.open()  # the first page has the pad, too, so it is told there
    assert not app.exception
    assert ("can no longer be read" in texts(app)) is bool(text)
    assert headings(lab.open("draw")) == ["# –"]


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


@pytest.mark.parametrize(
    ("tab", "says"),
    [
        ("Three ways to shrink", "two to three pixels wide"),
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


def layers(app: AppTest) -> AppTest:
    """The closer look at every layer, folded open."""
    app.session_state["closer"] = True
    app.session_state["closer-tab"] = "Layer by layer"
    return app.run()


def unit(app: AppTest) -> int:
    return int(app.main.number_input[0].value or 0)


def test_the_strongest_unit_of_each_image_is_shown_until_one_is_chosen(lab: Lab) -> None:
    app = layers(draw(lab.open("draw"), pad(SEVEN)))
    of_seven = unit(app)
    of_bar = unit(layers(draw(lab.open("draw"), pad(BAR))))
    assert of_seven != of_bar
    assert unit(draw(app, pad(BAR))) == of_bar
    for chosen in (3, 4, of_bar, 5):  # one after the other, as by the buttons beside it
        app.main.number_input[0].set_value(chosen).run()
        assert unit(app) == chosen
    assert unit(draw(app, pad(SEVEN))) == 5


def test_a_unit_that_a_narrower_network_does_not_have_is_its_last_there(lab: Lab) -> None:
    wide, narrow = lab.trained(), lab.trained(DEFAULT.change(hidden=(20,)))
    app = layers(draw(lab.open("draw", run=wide), pad(SEVEN)))
    app.main.number_input[0].set_value(250).run()
    for reader, shown in ((narrow, 19), (wide, 250)):
        app.main.multiselect[0].set_value([reader]).run()
        assert not app.exception
        assert not app.main.error
        assert unit(app) == shown


def test_the_later_of_a_click_and_a_choice_counts_also_on_the_same_place(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    rerun = st.rerun
    monkeypatch.setattr(st, "rerun", lambda *, scope: rerun())  # AppTest knows no rerun of a part
    app = layers(draw(lab.open("draw"), pad(SEVEN)))
    for moment in (1, 2):
        click = {"curve": 0, "row": 1, "column": 2, "at": moment}
        app.session_state["units-dense_1"] = {"clicked": click}
        assert unit(app.run()) == 27  # 25 units in a row
        assert unit(app.run()) == 27
        app.main.number_input[0].set_value(4).run()
        assert unit(app) == 4


def test_the_way_goes_back_from_the_answer_through_single_products_to_a_pixel(lab: Lab) -> None:
    app = layers(draw(lab.open("draw"), pad(SEVEN)))
    app.main.selectbox(key="trace-layer").select("output").run()
    weights = shipped.load().network.weights
    way = [("output", "dense_2"), ("dense_2", "dense_1")]
    unit = int(app.main.number_input[0].value or 0)
    for layer, before in way:
        (product,) = [item.value for item in app.main.latex if "w_{" in item.value and "x_{" in item.value]
        (source,) = re.findall(r"w_\{(\d+)\}", product)
        weight, value, result = re.findall(r"-?\d+\.\d+", product)
        assert float(weight) == pytest.approx(weights[f"{layer}/kernel"][int(source), unit], abs=1e-4)
        assert float(weight) * float(value) == pytest.approx(float(result), abs=2e-3)
        assert f"{before} › unit {source} › unit {unit} of {layer}" in texts(app)
        app.button(key="trace-back").click().run()
        assert not app.exception
        assert app.main.selectbox(key="trace-layer").value == before
        unit = int(app.main.number_input[0].value or 0)
        assert unit == int(source)
    assert f"unit {unit} of dense_1: one of 784 products" in texts(app)
    assert not [button for button in app.main.button if button.key == "trace-back"]


def test_a_product_can_be_typed_in_and_stays_for_another_unit(lab: Lab) -> None:
    app = layers(draw(lab.open("draw"), pad(SEVEN)))
    app.main.selectbox(key="trace-layer").select("output").run()

    def product() -> str:
        (found,) = [item.value for item in app.main.latex if "x_{" in item.value and "cdot" in item.value]
        return found

    unit, chosen = app.main.number_input
    assert f"w_{{{chosen.value}}}\\, x_{{{chosen.value}}}" in product()  # the strongest
    chosen.set_value(5).run()
    assert "w_{5}\\, x_{5}" in product()
    assert "dense_2 › unit 5 › unit" in texts(app)
    app.main.number_input[0].set_value((int(unit.value or 0) + 1) % 10).run()
    assert not app.exception
    assert "w_{5}\\, x_{5}" in product()


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": (12, 12), "activation": "maxout"},
        {"hidden": (12, 12, 12, 12), "batch_normalization": True, "residual": True},
        {"hidden": ()},
    ],
    ids=str,
)
def test_every_kind_of_layer_leads_back(lab: Lab, changes: dict[str, Any]) -> None:
    run = lab.trained(DEFAULT.change(train=100, validation=100, **changes))
    app = lab.open("ideas", run=run)
    app.session_state["ideas-tab"] = "One unit by hand"
    app.run()
    app.main.selectbox(key="trace-layer").select("output").run()
    for _step in range(30):
        assert not app.exception
        back = [button for button in app.main.button if button.key == "trace-back"]
        if not back:
            break
        back[0].click().run()
    assert app.main.selectbox(key="trace-layer").value == ("dense_1" if changes["hidden"] else "output")
    assert "of 784 products" in texts(app)
