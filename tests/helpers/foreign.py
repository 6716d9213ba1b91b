"""Lets the lab speak Chinese for a test, with a catalogue of a few messages."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from core import translation


def teach_chinese(patch: pytest.MonkeyPatch, folder: Path, texts: Mapping[str, str]) -> None:
    """Speak a Chinese of these texts only, while ``patch`` holds; what is not in ``texts`` stays English."""
    catalog = Catalog(locale="zh_CN")
    for source, text in texts.items():
        catalog.add(source, text)
    patch.setattr(translation, "LOCALES", folder)
    patch.setattr(translation, "_catalogue", functools.cache(translation._catalogue.__wrapped__))
    file = translation.file("zh-CN")
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_po(out, catalog)
