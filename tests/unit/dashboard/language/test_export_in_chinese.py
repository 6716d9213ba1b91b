"""What is taken home speaks the learner's language, and is the same program in each."""

import ast
import io
import json
import re
import tokenize

import pytest

from core.export.comments import LINE_LENGTH
from core.export.files import notebook
from core.export.keras_source import keras_source
from core.export.network_source import keras_model_source
from core.settings import DEFAULT, Settings
from core.translation import speaking
from dashboard.language import translated

EXPERIMENTS = [
    DEFAULT,
    DEFAULT.change(
        hidden=(9,) * 4,
        residual=True,
        activation="maxout",
        handwriting=True,
        optimizer="adam",
        split="random",
    ),
    DEFAULT.change(normalization="min-max", loss="squared-error", split="stratified"),
]
ENGLISH = re.compile(r"(?:[A-Za-z]{2,} ){2}[A-Za-z]{2,}")


def comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def code(source: str) -> list[str]:
    """The statements without their words: docstrings, and what is printed."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = node.value if node.value.isascii() and " " not in node.value else ""
        if isinstance(node, ast.JoinedStr):
            node.values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
    return [ast.dump(statement) for statement in tree.body]


@pytest.mark.parametrize("settings", EXPERIMENTS)
def test_the_program_is_the_same_and_its_words_are_chinese(settings: Settings) -> None:
    english = keras_source(settings), keras_model_source(settings.network)
    with speaking("zh-CN"):
        chinese = keras_source(settings, translated), keras_model_source(settings.network, translated)
    for ours, theirs in zip(english, chinese, strict=True):
        assert code(theirs) == code(ours)
        assert len(comments(theirs)) >= len(comments(ours)) / 2
        assert not any(ENGLISH.search(comment) for comment in comments(theirs))
        assert not ENGLISH.search(" ".join(re.findall(r'"""(.*?)"""', theirs, re.S)))
        own = [line for line in theirs.splitlines() if line.startswith("#") and not line.isascii()]
        assert all(len(line) + sum(sign > "\u2fff" for sign in line) <= LINE_LENGTH for line in own)


def test_a_notebook_is_headed_in_chinese() -> None:
    with speaking("zh-CN"):
        cells = json.loads(notebook(DEFAULT, translated))["cells"]
    headings = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert headings[0] == "# 手写数字：300-100 relu, z-score, sgd 0.01"
    assert len(headings) == 7
    assert not any(ENGLISH.search(heading) for heading in headings)
