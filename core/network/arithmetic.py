"""The arithmetic of this process: versions, instructions, and what a small training comes to with them.

TensorFlow multiplies matrices by oneDNN's kernels even where ``TF_ENABLE_ONEDNN_OPTS`` is 0. They choose the
widest instructions that the processor has, and round accordingly. ``ONEDNN_MAX_CPU_ISA`` limits that choice
(https://uxlfoundation.github.io/oneDNN/dev_guide_cpu_dispatcher_control.html): a class whose machines differ
sets it to what all of them have. XLA chooses for itself, and is told the same limit by a flag of its own
(``limit_xla``). The rest of TensorFlow is compiled for one set of instructions.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.network.compiled_steps import has_xla
from core.runs.arithmetic import Arithmetic

RULES = 2
"""Version of the rules of training. Raise it when the same settings are to give other weights: another order
of the images, other seeds, another way to clip. From 2 on every update is Keras' own."""

WIDTHS = ("SSE", "AVX", "AVX2", "AVX-512")
GROUPS = {"X86_V3": "AVX2", "X86_V4": "AVX-512"}
"""NumPy's name of what a processor has → ours."""
XLA_WIDTHS = {"SSE": "SSE4_2", "AVX": "AVX", "AVX2": "AVX2"}
"""Ours → XLA's name; what is wider is no limit."""


def arithmetic(probe: Mapping[str, NDArray[Any]]) -> Arithmetic:
    """This process's arithmetic.

    Args:
        probe: weights that a fixed training gave here.
    """
    digits = hashlib.sha256(b"".join(weight.tobytes() for weight in probe.values())).hexdigest()[:12]
    return Arithmetic(
        rules=RULES,
        tensorflow=tf.__version__,
        keras=keras.__version__,
        instructions=instructions(),
        probe=digits,
        steps="XLA" if has_xla() else "graph",
    )


def instructions() -> str:
    """The widest instructions that matrix products may use here; the machine's name where it is no x86."""
    machine = platform.machine()
    if machine.lower() not in ("x86_64", "amd64"):
        return machine
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    has = max((WIDTHS.index(GROUPS[name]) for name in found if name in GROUPS), default=0)
    return WIDTHS[min(has, _limit(os.environ.get("ONEDNN_MAX_CPU_ISA", "")))]


def limit_xla() -> None:
    """Let XLA use no wider instructions than oneDNN may. Only before TensorFlow has begun to work."""
    limit = XLA_WIDTHS.get(WIDTHS[_limit(os.environ.get("ONEDNN_MAX_CPU_ISA", ""))])
    if limit:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_max_isa={limit}".strip()


def _limit(name: str) -> int:
    """Place in ``WIDTHS`` of oneDNN's name: AVX512_CORE_VNNI is AVX-512, AVX2_VNNI is AVX2."""
    ends = {"SSE41": 0, "AVX": 1, "AVX2": 2}
    return ends.get(name.upper().partition("_")[0], len(WIDTHS) - 1)
