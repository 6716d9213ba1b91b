import pytest

from dashboard.language import ngettext


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 images"), (1, "1 image"), (2, "2 images"), (1_234, "1,234 images")]
)
def test_a_count_has_its_own_form(count, said):
    assert ngettext("{count} image", "{count} images", count) == said
