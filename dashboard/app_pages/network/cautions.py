"""What deserves a word about a network before it is trained."""

from __future__ import annotations

from core.hints.before_training import Caution
from dashboard.language import _


def sentence(caution: Caution) -> str:
    """A caution in the learner's language."""
    sentences = {
        "vanishing": _(
            "A sigmoid's slope is at most 1/4. Through {depth} layers at most {product:.0e} of the gradient "
            "is left: the first layers hardly learn. Other activations, batch normalisation or skip "
            "connections free them."
        ),
        "weak-start": _(
            "ReLU cuts away about half of each signal, and this initialiser does not make up for it: after "
            "{depth} layers of equal width signals are about {times:,.0f} times weaker. He's initialiser "
            "keeps them."
        ),
        "linear": _(
            "Without a bend, {depth} layers in a row are worth only one: this network can learn no more than "
            "one without hidden layers."
        ),
        "bottleneck": _(
            "Hidden layer {layer} has only {width} units. Everything about a picture has to pass through "
            "{width} numbers."
        ),
        "no-skip": _(
            "Skip connections are on, but no two hidden layers in a row are as wide as what goes into them, "
            "so there is none."
        ),
    }
    return sentences[caution.code].format(**caution.values)
