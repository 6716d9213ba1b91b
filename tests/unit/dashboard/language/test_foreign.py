"""What a learner or a link says is shown, not read; tests/browser/test_hostile.py asks Chromium as well."""

import csv
import io
import re

import pytest
from hostile import HOSTILE, JOINER, as_seen
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LabError
from dashboard.frame import page
from dashboard.language.foreign import from_cell, in_cell, in_chart, literal

READ = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<>&~$#{}|]")
"""A sign of Markdown without a backslash before it."""


def unescaped(markdown: str) -> str:
    """What CommonMark makes of backslashes: the sign behind them."""
    return re.sub(r"\\([!-/:-@[-`{-~])", r"\1", markdown)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_sign_of_markdown_is_escaped_and_nothing_is_lost(text: str) -> None:
    shown = literal(text)
    assert not READ.search(shown)
    assert as_seen(unescaped(shown)) == as_seen(text)


@given(st.text())
def test_any_text_is_one_line_without_markup(text: str) -> None:
    shown = literal(text)
    assert not READ.search(shown)
    assert len(shown.splitlines()) <= 1
    assert not re.match(r"[-+]|\d+[.)]", shown)
    assert not re.search(r"(?i)https?:|www\.|:\w|\w@|--|->|<-", shown)


@pytest.mark.parametrize(
    "text",
    [
        "300-100 ReLU, z-score, SGD 0.01",
        "20 × 100 sigmoid",
        "no hidden layer",
        "Grüße, 是",
        "run 7 (2)",
        "a/b",
        "",
    ],
)
def test_names_that_the_lab_makes_stay_as_they_are(text: str) -> None:
    assert literal(text) == in_chart(text) == in_cell(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_plotly_reads_neither_tags_nor_variables_nor_formulas(text: str) -> None:
    shown = in_chart(text)
    assert not re.search(r"[<>{}$]", shown)
    decoded = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), shown)
    assert as_seen(decoded) == as_seen(text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"],
)
def test_no_cell_begins_like_a_formula_and_an_edited_one_is_what_was_meant(text: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerow([in_cell(text)])
    cell = next(csv.reader(io.StringIO(written.getvalue(), newline="")))[0]
    assert cell.startswith(JOINER)
    assert from_cell(cell) == text
    assert from_cell(text) == text  # typed anew


def test_what_an_error_received_is_no_markup_in_it() -> None:
    error = LabError(
        "Expected **{count:,}** of {received}.", count=1234, received="![x](http://foreign.example/a)"
    )
    assert page.sentence(error).startswith("Expected **1,234** of !\\[x\\](http")
    assert "http:" not in page.sentence(error)
