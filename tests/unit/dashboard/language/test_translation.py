from pathlib import Path
from threading import Thread

import pytest
from foreign import teach_chinese

from core.errors import N_
from dashboard.language import _, ngettext, translated, translation
from dashboard.language.translation import speaking, spoken, supported


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
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans-CN", "zh"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
        ("../../etc", "en"),
        ("-", "en"),
    ],
)
def test_every_locale_is_served_by_one_of_the_labs_languages(
    locale: str | None, language: str, chinese: None
) -> None:
    assert supported(locale) == language


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
    with speaking("zh"):
        assert (_("Loss"), translated(N_("Loss")), spoken()) == ("损失", "损失", "zh")
        with speaking("en"):
            assert _("Loss") == "Loss"
        assert _("Loss") == "损失"
    assert (_("Loss"), spoken()) == ("Loss", "en")


def test_it_falls_silent_after_an_error_too(chinese: None) -> None:
    with pytest.raises(RuntimeError), speaking("zh"):
        raise RuntimeError
    assert spoken() == "en"


def test_one_learners_language_is_not_anothers(chinese: None) -> None:
    heard: list[str] = []
    with speaking("zh"):
        other = Thread(target=lambda: heard.append(_("Loss")))
        other.start()
        other.join()
    assert heard == ["Loss"]


def test_a_language_without_its_catalogue_is_no_silent_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(translation, "LANGUAGES", ("en", "fr"))
    monkeypatch.setattr(translation, "LOCALES", tmp_path)
    with speaking("fr"), pytest.raises(FileNotFoundError):
        _("Loss")
