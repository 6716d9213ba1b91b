"""The plan of a network, without TensorFlow: its layers, and the weights it starts with."""
