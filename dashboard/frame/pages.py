"""The lab's pages, one row each: everything that knows them reads it here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import N_

FOLDER = Path(__file__).resolve().parents[1] / "app_pages"


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        folder: where it lives under ``app_pages``.
        title: in the navigation, to be translated.
        address: the last part of its URL; it never changes, so that old links stay valid.
    """

    folder: str
    title: str
    address: str


PAGES = (
    Page("start", N_("Start"), ""),
    Page("digits", N_("Digits"), "digits"),
    Page("normalization", N_("Normalisation"), "normalization"),
    Page("activations", N_("Activations"), "activations"),
    Page("network", N_("Network"), "network"),
    Page("ideas", N_("Ideas"), "ideas"),
    Page("train", N_("Train"), "train"),
    Page("inside", N_("Inside"), "inside"),
    Page("duel", N_("Depth duel"), "duel"),
    Page("compare", N_("Compare"), "compare"),
    Page("exam", N_("Test"), "test"),
    Page("draw", N_("Draw"), "draw"),
)


def file(folder: str) -> Path:
    """The script that Streamlit runs for the page in this folder."""
    return FOLDER / folder / "page.py"
