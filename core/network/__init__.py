"""The only wing that knows TensorFlow and Keras."""
