"""What deserves a word about a network, in words."""

from core.hints.before_training import Caution
from dashboard.app_pages.network.cautions import sentence


def test_large_numbers_are_told_without_powers_of_ten() -> None:
    said = sentence(Caution("fading", {"depth": 20, "difference": 7.712e11, "gradient": 843.2}))
    assert "differ 770,000,000,000 times less" in said
    assert "is 840 times weaker" in said


def test_a_layer_of_one_unit_is_told_in_the_same_words() -> None:
    assert "is only 1. Everything" in sentence(Caution("bottleneck", {"layer": 2, "width": 1}))
