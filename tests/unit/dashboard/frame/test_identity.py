"""A cookie is known again, mended where it is malformed, and kept as a hash."""

import hashlib
from collections import Counter

import pytest

from dashboard.frame import identity

OURS = "AbCdEfGhIjKlMnOpQrStUvWxYz-_0123"
THEIRS = "0" * 32


def test_new_cookies_differ_and_are_read_again() -> None:
    cookies = [identity.new_cookie() for _ in range(200)]
    assert len(set(cookies)) == 200
    for cookie in cookies:
        assert identity.read_cookie(f"{identity.NAME}={cookie}") == cookie
    letters = Counter("".join(cookies))
    assert len(letters) == 64  # all of the alphabet: the bytes are random


@pytest.mark.parametrize(
    "header",
    [
        f"{identity.NAME}={OURS}",
        f"theme=dark; {identity.NAME}={OURS}; a=b",
        f"a=b;{identity.NAME}={OURS}",
        f'odd="a, b; {identity.NAME}={OURS}',
        f"{identity.NAME}_of_another_lab={THEIRS}; my_{identity.NAME}={THEIRS}; {identity.NAME}={OURS}",
        f"{identity.NAME}=malformed; {identity.NAME}={OURS}",
        f"{identity.NAME}={OURS}; {identity.NAME}={THEIRS}",
    ],
)
def test_our_cookie_is_found_among_others(header: str) -> None:
    assert identity.read_cookie(header) == OURS


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        ";;=;",
        f"{identity.NAME}=",
        f"{identity.NAME}",
        f"{identity.NAME}=short",
        f"{identity.NAME}={OURS}4",
        f"{identity.NAME}={OURS[:-1]}",
        f"{identity.NAME}={OURS[:-1]}é",
        f"{identity.NAME}={OURS[:-1]}\n",
        f"{identity.NAME}=<script>alert(document.cookie)</script>",
        f"{identity.NAME}_of_another_lab={OURS}",
        f"note={identity.NAME}={OURS}",
        "\xff\xfe",
    ],
)
def test_what_cannot_be_ours_is_none(header: str | None) -> None:
    assert identity.read_cookie(header) is None


def test_what_is_kept_is_a_hash_that_does_not_tell_the_cookie() -> None:
    kept = identity.learner(OURS)
    assert kept == hashlib.sha256(OURS.encode()).hexdigest()
    assert len(kept) == 64  # as many as the record's column holds
    assert identity.read_cookie(f"{identity.NAME}={kept}") is None  # nor is it a cookie itself


def test_the_cookie_is_out_of_reach_and_secure_under_https() -> None:
    plain, secure = (identity.set_cookie(OURS, secure=https) for https in (False, True))
    for given in (plain, secure):
        assert given.startswith(f"{identity.NAME}={OURS}; Path=/; ")
        assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= set(given.split("; "))
        assert "Domain" not in given
    assert "Secure" not in plain
    assert secure.endswith("; Secure")
