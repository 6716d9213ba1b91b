"""What runs were started by is a value; its text is read again, and nothing else is."""

import pytest

from core.runs.origin import KINDS, InvalidOrigin, Kind, Origin
from core.settings import DEFAULT

TANH = DEFAULT.change(activation="tanh")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_kept_is_read_again(kind: Kind) -> None:
    for origin in (Origin.new(kind), Origin.of(kind, DEFAULT)):
        assert Origin.read(str(origin)) == origin
        assert str(origin) == f"{kind}:{origin.id}"
        assert len(str(origin)) <= 64  # the column's width


def test_the_same_experiments_give_the_same_origin() -> None:
    origin = Origin.of("seeds", DEFAULT, TANH)
    assert origin == Origin.of("seeds", DEFAULT, TANH)
    others = [
        Origin.of("seeds", TANH, DEFAULT),
        Origin.of("seeds", DEFAULT),
        Origin.of("sweep", DEFAULT, TANH),
    ]
    assert origin not in others


def test_a_new_origin_is_like_no_other() -> None:
    assert len({Origin.new("duel") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "text", ["", "sweep", "sweep:", ":a", "swep:a", "Sweep:a", "sweep:a:b", "sweep:a b", "duel-a", "sweep:é"]
)
def test_what_says_no_origin_is_named(text: str) -> None:
    with pytest.raises(InvalidOrigin, match="duel, sweep, rate, seeds, fair"):
        Origin.read(text)


def test_a_long_text_that_says_no_origin_is_cut_and_said_to_be() -> None:
    with pytest.raises(InvalidOrigin, match=r"^sweep:a+… does not say"):
        Origin.read("sweep:" + "a" * 100)


def test_a_list_may_leave_out_one_of_many_but_no_duel_and_no_fair_comparison() -> None:
    assert [kind for kind in KINDS if Origin(kind, "a").is_one_of_many] == ["sweep", "rate", "seeds"]
