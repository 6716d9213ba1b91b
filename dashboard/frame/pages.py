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
        section: the group it belongs to, one of ``SECTIONS``.
        has_experiment: whether the sidebar's experiment changes what the page shows or begins.
        address: the last part of its URL; it never changes, so that old links stay valid.
    """

    folder: str
    title: str
    section: str
    address: str
    has_experiment: bool = True


LOOK, BUILD, UNDERSTAND, USE = SECTIONS = (
    N_("Look"),
    N_("Build"),
    N_("Understand"),
    N_("Use"),
)
"""What a learner does on the pages of a group, to be translated; in the order of the way through the lab."""

PAGES = (
    Page("start", N_("Start"), LOOK, "", has_experiment=False),
    Page("digits", N_("Digits"), LOOK, "digits"),
    Page("normalization", N_("Normalisation"), BUILD, "normalization"),
    Page("activations", N_("Activations"), BUILD, "activations"),
    Page("network", N_("Network"), BUILD, "network"),
    Page("ideas", N_("Ideas"), UNDERSTAND, "ideas", has_experiment=False),
    Page("learning", N_("How it learns"), UNDERSTAND, "learning", has_experiment=False),
    Page("train", N_("Train"), BUILD, "train"),
    Page("inside", N_("Inside"), UNDERSTAND, "inside", has_experiment=False),
    Page("duel", N_("Depth duel"), UNDERSTAND, "duel", has_experiment=False),
    Page("compare", N_("Compare"), UNDERSTAND, "compare"),
    Page("exam", N_("Test"), USE, "test", has_experiment=False),
    Page("draw", N_("Draw"), USE, "draw", has_experiment=False),
)


def file(folder: str) -> Path:
    """The script that Streamlit runs for the page in this folder."""
    return FOLDER / folder / "page.py"


def at(address: str) -> Page:
    """The page at this address; the first one where there is none."""
    return next((page for page in PAGES if page.address == address), PAGES[0])
