"""What runs were started by: a duel, a sweep, a search, repeats, a fair comparison, a run, a hint."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Literal, get_args

from core.errors import N_, LabError, shown
from core.settings import Settings

Kind = Literal["duel", "sweep", "rate", "seeds", "fair", "branch", "hint"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


class InvalidOrigin(LabError):
    """A text does not say what a group of runs was started by."""


@dataclass(frozen=True)
class Origin:
    """What a run was started by, if not on its own. Runs with the same origin belong together.

    Attributes:
        kind: "duel", "sweep", "rate" (a search for a learning rate), "seeds" (repeats), "fair" (what a
            fair comparison was missing), "branch" (a run that went on from another with another rate) or
            "hint" (a try of one).
        id: which of this kind, of a branch the run that it went on from: 1 to 40 letters, digits, "_" and
            "-".

    Raises InvalidOrigin.
    """

    kind: Kind
    id: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not _ID.fullmatch(self.id):
            raise InvalidOrigin(
                N_(
                    "{received} does not say what runs were started by. Expected one of {kinds}, a colon "
                    "and 1 to 40 letters or digits."
                ),
                received=shown(self),
                kinds=", ".join(KINDS),
            )

    @classmethod
    def new(cls, kind: Kind) -> Origin:
        """An origin that no other is equal to."""
        return cls(kind, secrets.token_hex(6))

    @classmethod
    def of(cls, kind: Kind, *experiments: Settings) -> Origin:
        """The origin of runs that these experiments call for. The same experiments give the same one."""
        text = "\n".join(settings.to_json() for settings in experiments)
        return cls(kind, hashlib.sha256(text.encode()).hexdigest()[:8])

    @classmethod
    def read(cls, text: str) -> Origin:
        """Undo ``str``. Raises InvalidOrigin."""
        kind, _colon, name = text.partition(":")
        return cls(kind, name)  # type: ignore[arg-type]  # checked when it is made

    def __str__(self) -> str:
        """As it is kept: "sweep:1f0c9a2b"."""
        return f"{self.kind}:{self.id}"

    @property
    def is_one_of_many(self) -> bool:
        """Whether a run with this origin is one of so many that a list of runs may leave it out."""
        return self.kind in ("sweep", "rate", "seeds")
