"""From what was written, on the pad or on paper, to an image like MNIST's."""
