"""Names that the record gives to what it keeps."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """Twelve letters, digits and "_" that nobody can guess; no "-", which a command takes for an option."""
    return secrets.token_urlsafe(9).replace("-", "_")
