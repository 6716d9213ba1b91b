"""A run to take home: as Keras code, notebook, curve and model file."""
