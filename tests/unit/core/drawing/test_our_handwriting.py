"""The class's drawings as files: all of them, and nothing of who drew them."""

import io
import zipfile
from datetime import UTC, datetime

import numpy as np

from core.drawing.our_handwriting import Drawing, pack, pictures, unpack

LEARNER = "5f1c" * 16
DRAWINGS = [
    Drawing(
        number,
        LEARNER,
        datetime(2026, 1, 1, tzinfo=UTC),
        number % 10,
        np.full((28, 28), number, np.uint8),
    )
    for number in (3, 17, 123)
]


def test_packed_drawings_are_unpacked_and_tell_nothing_else() -> None:
    packed = pack(DRAWINGS)
    images, labels = unpack(packed)
    assert labels.tolist() == [3, 7, 3]
    assert [image.max() for image in images] == [3, 17, 123]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["images.npy", "labels.npy"]


def test_pictures_are_called_by_their_numbers_by_which_they_can_be_removed() -> None:
    with zipfile.ZipFile(io.BytesIO(pictures(DRAWINGS))) as archive:
        assert archive.namelist() == ["3/0003.png", "7/0017.png", "3/0123.png"]


def test_no_file_tells_who_drew() -> None:
    for data in (pack(DRAWINGS), pictures(DRAWINGS)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.comment, *map(archive.read, archive.namelist())]
            parts += [info.extra + info.comment for info in archive.infolist()]
        assert all(LEARNER.encode() not in part for part in (data, *parts))
