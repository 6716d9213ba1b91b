"""A run is taken home in a real browser: every button gives a file that is what it says."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from page_lab import LEARNER, Lab
from playwright.sync_api import expect

from core.record.store import Store
from core.settings import DEFAULT, PRESETS
from core.study.guessing import Guessing
from dashboard.app_pages.train import report
from dashboard.look import style
from dashboard.runs.identities import Identity

ROOT = Path(__file__).resolve().parents[2]
SLOW = 90_000  # the workers load TensorFlow first


@pytest.fixture(scope="module")
def trained(serve: Any) -> Any:
    """A server whose lab holds one trained run: (address of its Train page, id)."""
    server = serve(ROOT / "dashboard" / "app.py")
    store = Store(f"sqlite:///{(server.folder / 'digits.sqlite').as_posix()}")
    run = Lab(store).trained(DEFAULT.change(hidden=(20,)), epochs=2, name="Größe <20>")
    store.close()
    return f"{server.url}/train?run={run}"


def test_every_download_is_what_its_button_says(trained: Any, open_page: Any, tmp_path: Path) -> None:
    page = open_page(trained)
    page.get_by_text("Take it home").click()
    files = {}
    for label in (
        "Keras code (.py)",
        "Notebook (.ipynb)",
        "Curve (.csv)",
        "Report (.html)",
        "Keras (.keras)",
        "SavedModel (.zip)",
        "HDF5 (.h5)",
        "JSON, weights (.zip)",
    ):
        button = page.get_by_role("button", name=label)
        expect(button).to_be_enabled(timeout=SLOW)
        with page.expect_download(timeout=SLOW) as download:
            button.click()
        assert download.value.suggested_filename.startswith("digits-groe-20")
        files[label] = Path(download.value.path()).read_bytes()

    compile(files["Keras code (.py)"], "code.py", "exec")
    assert json.loads(files["Notebook (.ipynb)"])["nbformat"] == 4
    rows = list(csv.DictReader(io.StringIO(files["Curve (.csv)"].decode())))
    assert [row["val_accuracy"] for row in rows if row["val_accuracy"]] == ["0.1", "0.92", "0.92"]
    assert b"Gr\xc3\xb6\xc3\x9fe &lt;20&gt;" in files["Report (.html)"]
    assert b"92.00%" in files["Report (.html)"]
    assert {"config.json", "model.weights.h5"} <= names_in(files["Keras (.keras)"])
    assert {"README.txt", "saved_model/saved_model.pb"} <= names_in(files["SavedModel (.zip)"])
    assert files["HDF5 (.h5)"].startswith(b"\x89HDF\r\n")
    assert names_in(files["JSON, weights (.zip)"]) == {"README.txt", "model.json", "model.weights.h5"}


def names_in(archive: Any) -> Any:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert file.testzip() is None
        return set(file.namelist())


@pytest.mark.parametrize("preset", PRESETS)
def test_the_report_prints_on_one_sheet_and_runs_no_script(
    preset: Any, new_page: Any, console_errors: Any, tmp_path: Path
) -> None:
    store = Store(f"sqlite:///{tmp_path}/lab.sqlite")
    hostile = "<script>document.title='broken into'</script><img src=x onerror=alert(1)>"
    run_id = Lab(store).trained(PRESETS[preset], epochs=10, name="A fine run")
    store.runs.change(run_id, learner=LEARNER, note=f"{hostile} My second line.")
    run = store.runs.get(run_id, learner=LEARNER)
    page = new_page(viewport={"width": 1024, "height": 1400})
    html = report.html(
        run,
        store.curves.points(run_id),
        known=Identity(style.RUN_COLORS[0], "A fine run"),
        guessing=Guessing(2.3026, 0.1124, 1),
        prediction=hostile,
    )
    store.close()
    (tmp_path / "report.html").write_text(html, encoding="utf-8")

    page.goto((tmp_path / "report.html").as_uri())

    assert page.title() == "A fine run"
    expect(page.get_by_text("My second line.")).to_be_visible()
    page.get_by_text("Name:").locator("b").fill("Ada Lovelace")
    sheet = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", sheet)) == 1
    assert re.search(rb"/MediaBox \[0 0 59[45]\S* 84[12]", sheet)  # A4 in points
    # A page that got in all the same could run nothing: the report's own policy refuses it.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')")
    page.wait_for_function("document.querySelector('img').complete")
    assert page.title() == "A fine run"
    assert any("Content Security Policy" in line for line in console_errors)
