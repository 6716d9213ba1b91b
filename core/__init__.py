"""The science of the lab: data, networks, training, reading and the record of it all.

Nothing here knows a screen: no module imports streamlit or plotly.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder, in which a process of the lab is started."""

TENSORFLOW = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # oneDNN makes large products faster, but takes longer to begin a small one, and rounds it otherwise
    # depending on what stands beside it in a graph.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # A step asks for memory some 200 times; TensorFlow's own allocator answers sooner than the system's.
    "TF_CPU_ALLOCATOR_USE_BFC": "true",
}
"""What TensorFlow and Keras read when they are imported; what the environment says already goes first."""
for _name, _value in TENSORFLOW.items():
    os.environ.setdefault(_name, _value)
