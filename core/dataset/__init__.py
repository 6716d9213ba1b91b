"""The images: MNIST, how they are split, how their pixels are scaled, and what there is to see in them."""
