"""Every catalogue is whole, in the terms of the glossary: the check of what translators wrote."""

import house
import pytest
from babel.messages.catalog import Catalog
from catalogues import faults, glossary, kept, read
from messages import messages

from core.translation import LANGUAGES, LOCALES, SOURCE, file

TERMS = {"loss": ("损失",), "learning rate": ("学习率",), "epoch": ("轮次", "轮"), "batch": ("批次",)}
SOUND = {"The **loss**: {value:,} in {count} epochs": "**损失**：{count} 轮之后为 {value:,}"}


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != SOURCE])
def test_nothing_is_wrong_with_a_catalogue(language: str) -> None:
    catalogue = read(file(language).read_text(encoding="utf-8"))
    assert faults(catalogue, messages(house.sources()), glossary()) == []


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    catalogues = {found.relative_to(LOCALES) for found in LOCALES.rglob("*.?o")}
    assert catalogues == {file(tag).relative_to(LOCALES) for tag in LANGUAGES if tag != SOURCE}


def test_the_glossary_is_in_order_and_names_no_term_twice() -> None:
    text = (house.ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    terms = [line.split("|")[1].strip(" *") for line in text.splitlines() if line.startswith("| ")][1:]
    assert terms[1:] == sorted(set(terms[1:]))
    assert len(glossary()) > 60


def catalogue_of(texts: dict[str, str]) -> Catalog:
    found = Catalog(locale="zh_CN")
    for english, chinese in texts.items():
        found.add(english, chinese)
    return found


def test_what_is_whole_passes() -> None:
    assert faults(catalogue_of(SOUND), set(SOUND), TERMS) == []


@pytest.mark.parametrize(
    ("english", "chinese", "why"),
    [
        ("Stop", "", "missing"),
        ("{count:,} of {all}", "{count:,}", "other placeholders"),
        ("{share:.1%}", "{share:.2%}", "other placeholders"),
        ("{share}", "{part}", "other placeholders"),
        ("rate %{x:g}", "值 %{y:g}", "other placeholders"),
        ("a $x$", "甲 $y$", "other placeholders"),
        ("a<br>b", "甲乙", "other placeholders"),
        ("call `fit`", "调用", "other placeholders"),
        ("set LOOK_AT_TEST", "设置", "other placeholders"),
        ("**a** b", "甲乙", "other placeholders"),
        ("**a.** b", "**甲。**乙", "does not read"),
        ("**{name}** b", "**{name}**乙", "does not read"),
        ("The losses fall", "误差下降", "“loss” is not 损失"),
        ("Learning rate", "步长", "“learning rate” is not 学习率"),
        ("a, b", "甲,乙", "half-width punctuation"),
        ("a. b", "甲。 乙", "a blank beside"),
        ("a b", "甲 乙", "a blank between"),
        ("a of MNIST", "甲MNIST", "no blank between"),
        ("“a”", "‘甲’", "other quotation marks"),
        ("*a?* b", "*甲？*乙", "emphasis that Markdown"),
        ("yours", "您的", "您"),
        ("two pictures", "两幅图片", "幅 instead of 张"),
        ("ten units", "十个单元", "单元 instead of 神经元"),
        ("read right", "认对", "认对 instead of 读对"),
        ("an error", "标准误差", "标准误差 instead of 标准误"),
        ("two runs", "两次运行", "运行 instead of 训练"),
    ],
)
def test_a_planted_fault_is_found(english: str, chinese: str, why: str) -> None:
    found = faults(catalogue_of({english: chinese}), {english}, TERMS)
    assert len(found) == 1, found
    assert why in found[0]


def test_what_is_not_of_today_is_found() -> None:
    catalogue = catalogue_of(SOUND)
    assert faults(catalogue, {*SOUND, "new"}, TERMS) == ["missing: new"]
    assert faults(catalogue, set(), TERMS) == [f"unused: {next(iter(SOUND))}"]
    catalogue[next(iter(SOUND))].flags.add("fuzzy")
    assert faults(catalogue, set(SOUND), TERMS) == [f"fuzzy: {next(iter(SOUND))}"]


def test_an_entry_that_was_set_aside_is_found() -> None:
    assert faults(read('#~ msgid "old"\n#~ msgstr "旧"\n'), set(), TERMS) == ["unused: old"]


def test_both_numbers_of_a_message_are_held() -> None:
    source = ("{count} epoch", "{count} epochs of {all}")
    catalogue = Catalog(locale="zh_CN")
    catalogue.add(source, ("{count} 轮",))
    assert [fault.split(",")[0] for fault in faults(catalogue, {source}, TERMS)] == ["other placeholders"]


def test_the_longest_term_counts() -> None:
    terms = {"batch": ("批次",), "batch size": ("批量大小",)}
    assert faults(catalogue_of({"Batch size": "批量大小"}), {"Batch size"}, terms) == []


def test_names_in_braces_are_no_terms() -> None:
    assert faults(catalogue_of({"{loss:.2f}": "{loss:.2f}"}), {"{loss:.2f}"}, TERMS) == []


def test_placeholders_of_plotly_are_kept_whole() -> None:
    assert "%{customdata[0]}" in kept("%{x}: %{customdata[0]} of {count}")
