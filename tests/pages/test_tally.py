"""The tally of right and wrong on Draw."""

from typing import Any

import pytest
from page_lab import LEARNER, Lab
from reading_lab import texts, trained
from streamlit.testing.v1 import AppTest

from core.reading.tally import Tally
from core.record.documents import Documents
from dashboard.app_pages.draw.tally import KIND
from dashboard.browser.drawing_pad import KEY

SEVEN = [["M", 50, 50], ["L", 200, 55], ["L", 100, 250]]
BIGGER = [["M", 40, 40], ["L", 210, 45], ["L", 100, 260]]


def draw(app: AppTest, path: list[Any]) -> AppTest:
    raw = {"objects": [{"type": "Path", "path": path, "strokeWidth": 18}]}
    app.session_state[KEY] = {"drawing": {"raw": raw, "data": None}}
    return app.run()


def say(app: AppTest, digit: int) -> AppTest:
    (question,) = [group for group in app.main.button_group if str(group.key).startswith("tally-")]
    return question.set_value(digit).run()


def test_right_and_wrong_are_counted_for_each_network(lab: Lab) -> None:
    run = trained(lab)
    app = lab.open("draw", run=run)
    app.main.multiselect[0].set_value([run, "shipped"]).run()
    say(draw(app, SEVEN), 7)
    assert not app.exception
    assert texts(app).count("1 right · 0 wrong") == 2
    say(draw(app, BIGGER), 2)  # the learner says it was a 2
    assert texts(app).count("1 right · 1 wrong") == 2


def test_a_drawing_is_counted_once(lab: Lab) -> None:
    app = say(draw(lab.open("draw"), SEVEN), 7)
    app.run()
    assert "1 right · 0 wrong" in texts(app)
    assert "Counted." in texts(app)
    assert not [group for group in app.main.button_group if str(group.key).startswith("tally-")]


def test_it_survives_a_reload(lab: Lab) -> None:
    say(draw(lab.open("draw"), SEVEN), 7)
    assert "1 right · 0 wrong" in texts(lab.open("draw"))


def test_what_another_tab_counted_meanwhile_stays_counted_and_is_seen_when_the_page_is_opened(
    lab: Lab,
) -> None:
    here, there = draw(lab.open("draw"), SEVEN), draw(lab.open("draw"), BIGGER)
    say(there, 7)
    say(here, 7)
    assert "2 right · 0 wrong" in texts(here)
    assert "1 right · 0 wrong" in texts(there)
    assert "2 right · 0 wrong" in texts(there.run())


def test_a_stroke_does_not_read_what_was_read_when_the_page_was_opened(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.store.documents.save(LEARNER, KIND, Tally().add([("shipped", 7)], 7).to_json())
    reads: list[str] = []
    real = Documents.get

    def get(self: Documents, learner: str, kind: str) -> str | None:
        reads.append(kind)
        return real(self, learner, kind)

    monkeypatch.setattr(Documents, "get", get)
    app = AppTest.from_function(opened_and_two_strokes)
    app.session_state["learner"] = LEARNER
    app.session_state["kept"] = {}
    assert texts(app.run()).count("1 right · 0 wrong") == 3
    assert reads == [KIND]


def opened_and_two_strokes() -> None:
    """Streamlit reruns a fragment without the page around it."""
    from dashboard.app_pages.draw.tally import read_anew, tally
    from dashboard.reading.readers import shipped_reader

    read_anew()
    for _stroke in range(3):
        tally(None, [shipped_reader()])


@pytest.mark.parametrize("text", ["{", '{"shipped": [1]}'])
def test_a_damaged_tally_is_said_once_and_begins_again(lab: Lab, text: str) -> None:
    lab.store.documents.save(LEARNER, KIND, text)
    app = lab.open("draw")
    assert not app.exception
    assert "begins again" in app.main.error[0].value
    assert not lab.open("draw").main.error
