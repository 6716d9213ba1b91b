"""A layer's speed is told from its steps; a gradient is called a gradient."""

from core.hints.inside import Lagging
from dashboard.runs.layer_words import gradient_sentence, speed_sentence


def lagging(value: float, output: float, *, spread: float | None = None) -> Lagging:
    ratio = output / value if value else float("inf")
    return Lagging(1, value, output, ratio, ratio if spread is None else spread, 1.0)


def test_how_much_slower() -> None:
    said = speed_sentence(lagging(3e-3, 9.9e-3))
    assert "Layer 1 learns **3 times** slower than the output layer" in said
    assert "by 0.003 of their size, the output layer's by 0.0099" in said


def test_alike_means_all_of_them() -> None:
    assert "All layers learn at about the same speed" in speed_sentence(lagging(2e-3, 3e-3))
    said = speed_sentence(lagging(2e-3, 1e-3, spread=50))  # another hidden layer is much faster
    assert "about the same" not in said
    assert "No hidden layer learns much slower than the output layer" in said


def test_no_step_and_no_gradient() -> None:
    assert "does not learn" in speed_sentence(lagging(0, 1e-3))
    assert gradient_sentence(lagging(0, 1e-3)) == "No gradient at all reaches layer 1."


def test_a_gradient_says_nothing_of_speed() -> None:
    said = [gradient_sentence(lagging(1e-7, output)) for output in (1.2e-2, 1.5e-7, 1e-9)]
    assert "**120,000 times** smaller" in said[0]
    assert all("gradient" in sentence for sentence in said)
    assert not any("slow" in sentence or "learn" in sentence for sentence in said)
