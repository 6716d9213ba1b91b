"""An id can be named in any command."""

import re

from core.record.ids import new_id


def test_an_id_is_no_option_of_a_command() -> None:
    ids = {new_id() for _ in range(2_000)}
    assert len(ids) == 2_000
    assert all(re.fullmatch(r"[A-Za-z0-9_]{12}", each) for each in ids)
