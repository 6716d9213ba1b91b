"""Learners' own small texts."""

import json

import pytest
import sqlalchemy as sa

from core import limits
from core.record import documents, tables
from core.record.checks import InvalidRecord
from core.record.documents import TooManyDocuments
from core.record.store import Store


def test_documents_belong_to_one_learner_and_are_replaced(lab: Store) -> None:
    assert lab.documents.get("anna", "drawing") is None
    lab.documents.save("anna", "drawing", json.dumps({"objects": []}))
    lab.documents.save("ben", "drawing", "his")
    lab.documents.save("anna", "drawing", "é 一")
    assert (lab.documents.get("anna", "drawing"), lab.documents.get("ben", "drawing")) == ("é 一", "his")
    with pytest.raises(InvalidRecord):
        lab.documents.save("anna", "drawing", "x" * (limits.LONGEST_DOCUMENT + 1))


def test_a_learner_keeps_so_many_documents_and_may_replace_them(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_DOCUMENTS", 2)
    for kind in ("drawing", "duel:1"):
        lab.documents.save("anna", kind, "first")
    with pytest.raises(TooManyDocuments, match="2 predictions"):
        lab.documents.save("anna", "duel:2", "third")
    assert lab.documents.get("anna", "duel:2") is None
    lab.documents.save("anna", "drawing", "second")
    lab.documents.save("ben", "drawing", "his")
    assert lab.documents.get("anna", "drawing") == "second"


def test_of_two_tabs_that_save_the_same_at_once_the_later_one_stays(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = documents._check_room

    def other_tab(connection: sa.Connection, learner: str) -> None:
        """It saves between our look and our insert, as a server allows."""
        row = {"learner": "anna", "kind": "visited", "content": "theirs"}
        connection.execute(sa.insert(tables.documents).values(row))
        check(connection, learner)

    monkeypatch.setattr(documents, "_check_room", other_tab)
    lab.documents.save("anna", "visited", "ours")
    assert lab.documents.get("anna", "visited") == "ours"
