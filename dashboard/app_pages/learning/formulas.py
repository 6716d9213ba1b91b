"""The formulas of one step, with the network's own numbers, as LaTeX."""

from __future__ import annotations

from math import ceil

import numpy as np
from scipy.special import softmax

from core.choices.activations import ACTIVATIONS
from core.theory.one_step import BATCH, NUDGE, OneStep, Shares, Weight


def steps(images: int) -> str:
    """How many steps an epoch has."""
    return rf"\left\lceil \frac{{{images}}}{{{BATCH}}} \right\rceil = {ceil(images / BATCH)}"


def forwards(step: OneStep, name: str) -> list[str]:
    """A layer with weights as a product of matrices, and its strongest number by hand."""
    layer = next(layer for layer in step.plan if layer.name == name)
    n, sums = len(step.labels), step.traces[name].sums
    product = (
        rf"\underset{{{n} \times {layer.input_width}}}{{X}}\;"
        rf"\underset{{{layer.input_width} \times {layer.width}}}{{W}} + b ="
        rf"\underset{{{n} \times {layer.width}}}{{Z}}"
    )
    unit = int(sums[0].argmax())
    row = ACTIVATIONS.get(layer.activation)
    if row is None or row.pieces > 1:
        return [product, rf"z_{{1,{unit + 1}}} = {sums[0, unit]:.3f}"]
    output = step.traces[name].outputs[0, unit]
    return [product, rf"f(z_{{1,{unit + 1}}}) = f({sums[0, unit]:.3f}) = {output:.3f}"]


def answer(step: OneStep) -> str:
    """The first image's probability of its own digit."""
    scores, digit = step.scores[0], int(step.labels[0])
    return (
        rf"p_{{1,{digit}}} = \frac{{e^{{s_{{{digit}}}}}}}{{\sum_j e^{{s_j}}}} = "
        rf"\frac{{e^{{{scores[digit]:.2f}}}}}{{\sum_j e^{{s_j}}}} = {softmax(scores)[digit]:.4f}"
    )


def loss(step: OneStep, code: str) -> str:
    """The batch's loss: the mean over its images."""
    one = {
        "cross-entropy": r"-\ln p_k",
        "squared-error": r"\tfrac{1}{10} \textstyle\sum_j (y_{kj} - p_{kj})^2",
    }[code]
    return rf"L = \frac{{1}}{{{len(step.labels)}}} \sum_{{k}} {one} = {step.loss:.6f}"


def chain(step: OneStep, weight: Weight, shares: Shares, image: int, loss_code: str) -> list[str]:
    """The chain rule for a weight: the sum over images, one image's share, and where its δ comes from."""
    x, delta = float(shares.inputs[image]), float(shares.slopes[image])
    written = [
        rf"\frac{{\partial L}}{{\partial w}} = \sum_{{k=1}}^{{{len(step.labels)}}} x_k\,\delta_k "
        rf"= {number(shares.gradient)}",
        rf"x_{{{image + 1}}}\,\delta_{{{image + 1}}} = {number(x)} \cdot {bracketed(delta)} "
        rf"= {number(x * delta)}",
    ]
    origin = _delta(step, weight, shares, image, loss_code)
    return [*written, origin] if origin else written


def _delta(step: OneStep, weight: Weight, shares: Shares, image: int, loss_code: str) -> str:
    k, delta = image + 1, number(float(shares.slopes[image]))
    if shares.arriving is not None and shares.activation_slopes is not None:
        arriving, slope = float(shares.arriving[image]), float(shares.activation_slopes[image])
        return (
            rf"\delta_{{{k}}} = \frac{{\partial L}}{{\partial h_{{{k}}}}} \cdot f'(z_{{{k}}}) = "
            rf"{number(arriving)} \cdot {number(slope)} = {delta}"
        )
    if weight.layer == "output" and loss_code == "cross-entropy":
        p = float(softmax(step.scores[image])[weight.target])
        wanted = int(step.labels[image] == weight.target)
        return (
            rf"\delta_{{{k}}} = \frac{{p_{{{k}}} - y_{{{k}}}}}{{{len(step.labels)}}} = "
            rf"\frac{{{number(p)} - {wanted}}}{{{len(step.labels)}}} = {delta}"
        )
    return ""


def measured(step: OneStep, weight: Weight) -> list[str]:
    """The same number from two losses, without calculus."""
    high, low = step.nudged(weight, NUDGE), step.nudged(weight, -NUDGE)
    slope = number(step.measured_slope(weight))
    return [
        r"\small \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2 \varepsilon} =",
        rf"\small \frac{{{high:.9f} - {low:.9f}}}{{2 \cdot {NUDGE:f}}} = {slope}",
    ]


def update(step: OneStep, weight: Weight, rate: float) -> list[str]:
    """What becomes of the weight."""
    gradient = step.shares(weight).gradient
    before = step.value(weight)
    return [
        r"w \leftarrow w - \eta\,\frac{\partial L}{\partial w}",
        rf"\small {before:.6f} - {rate:g} \cdot {bracketed(gradient)} = {before - rate * gradient:.6f}",
    ]


def number(value: float) -> str:
    """Four digits, however small the number."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.4g}"
    exponent = int(np.floor(np.log10(abs(value))))
    return rf"{value / 10.0**exponent:.3f} \cdot 10^{{{exponent}}}"


def bracketed(value: float) -> str:
    """A number as a factor: in brackets where it would be misread."""
    return rf"\left({number(value)}\right)" if value < 0 or "cdot" in number(value) else number(value)
