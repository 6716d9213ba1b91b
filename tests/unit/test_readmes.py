"""The two READMEs say the same: headings, commands, figures, links, and the pages by their names."""

from __future__ import annotations

import re
from collections import Counter

import house
import pytest

from core.translation import speaking
from dashboard.frame.pages import PAGES
from dashboard.language import translated

ENGLISH, CHINESE = ((house.ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
BLOCK = re.compile(r"^```.*?^```$", re.M | re.S)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def sections(text: str) -> list[str]:
    """What stands under each heading, code left out; the first is what stands before all."""
    return re.split(r"^#+ .*$", BLOCK.sub("", text), flags=re.M)


def levels(text: str) -> list[str]:
    return re.findall(r"^#+(?= )", BLOCK.sub("", text), re.M)


def commands(text: str) -> list[str]:
    """The lines of shell blocks that are no comment."""
    blocks = [block for block in BLOCK.findall(text) if block.startswith(("```sh", "```\nONEDNN"))]
    return [line for block in blocks for line in block.splitlines() if not line.startswith("#")]


def test_each_leads_to_the_other() -> None:
    assert "[简体中文](README.zh.md)" in ENGLISH
    assert "[English](README.md)" in CHINESE


def test_headings_are_as_many_and_as_deep() -> None:
    assert levels(CHINESE) == levels(ENGLISH)


def test_commands_are_the_same() -> None:
    assert commands(CHINESE) == commands(ENGLISH)
    inline = [Counter(re.findall(r"`([^`]+)`", BLOCK.sub("", text))) for text in (CHINESE, ENGLISH)]
    assert inline[0] == inline[1]


@pytest.mark.parametrize("place", range(len(sections(ENGLISH))))
def test_figures_are_the_same_in_every_section(place: int) -> None:
    ours, theirs = sections(ENGLISH)[place], sections(CHINESE)[place]
    assert Counter(NUMBER.findall(theirs)) == Counter(NUMBER.findall(ours))


def test_links_lead_to_the_same_files() -> None:
    link = re.compile(r"\]\(([^)#]+)")
    others = {"README.md", "README.zh.md"}
    assert [found for found in link.findall(CHINESE) if found not in others] == [
        found for found in link.findall(ENGLISH) if found not in others
    ]


def test_pages_are_named_as_the_lab_names_them() -> None:
    with speaking("zh-CN"):
        names = [translated(page.title) for page in PAGES]
    table = CHINESE[CHINESE.index("| 页面") :].split("\n\n")[0]
    assert re.findall(r"^\| (\S+) \|", table, re.M)[2:] == names


def test_the_map_names_the_same_places() -> None:
    place = re.compile(r"(?<![\w./])[a-z_]+(?:/|\.py)")
    maps = [BLOCK.findall(text)[2] for text in (ENGLISH, CHINESE)]
    assert Counter(place.findall(maps[1])) == Counter(place.findall(maps[0]))
