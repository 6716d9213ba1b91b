"""The documentation says what the code does: an undocumented setting, page or variable is a failure."""

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

import core
from core.choices.kinds import RateChanges
from core.choices.parameters import parameter
from core.settings import (
    DEFAULT,
    MAXIMUM_DEPTH,
    MAXIMUM_PARAMETERS,
    MAXIMUM_WIDTH,
    PARAMETERS,
    InvalidSetting,
    Parameter,
)
from dashboard.frame.pages import PAGES
from dashboard.language import names

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
    for file in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
}
SETTINGS = DOCUMENTS["docs/settings.md"]
DRAWING = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
DESIGNS = sorted(name for name in DOCUMENTS if name.startswith("docs/design/") and "README" not in name)
WINGS = sorted(
    file.parent.name for house in ("core", "dashboard") for file in (ROOT / house).glob("*/__init__.py")
)
PLACE = re.compile(r"`((?:core|dashboard|deploy|tests|benchmarks|docs|\.ci|\.streamlit)/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MODULE = re.compile(r"python -m ((?:core|benchmarks)[\w.]*)")


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """First cell → the other cells, of every row of the tables whose first column has this heading."""
    tables = re.findall(rf"^\| {heading} \|.*\n\|[-| ]+\|\n((?:\|.*(?:\n|$))+)", text, re.MULTILINE)
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in "".join(tables).splitlines()]
    return {first.strip("`"): others for first, *others in cells}


def anchors(text: str) -> set[str]:
    """What can be linked to within a page: "## What was measured" → "what-was-measured"."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def values_of(name: str) -> str:
    """The values that a setting may have, as the page of settings writes them; asked of the check itself."""
    if name == "hidden":
        return f"0 to {MAXIMUM_DEPTH} layers of 1 to {MAXIMUM_WIDTH:,} units"
    kind = parameter(name).kind
    if isinstance(kind, RateChanges):
        return f"up to {kind.most} times epoch `:` rate, by commas"
    with pytest.raises(InvalidSetting) as refusal:
        DEFAULT.change(**{name: object()})
    values = refusal.value.values
    if "choices" in values:
        return ", ".join(f"`{code}`" for code in str(values["choices"]).split(", "))
    if "lowest" in values:
        return " to ".join(written(values[end]) for end in ("lowest", "highest"))
    return "`0`, `1`"


def written(number: object) -> str:
    """A bound as a person reads it: 30,000 or 1e-07."""
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def environment_reads(source: str) -> Iterator[str]:
    """The variables that a source reads from its environment by name, whichever way."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get" | "pop" | "setdefault")
                    | ast.Attribute(attr="getenv"),
                    args=[ast.Constant(value=str(name)), *_],
                )
                | ast.Subscript(
                    value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name)), ctx=ast.Load()
                )
            ):
                yield name


def variables_of(*folders: str) -> set[str]:
    """Every variable that the code in these folders reads."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    sources = [file.read_text(encoding="utf-8") for file in files]
    telling = [source for source in sources if "environ" in source or "getenv" in source]  # quicker to read
    return {name for source in telling for name in environment_reads(source)}


def test_every_setting_is_documented_and_no_other() -> None:
    assert [*rows(SETTINGS, "Setting")] == [parameter.name for parameter in PARAMETERS]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_a_settings_key_default_and_sentence(parameter: Parameter) -> None:
    label, key, values, default, sentence = rows(SETTINGS, "Setting")[parameter.name]
    assert label == names.setting(parameter.name)
    assert key == f"`{parameter.key}`"
    assert values == values_of(parameter.name)
    assert default == f"`{parameter.write(parameter.get(DEFAULT))}`"
    assert sentence.endswith(".")


def test_the_most_weights_are_told() -> None:
    assert f"{MAXIMUM_PARAMETERS:,} weights" in rows(SETTINGS, "Setting")["hidden"][-1]


def test_the_readmes_table_of_pages_is_the_labs() -> None:
    assert [*rows(DOCUMENTS["README.md"], "Page")] == [page.title for page in PAGES]


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    read = variables_of("core", "dashboard", "benchmarks", "tests")
    assert rows(SETTINGS, "Variable").keys() == read


def test_the_readme_names_what_the_lab_itself_reads() -> None:
    for name in variables_of("core", "dashboard"):
        assert name in DOCUMENTS["README.md"]


def test_what_the_lab_sets_for_tensorflow_is_documented() -> None:
    assert all(f"`{name}`" in SETTINGS for name in core.TENSORFLOW)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for link in LINK.findall(DOCUMENTS[name]):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "CHANGELOG.md"])
def test_places_and_commands_that_are_named_exist(name: str) -> None:
    """A changelog tells of places as they were; all other documents of what is there."""
    for place in PLACE.findall(DOCUMENTS[name]):
        assert (ROOT / place).exists(), place
    for module in MODULE.findall(DOCUMENTS[name]):
        assert find_spec(module), module


@pytest.mark.parametrize("name", DESIGNS)
def test_a_decision_is_one_page_and_says_why_and_what_it_costs(name: str) -> None:
    assert len(DOCUMENTS[name].split()) < 400
    for part in ("Decided.", "Why.", "How.", "What it costs.", "What holds it."):
        assert f"**{part}**" in DOCUMENTS[name]
    assert f"({Path(name).name})" in DOCUMENTS["docs/design/README.md"]


def test_the_drawing_is_for_light_and_dark_and_can_be_read_aloud() -> None:
    ElementTree.fromstring(DRAWING)
    assert "prefers-color-scheme: dark" in DRAWING
    assert re.search(r'role="img" aria-labelledby="title desc"', DRAWING)
    assert "docs/architecture.svg" in DOCUMENTS["README.md"]


def luminance(color: str) -> float:
    """Relative luminance of "#rrggbb", 0 black … 1 white (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", re.findall(r"svg \{([^}]+)\}", DRAWING), ids=["light", "dark"])
def test_every_text_of_the_drawing_can_be_read(scheme: str) -> None:
    light = {name: luminance(color) for name, color in re.findall(r"--([\w-]+): (#\w{6})", scheme)}
    for ground in ("ground", "room", "page", "work", "kept"):
        for ink in ("ink", "quiet"):
            darker, lighter = sorted((light[ground], light[ink]))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ground, ink)


@pytest.mark.parametrize("wing", WINGS)
def test_every_wing_is_drawn_and_on_the_map(wing: str) -> None:
    assert re.search(rf">(?:[\w, ]+, )?{wing}<", DRAWING)
    assert re.search(rf"\b{wing}/", DOCUMENTS["README.md"])


def test_variables_are_found_however_they_are_read() -> None:
    source = (
        "os.environ.get('A')\nos.environ['B']\nos.getenv('C', '')\nos.environ.setdefault('D', '1')\n"
        "os.environ['E'] = '1'\ndel os.environ['F']\nvalues.get('G')\nos.environ.get(name)\n"
    )
    assert list(environment_reads(source)) == ["A", "B", "C", "D"]


def test_rows_are_read_without_their_heading() -> None:
    text = "| Setting | Key |\n| --- | --- |\n| `a` | b |\n| `c` | d |\n\n| Other |\n| --- |\n| e |\n"
    assert rows(text, "Setting") == {"a": ["b"], "c": ["d"]}
    assert rows(text, "Nothing") == {}
