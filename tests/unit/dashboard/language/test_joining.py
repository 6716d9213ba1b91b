from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from foreign import teach_chinese

from core.translation import speaking
from dashboard.language import joining

IN_CHINESE = {
    "{first} {second}": "{first}{second}",
    "{first}, {second}": "{first}、{second}",
    "{first}; {second}": "{first}；{second}",
}


def sentences(parts: Iterable[str]) -> str:
    return joining.sentences(*parts)


@pytest.mark.parametrize(
    ("join", "english", "chinese"),
    [
        (sentences, "a b c", "abc"),
        (joining.listed, "a, b, c", "a、b、c"),
        (joining.grouped, "a; b; c", "a；b；c"),
        (joining.facts, "a · b · c", "a · b · c"),
    ],
)
def test_parts_are_joined_as_the_language_joins_them(
    join: Callable[[Iterable[str]], str],
    english: str,
    chinese: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    teach_chinese(monkeypatch, tmp_path, IN_CHINESE)
    assert join(["a", "b", "c"]) == english
    with speaking("zh-CN"):
        assert join(["a", "b", "c"]) == chinese


@pytest.mark.parametrize("join", [sentences, joining.listed, joining.grouped, joining.facts])
def test_what_is_empty_leaves_no_trace(join: Callable[[Iterable[str]], str]) -> None:
    assert join([]) == ""
    assert join(["a"]) == "a"
    assert join(["", "a", ""]) == "a"


def test_braces_in_a_part_are_no_placeholders() -> None:
    assert joining.listed(["{first}", "{}", "}"]) == "{first}, {}, }"


def test_markdown_of_texts() -> None:
    assert joining.bold("a") == "**a**"
    assert joining.bulleted(["a", "", "b"]) == "- a\n- b"
    assert joining.crossed(["a", "b"]) == "a × b"
