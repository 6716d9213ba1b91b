"""The trees of a network's real files: every weight is found in them, in its shape."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.architecture.first_weights import draw_weights
from core.architecture.plan import weight_shapes
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.export.files import MODEL_FORMATS, model_tree
from core.settings import DEFAULT, NetworkSettings

NETWORK = NetworkSettings(hidden=(9, 7))


@pytest.mark.parametrize("file_format", [name for name in MODEL_FORMATS if name != "saved-model"])
def test_every_weight_is_in_the_tree(file_format: str) -> None:
    normalization = fit("z-score", load_mnist().train_images[:100])
    branches = model_tree(
        replace(DEFAULT, network=NETWORK), draw_weights(NETWORK, 0), normalization, file_format
    )
    found = sorted(
        branch.value for branch in branches if branch.kind == "array" and branch.value.startswith("float32 ")
    )
    shapes = [*weight_shapes(NETWORK).values(), (1,)]  # the last one is the rate of the optimiser
    assert found == sorted(f"float32 {' × '.join(map(str, shape))}" for shape in shapes)
    assert branches[0].size > 4 * (784 * 9 + 9 * 7 + 7 * 10)
