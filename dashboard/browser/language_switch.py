"""The switch at the top that changes the language: at once, and remembered by this browser."""

from __future__ import annotations

from pathlib import Path

from core.translation import LANGUAGES, spoken
from dashboard.browser.mounting import component
from dashboard.frame import session
from dashboard.language import _

KEY = "language-switch"

_FILES = Path(__file__).parent
_component = component(
    "language_switch",
    css=(_FILES / "language_switch.css").read_text(encoding="utf-8"),
    js=(_FILES / "language_switch.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # it stands in the page's header
)


def show() -> None:
    """Offer every language by its own name, and tell the browser which one the page speaks."""
    _component(
        key=KEY,
        data={
            "label": _("Language"),
            "languages": [{"tag": tag, "name": name} for tag, name in LANGUAGES.items()],
            "spoken": spoken(),
            "cookie": session.LANGUAGE_COOKIE if session.chosen_language() else "",
        },
        on_chosen_change=_choose,
    )


def _choose() -> None:
    tag = session.widget(KEY).get("chosen")
    if tag in LANGUAGES:  # a browser may send anything
        session.choose_language(tag)
