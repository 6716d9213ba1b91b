"""Whatever a browser sends in place of what a page offers, no page ends with an error that has no name."""

from __future__ import annotations

import math
import traceback
from collections.abc import Iterator

import pytest
from page_lab import APP, Lab
from streamlit import error_util
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from core.errors import LabError
from core.settings import Settings

PAGES = sorted(file.parent.name for file in (APP.parent / "app_pages").glob("*/page.py"))
NUMBERS = (-1e308, 1e308, math.nan, math.inf)
TEXTS = ("", "nonsense", "\0" * 3, "9" * 5_000, "<b>*_`$x$`_*</b>", '{"__proto__": []}')
READING = ("deserialize", "_check_max_selections")
"""Where Streamlit itself refuses a message before a page sees it: NaN for a whole number, nine of three."""


def unheard_of(state: WidgetState) -> Iterator[WidgetState]:
    """The same widget's message with values that no browser of ours sends, of the same kind."""
    kind = state.WhichOneof("value")
    values: dict[str | None, tuple[object, ...]] = {
        "double_value": NUMBERS,
        "int_value": (-(2**63), 2**63 - 1, 10**6),
        "double_array_value": ([], [math.nan], [1e308, -1e308], [1.0] * 9),
        "int_array_value": ([], [-1], [10**6, 10**6]),
        "string_array_value": ([], ["nonsense"], ["nonsense"] * 9),
        "string_value": TEXTS,
        "json_value": ("", "null", "[", '{"a": 1}', '{"selection": {"rows": [1000000]}}'),
    }
    for value in values.get(kind, ()):
        other = WidgetState(id=state.id)
        if isinstance(value, list):
            getattr(other, str(kind)).data[:] = value
        else:
            setattr(other, str(kind), value)
        yield other


def send(app: AppTest, offered: WidgetStates, message: WidgetState) -> None:
    """Rerun the app as if its browser had sent this message for one widget, and the usual for the others."""
    others = [state for state in offered.widgets if state.id != message.id]
    app._run(WidgetStates(widgets=[*others, message]))


@pytest.fixture
def unnamed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tracebacks of the errors that ended a rerun, but for those with a name and ``READING``."""
    found: list[str] = []

    def keep(error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        if not isinstance(error, LabError) and frames[-1].name not in READING:
            found.append("".join(traceback.format_exception(error)))

    monkeypatch.setattr(error_util, "_log_uncaught_app_exception", keep)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_no_widget_out_of_range_ends_in_an_unnamed_error(lab: Lab, page: str, unnamed: list[str]) -> None:
    app = lab.open(page, run=lab.trained(Settings(), epochs=2))
    offered = app._tree.get_widget_states()
    assert offered.widgets or page == "inside"  # a run of two points has nothing to choose there
    for state in offered.widgets:
        for message in unheard_of(state):
            send(app, offered, message)
            assert not unnamed, f"{message}\n{unnamed[0]}"


def test_a_part_that_is_deselected_is_the_training_part(lab: Lab) -> None:
    app = lab.open("digits")
    offered = app._tree.get_widget_states()
    (part,) = [state for state in offered.widgets if state.id.endswith("digits-part")]
    send(app, offered, WidgetState(id=part.id, string_array_value=StringArray()))
    assert not app.exception
    assert not app.error
