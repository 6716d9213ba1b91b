from pathlib import Path
from threading import Thread

import pytest
from foreign import teach_chinese

from core import translation
from core.errors import N_, LabError
from core.translation import (
    _,
    known,
    ngettext,
    of_the_server,
    sentence,
    speaking,
    spoken,
    supported,
    translated,
)


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teach_chinese(monkeypatch, tmp_path, {"Loss": "损失"})


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 images"), (1, "1 image"), (2, "2 images"), (1_234, "1,234 images")]
)
def test_a_count_has_its_own_form(count: int, said: str) -> None:
    assert ngettext("{count} image", "{count} images", count) == said


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("zh", "zh-CN"),
        ("zh-CN", "zh-CN"),
        ("zh_Hans_CN", "zh-CN"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
        ("../../etc", "en"),
        ("-", "en"),
    ],
)
def test_every_locale_is_served_by_one_of_the_labs_languages(locale: str | None, language: str) -> None:
    assert supported(locale) == language


def test_the_first_that_is_spoken_counts() -> None:
    assert supported(None, "de", "zh", "en") == "zh-CN"
    assert known("de") is None
    assert known(7) is None


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_console_follows_the_servers_locale(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert of_the_server() == language


@pytest.mark.parametrize(
    ("windows", "language"),
    [
        ("Chinese (Simplified)_China", "zh-CN"),
        ("English_United States", "en"),
        ("zh_CN", "zh-CN"),
        (None, "en"),
    ],
)
def test_where_no_variable_names_it_the_systems_own_locale_counts(
    windows: str | None, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (windows, "936"))
    assert of_the_server() == language


def test_an_error_is_a_sentence_in_the_language_that_is_spoken() -> None:
    error = LabError(N_("There is no file {file}."), file="x")
    assert sentence(error) == "There is no file x."
    with speaking("zh-CN"):
        assert sentence(error) == "没有文件 x。"


def test_a_language_that_the_lab_does_not_speak_is_refused() -> None:
    with pytest.raises(ValueError, match="'de' is none of the lab's languages"), speaking("de"):
        pass


def test_a_thousand_locales_of_browsers_are_one_catalogue() -> None:
    translation._catalogue.cache_clear()
    for number in range(1000):
        with speaking(supported(f"x{number}")):
            assert _("Loss") == "Loss"
    assert translation._catalogue.cache_info().currsize == 1


def test_the_block_speaks_and_nothing_after_it(chinese: None) -> None:
    with speaking("zh-CN"):
        assert (_("Loss"), translated(N_("Loss")), spoken()) == ("损失", "损失", "zh-CN")
        with speaking("en"):
            assert _("Loss") == "Loss"
        assert _("Loss") == "损失"
    assert (_("Loss"), spoken()) == ("Loss", "en")


def test_it_falls_silent_after_an_error_too(chinese: None) -> None:
    with pytest.raises(RuntimeError), speaking("zh-CN"):
        raise RuntimeError
    assert spoken() == "en"


def test_one_learners_language_is_not_anothers(chinese: None) -> None:
    heard: list[str] = []
    with speaking("zh-CN"):
        other = Thread(target=lambda: heard.append(_("Loss")))
        other.start()
        other.join()
    assert heard == ["Loss"]


def test_a_language_without_its_catalogue_is_no_silent_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(translation, "LANGUAGES", {"en": "English", "fr": "français"})
    monkeypatch.setattr(translation, "LOCALES", tmp_path)
    with speaking("fr"), pytest.raises(FileNotFoundError):
        _("Loss")
