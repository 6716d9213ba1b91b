"""The only wing that knows TensorFlow and Keras; importing it imports neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

    from core.settings import NetworkSettings

__all__ = ["build"]


def build(network: NetworkSettings, *, seed: int | None = None) -> keras.Model:
    """The network as a Keras model; see ``core.network.model.build``. Imports Keras when it is called."""
    from core.network import model

    return model.build(network, seed=seed)
