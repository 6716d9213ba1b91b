"""A network's answer as ten bars that slide from the old answer to the new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.browser.mounting import component
from dashboard.language import _, numbers
from dashboard.language.joining import listed

_FILES = Path(__file__).parent
_component = component(
    "answer_bars",
    css=(_FILES / "answer_bars.css").read_text(encoding="utf-8"),
    js=(_FILES / "answer_bars.js").read_text(encoding="utf-8"),
)


def answer_bars(answer: NDArray[np.floating] | None, *, key: str, said: str, upright: bool = False) -> None:
    """Show probabilities (10,) that add up to 1; None leaves the bars empty, in the same places.

    Args:
        said: the answer in words, which a screen reader says when they change; "" for none.
        upright: whether they stand beside each other also where there is room for them to lie.
    """
    _component(key=key, data=content(answer) | {"said": said, "upright": upright})


def content(answer: NDArray[np.floating] | None) -> dict[str, Any]:
    """What the browser is sent: a bar for each digit, which is the longest, and all of it in words."""
    shares = [0.0] * 10 if answer is None else answer.tolist()
    told = [
        _("{digit}: {probability}").format(digit=digit, probability=numbers.probability(share))
        for digit, share in enumerate(shares)
        if numbers.short_probability(share)
    ]
    return {
        "shares": [round(share, 4) for share in shares],
        "texts": [numbers.short_probability(share) for share in shares],
        "best": -1 if answer is None else int(np.argmax(answer)),
        "alt": listed(told) if told else _("No answer yet"),
    }
