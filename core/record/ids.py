"""Names that the record gives to what it keeps."""

from __future__ import annotations

import re
import secrets

RUN_ID = re.compile(r"[A-Za-z0-9_-]{4,40}")
"""What may be the id of a run, whole: those of today, and of runs that former versions kept."""


def new_id() -> str:
    """Sixteen hexadecimal digits that nobody can guess: one plain word in a command, a link or a key."""
    return secrets.token_hex(8)
