"""The images: MNIST, how they are split, how their pixels are scaled, and what there is to see in them."""

from core.dataset.mnist import Mnist, load_mnist

__all__ = ["Mnist", "load_mnist"]
