"""What explains a symptom, in words: a sentence for every rule of ``core.hints.rules``, to be translated."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import N_

_TOO_HIGH = N_("The rate {rate} is {times:,.0f} times what is usual for {optimizer}.")
_TOO_LOW = N_("The rate {rate} is {fewer:,.0f} times smaller than what is usual for {optimizer}.")
_RAW = N_("Its images come without normalisation, from 0 to 255: every step is far too long.")
_FEW_STEPS = N_(
    "Batches of {batch:,} images left it only {steps:,} steps; batches of {usual} make more in as many "
    "epochs."
)
_RATE = {
    **dict.fromkeys(("diverged-rate", "stuck-rate-high", "jumping-rate", "slow-rate-high"), _TOO_HIGH),
    **dict.fromkeys(("stuck-rate-low", "slow-rate-low"), _TOO_LOW),
    **dict.fromkeys(("diverged-raw", "stuck-raw", "slow-raw"), _RAW),
    **dict.fromkeys(("stuck-few-steps", "slow-few-steps", "large-batch"), _FEW_STEPS),
    "poor-rate-high": N_(
        "**It has settled badly.** It reads only {training:.1%} of its own training images. The rate "
        "{rate} is {times:,.0f} times what is usual for {optimizer}."
    ),
}

_TWICE = N_(
    "Pixels up to 255 and the rate {rate} together make its first steps about {times:,.0f} times as long as "
    "usual ones. One change has to make up for both."
)
_TROUBLE = {
    **dict.fromkeys(("diverged-twice", "stuck-twice", "slow-twice"), _TWICE),
    "diverged-start": N_(
        "Through {depth} layers, weights that begin with {initializer} are not what {activation} wants: "
        "signals grow from layer to layer."
    ),
    "diverged-steps": N_(
        "No setting stands out. Somewhere the gradient was very steep; clipping shortens such steps."
    ),
    "stuck-alike": N_(
        "In layer {layer}, the L2 penalty {l2:g} has made the weights {smaller:,.0f} times smaller than they "
        "began: its units give nearly the same whatever they see."
    ),
    "stuck-dead": N_(
        "**Layer {layer} is dead.** {share:.0%} of its units answer 0 to each of the {images} training "
        "images that are measured, so hardly any gradient passes; what is left is a guess."
    ),
    "stuck-saturated": N_(
        "In layer {layer}, {share:.0%} of the outputs are saturated: hardly any gradient passes there."
    ),
    "stuck-several": N_(
        "{count} things hold it up at once, and no single change is known to free it. Look at which "
        "layers a gradient reaches, and at its rate."
    ),
    "stuck-vanishing": N_(
        "Through {depth} layers the gradient becomes {ratio:,.0f} times weaker on its way back to layer "
        "{layer}. Batch normalisation keeps it up."
    ),
    "stuck-weak-start": N_(
        "With its first weights, images differ {times:,.0f} times less behind {depth} layers of "
        "{activation} than behind the first."
    ),
    **dict.fromkeys(
        ("stuck-begun", "slow-begun"),
        N_("It has taken only {steps:,} steps: too few to tell what holds it up."),
    ),
    **dict.fromkeys(
        ("diverged-unknown", "stuck-unknown", "slow-unknown"),
        N_("Nothing in its settings stands out. Look at which layers a gradient reaches."),
    ),
}

_OVERFITTING = {
    "overfitting-stop": N_("It was best after epoch {best_epoch}: a run that ends there keeps that."),
    "overfitting-images": N_(
        "It learns from {train:,} images, and {room:,} are there: what holds for more of them holds for "
        "others, too."
    ),
    "overfitting-l2": N_("An L2 penalty keeps weights small, and so the answers less sharp."),
    "overfitting-shift": N_("Images that are moved a little each time cannot be learnt by heart."),
}

_ADVICE = {
    **dict.fromkeys(
        ("jumping-batch", "stuck-batch", "slow-batch"),
        N_("With batch size {batch}, each step follows so few images that the next one contradicts it."),
    ),
    "jumping-steps": N_("Its steps are too long to settle where the loss is small."),
    **dict.fromkeys(
        ("stuck-scale", "slow-scale"),
        N_("Pixels with mean 0 and standard deviation 1 would let it go further at the same rate."),
    ),
    "slow-depth": N_(
        "Through {depth} layers without batch normalisation, signals and gradients change on their way."
    ),
    "bottleneck": N_(
        "**A bottleneck.** Everything has to pass through layer {layer}, whose width is only {width}. It "
        "reads only {training:.1%} of its own training images."
    ),
    "no-bend": N_(
        "**Layers without a bend are worth no more than one.** It reads only {training:.1%} of its own "
        "training images, and gets no better."
    ),
    "too-small": N_(
        "**It is too small.** With {weights:,} weights it reads only {training:.1%} of its own training "
        "images, and gets no better."
    ),
    "few-images": N_(
        "**It learns from few images.** It reads {training:.1%} of its own {train:,} and {accuracy:.1%} "
        "of others; {room:,} are there."
    ),
}

_GAP = {
    "averages": N_(
        "**A gap that is none.** After {steps:,} steps the moving averages that batch normalisation "
        "validates with are still on their way; training uses each batch's own."
    ),
    "handicap": N_(
        "**A gap that is none.** Validation ({accuracy:.1%}) is above training ({training:.1%}), because "
        "training images are made harder to read: units are left out, or the images changed."
    ),
    "running-average": N_(
        "**A gap that is none.** Validation ({accuracy:.1%}) is above training ({training:.1%}), which "
        "is a mean over the epoch, taken while the network was still learning."
    ),
    "unused-units": N_(
        "In layer {layer}, only {used} of {width} units answer to any of the images that are measured."
    ),
}

_FINE = {
    "begun": N_(
        "**It learns.** One epoch does not tell yet how much another would bring: train on, and see."
    ),
    "improving": N_(
        "**Still improving.** The last epoch took {gain:.0%} off its validation loss: more would help."
    ),
    "well": N_("**It has learnt well.** It reads {accuracy:.1%} of images that it never learnt from."),
    "levelled-off": N_("**It has levelled off.** More epochs would change little."),
    "learning": N_("**It is learning.**"),
}

_ELSEWHERE = {
    "test-worse": N_(
        "It reads {points:.2f} points less of the test images than of the validation images. Test and "
        "validation differ by more than luck explains."
    ),
    "test-luck": N_("Test and validation differ by no more than luck explains."),
    "tuned": N_(
        "You have examined {count} networks. If they were equally good, the best of them would still "
        "come out too high by luck alone: by at most about {points:.2f} points."
    ),
    "too-close": N_(
        "**Too close to tell.** They are {points:.2f} points apart; with other validation images that "
        "would vary by {error:.2f} points (standard error)."
    ),
    "drawing-stroke": N_(
        "**Unusual strokes.** They are {stroke:.1f} pixels wide where MNIST's are about 2.5; the lab "
        "makes them so before a network sees them."
    ),
    "drawing-place": N_(
        "**Unusual place or size.** In a picture of 28 × 28 pixels it would be {size:.0f} long and lie "
        "{away:.0f} from the middle; MNIST's are 20 long and lie in the middle. The lab moves and scales it "
        "first."
    ),
}

CAUSES: Mapping[str, str] = {
    **_RATE,
    **_TROUBLE,
    **_OVERFITTING,
    **_ADVICE,
    **_GAP,
    **_FINE,
    **_ELSEWHERE,
}
"""Rule → its sentence, with places for the numbers of a hint."""

ALTOGETHER: Mapping[str, str] = {
    "stuck-alike": N_(
        "The L2 penalty {l2:g} has pulled all weights of layer {layer} to 0: its units give the same "
        "whatever they see."
    ),
    "stuck-vanishing": N_(
        "Through {depth} layers no gradient at all comes back to layer {layer}. Batch normalisation keeps "
        "it up."
    ),
    "stuck-weak-start": N_(
        "With its first weights, images do not differ at all behind {depth} layers of {activation}."
    ),
}
"""The same where a number is infinite."""
