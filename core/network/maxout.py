"""Maxout as a Keras layer; Keras has none."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="digits")
class Maxout(keras.layers.Layer):  # type: ignore[misc]
    """The largest of ``pieces`` neighbouring inputs: (batch, n · pieces) → (batch, n).

    After a Dense layer it is the maxout unit of Goodfellow et al., Maxout Networks (2013).
    """

    def __init__(self, pieces: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pieces = pieces

    def call(self, inputs: Any) -> Any:
        """The largest piece of each unit."""
        units = inputs.shape[-1] // self.pieces
        by_unit = keras.ops.reshape(inputs, (-1, units, self.pieces))
        return keras.ops.max(by_unit, axis=-1)

    def compute_output_shape(self, input_shape: tuple[Any, ...]) -> tuple[Any, ...]:
        """(batch, n · pieces) → (batch, n)."""
        return input_shape[0], input_shape[1] // self.pieces

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "pieces": self.pieces}
