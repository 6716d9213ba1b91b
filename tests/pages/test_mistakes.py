"""All mistakes can be seen, in pages, and each of them leads into the network."""

from __future__ import annotations

import pytest
from page_lab import Lab
from reading_lab import texts
from streamlit.testing.v1 import AppTest

from core.settings import DEFAULT
from dashboard.reading import paged

SMALL = DEFAULT.change(validation=200, train=500)


def opened(lab: Lab) -> AppTest:
    run = lab.trained(SMALL)
    app = lab.open("train", run=run)
    assert "misread" not in texts(app)  # read only when they are asked for
    app.session_state["mistakes-fold"] = True
    return app.run()


def test_every_mistake_is_on_some_page(lab: Lab) -> None:
    app = opened(lab)
    assert not app.exception
    (told,) = [item.value for item in app.main.markdown if "validation digits are misread" in item.value]
    count = int(told.split()[0])
    assert count > paged.SHOWN  # its weights were never trained
    assert f"1 to {paged.SHOWN} of {count}" in texts(app)
    for _page in range((count - 1) // paged.SHOWN):
        app.button(key="mistakes-:material/chevron_right:").click().run()
    assert f"to {count} of {count}" in texts(app)


def test_a_clicked_mistake_opens_the_look_into_the_network(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "digit_tiles", lambda *_, **options: 2 if options.get("clickable") else None)
    app = opened(lab)
    assert not app.exception
    app.session_state["closer-tab"] = "Layer by layer"
    app.run()
    assert not app.exception
    assert "adds to the sum" in texts(app)
