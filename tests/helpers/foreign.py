"""Lets the lab speak Chinese for a test, with a catalogue of a few messages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from dashboard.language import translation


def teach_chinese(patch: pytest.MonkeyPatch, folder: Path, texts: Mapping[str, str]) -> None:
    """Make "zh" one of the lab's languages while ``patch`` holds; what is not in ``texts`` stays English."""
    catalog = Catalog(locale="zh")
    for source, text in texts.items():
        catalog.add(source, text)
    file = folder / "zh" / "LC_MESSAGES" / "lab.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_mo(out, catalog)
    patch.setattr(translation, "LOCALES", folder)
    patch.setattr(translation, "LANGUAGES", ("en", "zh"))
    translation._catalogue.cache_clear()
