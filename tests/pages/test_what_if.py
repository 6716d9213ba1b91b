"""A pixel is changed, a unit switched off: the answer follows, and is compared with the one before."""

from __future__ import annotations

import pytest
from page_lab import Lab
from reading_lab import texts, trained
from streamlit.testing.v1 import AppTest

from core.settings import DEFAULT
from dashboard.reading import paged


@pytest.fixture
def app(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A misread digit of a trained run, looked at closely."""
    monkeypatch.setattr(paged, "digit_tiles", lambda *_, **options: 0 if options.get("clickable") else None)
    run = trained(lab, DEFAULT)
    app = lab.open("train", run=run)
    app.session_state["mistakes-fold"] = True
    return app.run()


def test_a_unit_is_switched_off_and_on_again(app: AppTest) -> None:
    (switch,) = [toggle for toggle in app.toggle if toggle.label.startswith("Switch unit")]
    assert "Nothing is changed yet." in texts(app)
    switch.set_value(True).run()
    assert not app.exception
    assert "Unchanged: **" in texts(app)
    app.toggle(key=str(switch.key)).set_value(False).run()
    assert "Unchanged" not in texts(app)


def test_a_pixel_is_given_other_ink_and_all_of_it_is_undone(app: AppTest) -> None:
    app.session_state["closer-tab"] = "Change a pixel"
    app.run()
    assert not app.exception
    (ink,) = [slider for slider in app.slider if slider.label == "Ink of this pixel"]
    original = ink.value
    assert isinstance(original, int)
    ink.set_value(255 if original < 128 else 0).run()
    assert not app.exception
    assert "Unchanged: **" in texts(app)
    row = next(field for field in app.number_input if field.label == "Row")
    row.set_value(1).run()  # another pixel; the first stays changed
    assert "Unchanged: **" in texts(app)
    (undo,) = [button for button in app.main.button if button.label == "All pixels as they were"]
    undo.click().run()
    assert not app.exception
    assert "Nothing is changed yet." in texts(app)
