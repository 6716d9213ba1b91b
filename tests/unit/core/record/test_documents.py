"""Learners' own small texts."""

import json

import pytest

from core.record.checks import InvalidRecord
from core.record.store import Store


def test_documents_belong_to_one_learner_and_are_replaced(lab: Store) -> None:
    assert lab.documents.get("anna", "drawing") is None
    lab.documents.save("anna", "drawing", json.dumps({"objects": []}))
    lab.documents.save("ben", "drawing", "his")
    lab.documents.save("anna", "drawing", "é 一")
    assert (lab.documents.get("anna", "drawing"), lab.documents.get("ben", "drawing")) == ("é 一", "his")
    with pytest.raises(InvalidRecord):
        lab.documents.save("anna", "drawing", "x" * 1_000_001)
