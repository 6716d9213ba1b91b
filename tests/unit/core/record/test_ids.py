"""An id can be named in any command."""

import re

from core.record.ids import new_id


def test_an_id_is_one_plain_word() -> None:
    ids = {new_id() for _ in range(2_000)}
    assert len(ids) == 2_000
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in ids)
