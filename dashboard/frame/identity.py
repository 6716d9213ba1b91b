"""Who a browser is: a random cookie, which the lab knows again by its hash only.

The cookie is the key to everything a learner made. It stays in the browser; what leaves this file, and is
kept, is its SHA-256: whoever reads the database cannot become one of its learners. No salt is needed,
because nobody guesses 192 random bits.
"""

from __future__ import annotations

import hashlib
import re
import secrets

NAME = "digit_lab_learner"
YEAR = 365 * 24 * 3600
_COOKIE = re.compile(r"[A-Za-z0-9_-]{32}")


def new_cookie() -> str:
    """A value that no other browser can guess: 24 random bytes as 32 letters, digits, "-" and "_"."""
    return secrets.token_urlsafe(24)


def read_cookie(header: str | None) -> str | None:
    """Our cookie in a browser's ``Cookie`` header; None where there is none that can be ours.

    Of several the first that can be: a malformed one beside it, or one whose name only contains ours,
    takes nobody's runs away.
    """
    for part in (header or "").split(";"):
        name, _equals, value = part.strip().partition("=")
        if name == NAME and _COOKIE.fullmatch(value):
            return value
    return None


def learner(cookie: str) -> str:
    """Who has this cookie, as the record knows them: 64 hexadecimal digits."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def set_cookie(cookie: str, *, secure: bool) -> str:
    """The ``Set-Cookie`` header that keeps the cookie for a year, out of reach of scripts and of other sites.

    Args:
        secure: whether the page came over HTTPS; the browser then never sends the cookie without it.
    """
    kept = f"{NAME}={cookie}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"
    return f"{kept}; Secure" if secure else kept
