"""What a worker keeps of its last runs, so that nobody pays twice for what was compiled.

Compiling a network takes from half a second to ten of processor time, and a turn is short. A run leaves its
instruments here, and each run that needs such ones finds them: the same run at its next turn, the same
network with another seed, learning rate or normalisation. Where a run stands is told by its checkpoint, as in
any other worker; one that begins gets the first weights of its own seed.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from core.dataset.prepared import Extra, prepare
from core.network.compiled_steps import beginning, restore
from core.network.instruments import Images, Instruments, make_instruments, probe
from core.runs.identity import OF_A_RUN
from core.runs.progress import Checkpoint
from core.runs.rates import is_scheduled
from core.settings import DataSettings, Settings, parameter, part_as_if

ROOM = 300_000_000
"""Bytes for kept instruments; beside the images, as much as a worker may have (``core.cluster.local``)."""


class Kept:
    """One set of images, and the instruments of runs before, those used last.

    Args:
        room: bytes for the instruments; with 0 nothing is kept.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._images: tuple[object, Images] | None = None
        self._instruments: OrderedDict[object, Instruments] = OrderedDict()

    def images(self, data: DataSettings, extra: Extra | None) -> Images:
        """The images of these settings: those of the run before, if they are the same."""
        key = data, _digest(extra)
        if self._images is not None and self._images[0] == key:
            return self._images[1]
        self._images = None  # first of all: two sets at once are more than a worker has room for
        images = Images(prepare(data, extra), key)
        if self._room:
            self._images = key, images
        return images

    def take(
        self, settings: Settings, images: Images, checkpoint: Checkpoint | None, *, microscope: bool
    ) -> Instruments:
        """The instruments of these settings as the checkpoint left them: kept ones, else new ones.

        Raises WrongWeights, DamagedRecord: the checkpoint is not one of these settings.
        """
        kept = self._instruments.pop(_key(settings, images, microscope), None)
        if kept is None:
            return make_instruments(settings, images, checkpoint, microscope=microscope)
        restore(kept.trainee, checkpoint or beginning(settings))
        if kept.microscope is not None:
            kept.microscope.watch(*probe(images.prepared))
        return kept

    def keep(self, settings: Settings, images: Images, instruments: Instruments, *, microscope: bool) -> None:
        """Keep the instruments of a run that ended or stopped, and drop the oldest if they are too many."""
        self._instruments[_key(settings, images, microscope)] = instruments
        while sum(each.size() for each in self._instruments.values()) > self._room:
            self._instruments.popitem(last=False)


def _key(settings: Settings, images: Images, microscope: bool) -> object:
    """What is compiled into instruments; all else is in their variables, or handed in at each call."""
    of_rates = ("learning_rate", "schedule", "drop_every", "drop_to", "warm_up", "rate_changes")
    told = ("seed", "epochs", *of_rates, *OF_A_RUN)
    training = part_as_if(settings.training, **{name: parameter(name).default for name in told})
    scheduled = is_scheduled(settings.training)
    return settings.network, training, scheduled, len(images.prepared.labels), microscope


def _digest(extra: Extra | None) -> bytes | None:
    return None if extra is None else hashlib.sha256(b"".join(array.tobytes() for array in extra)).digest()
