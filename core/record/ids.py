"""Names that the record gives to what it keeps."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """Sixteen hexadecimal digits that nobody can guess: one plain word in a command, a link or a key."""
    return secrets.token_hex(8)
