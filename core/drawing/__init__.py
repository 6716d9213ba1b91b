"""From what was written, on the pad or on paper, to an image like MNIST's."""

from core.drawing.mnist_style import BlankDrawing, FullDrawing, InvalidDrawing, to_mnist
from core.drawing.photo import read_digits, read_photo

__all__ = ["BlankDrawing", "FullDrawing", "InvalidDrawing", "read_digits", "read_photo", "to_mnist"]
