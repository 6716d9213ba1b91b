"""The lesson pages: every tab under every kind of experiment, what they say, and what survives."""

import re
from typing import Any

import numpy as np
import pytest
from page_lab import Lab, components
from streamlit.testing.v1 import AppTest

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import INITIALIZERS
from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.settings import DEFAULT, NORMALIZATIONS
from dashboard.app_pages.digits import picture_browser
from dashboard.app_pages.ideas import picture
from dashboard.browser import digit_tiles
from dashboard.frame import resources

TABS = {
    "digits": ("Pictures", "The split", "Average digits", "Pixel values"),
    "normalization": ("Before and after", "Side by side", "Mean 0, variance 1"),
    "activations": ("Curves", "Saturated and dead", "First weights"),
    "network": ("Layers", "As Keras code"),
    "ideas": (
        "What an answer is",
        "Loss",
        "One unit by hand",
        "Walking downhill",
        "Words of training",
        "Keras today",
        "Check the report",
    ),
    "learning": (
        "One step",
        "Which or how much",
        "Why an objective",
        "Downhill in two dimensions",
        "What layers know",
        "Depth",
    ),
}
EXPERIMENTS: list[dict[str, str]] = [
    {},
    {"hidden": "none", "norm": "none", "skip": "1"},
    {"hidden": "50x10", "act": "sigmoid", "bn": "1", "init": "activation"},
    {"hidden": "20x100", "act": "maxout", "skip": "1", "norm": "min-max", "split": "stratified"},
    {"hidden": "1-2-3", "act": "linear", "split": "random", "validation": "100", "train": "100"},
]


def open_tab(lab: Lab, page: str, tab: str, **query: str) -> AppTest:
    app = lab.open(page, **query)
    app.session_state[f"{page}-tab"] = tab
    return app.run()


def tiles(app: AppTest) -> list[dict[str, str]]:
    shown: list[dict[str, str]] = components(app, "digit_tiles")[0]["tiles"]
    return shown


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def formulas(app: AppTest) -> list[str]:
    return [element.value.strip("$\n ") for element in app.latex]


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda query: "-".join(query.values()) or "default")
@pytest.mark.parametrize("page", TABS)
def test_every_tab_opens_under_every_experiment(lab: Lab, page: str, experiment: dict[str, str]) -> None:
    app = lab.open(page, **experiment)
    for tab in TABS[page]:
        app.session_state[f"{page}-tab"] = tab
        app.run()
        assert not app.exception, tab
        assert not app.main.error, tab
        assert "{" not in re.sub(r"\$.*?\$", "", texts(app)), tab  # no placeholder left unfilled


def test_pictures_are_those_of_the_part_with_their_labels(lab: Lab) -> None:
    app = lab.open("digits")
    first = tiles(app)[0]
    mnist = load_mnist()
    assert (first["caption"], first["note"]) == (str(mnist.train_labels[5000]), "#5,000")
    assert first["picture"] == digit_tiles.data_uri(mnist.train_images[5000])
    app.button_group(key="digits-part").set_value("test").run()
    assert tiles(app)[0]["picture"] == digit_tiles.data_uri(mnist.test_images[0])


def test_pictures_of_one_digit_shuffled_by_a_seed(lab: Lab) -> None:
    app = lab.open("digits")
    app.button_group(key="digits-digit").set_value(4).run()
    app.selectbox(key="digits-order").select("shuffled").run()
    before = tiles(app)
    assert {tile["caption"] for tile in before} == {"4"}
    app.number_input(key="digits-seed").set_value(1).run()
    assert tiles(app) != before
    app.number_input(key="digits-seed").set_value(0).run()
    assert tiles(app) == before


def test_pages_of_pictures_turn_and_survive_a_page_switch(lab: Lab) -> None:
    app = lab.open("digits")
    app.button(key="digits-page-:material/chevron_right:").click().run()
    assert tiles(app)[0]["note"] == "#5,060"
    app.switch_page("app_pages/network/page.py").run()
    app.switch_page("app_pages/digits/page.py").run()
    assert tiles(app)[0]["note"] == "#5,060"
    app.button_group(key="digits-digit").set_value(0).run()  # other pictures begin with the first page
    assert "1 to 60 of 5,444" in texts(app)


def test_the_last_page_ends_with_the_last_picture(lab: Lab) -> None:
    app = lab.open("digits", train="100")
    app.button(key="digits-page-:material/chevron_right:").click().run()
    assert "61 to 100 of 100" in texts(app)
    assert len(tiles(app)) == 40
    assert app.button(key="digits-page-:material/chevron_right:").disabled


def test_a_part_without_the_digit_says_so(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    app = lab.open("digits", train="100", validation="100")
    app.button_group(key="digits-digit").set_value(8).run()
    assert not app.exception
    monkeypatch.setattr("core.dataset.gallery.Gallery.order", lambda *_: np.array([], np.intp))
    app.run()
    assert "no such digit" in app.info[0].value


def test_a_clicked_picture_is_looked_at_closely(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_browser, "digit_tiles", lambda *_, **__: 2)
    app = lab.open("digits")
    assert not app.exception
    assert "**Shipped with the lab** answers **4**" in texts(app)
    assert any(toggle.label.startswith("Switch unit") for toggle in app.toggle)
    app.session_state["closer-tab"] = "As numbers"
    app.run()
    assert not app.exception
    (chart,) = components(app, "live_chart")
    assert "#5,002" in texts(app)
    assert chart["figure"]["data"][0]["type"] == "heatmap"


def test_a_sealed_picture_is_only_shown_as_numbers(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a network answers to a test image stays sealed."""
    monkeypatch.setattr(picture_browser, "digit_tiles", lambda *_, **__: 2)
    app = lab.open("digits")
    app.button_group(key="digits-part").set_value("test").run()
    assert not app.exception
    assert "28 rows of 28 pixels" in texts(app)
    assert "answers" not in texts(app)
    assert not any(toggle.label.startswith("Switch unit") for toggle in app.toggle)


def test_sizes_of_the_parts_are_added_up_in_writing(lab: Lab) -> None:
    app = open_tab(lab, "digits", "The split")
    assert "55,000 + 5,000 + 10,000 = **70,000**" in texts(app)
    assert not app.warning
    small = open_tab(lab, "digits", "The split", validation="200", train="1000")
    assert "1,000 + 200 + 10,000 + 58,800 = **70,000**" in texts(small)
    assert "0.5%" in small.warning[0].value


def test_average_digits_say_what_they_alone_can_answer(lab: Lab) -> None:
    assert "81.1%" in texts(open_tab(lab, "digits", "Average digits"))


def test_the_fitted_numbers_are_the_published_ones(lab: Lab) -> None:
    app = lab.open("normalization")
    values = [metric.value for metric in app.metric]
    assert values == ["33.3286", "78.5806", "0", "255"]
    assert "55,000 training images only" in texts(app)
    app.slider(key="normalization-x").set_value(255).run()
    assert any("2.8209" in formula for formula in formulas(app))


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_the_chosen_normalisation_is_marked(lab: Lab, method: str) -> None:
    app = open_tab(lab, "normalization", "Side by side", norm=method)
    assert texts(app).count("chosen") == 1
    assert len(components(app, "live_chart")) == 3


def test_mean_0_and_variance_1_and_not_the_reverse(lab: Lab) -> None:
    table = open_tab(lab, "normalization", "Mean 0, variance 1").table[0].value.set_index("Part")
    assert list(table.loc["Training"]) == ["55,000", "0.0000", "1.0000"]
    assert table.loc["Test", "variance after z-score"] != "1.0000"


def test_constant_pixels_are_counted_in_this_splits_training_part(lab: Lab) -> None:
    images = load_mnist().train_images[5000:]
    expected = int((images.min(axis=0) == images.max(axis=0)).sum())
    assert f"**{expected}** of the 784" in texts(lab.open("normalization"))


@pytest.mark.parametrize("code", ACTIVATIONS)
def test_every_activation_is_shown_as_this_networks(lab: Lab, code: str) -> None:
    app = lab.open("activations", act=code)
    assert not app.exception
    assert "this network's" in texts(app)
    drawn = {trace.get("legendgroup") for trace in components(app, "live_chart")[0]["figure"]["data"]}
    assert len(drawn) == 3
    assert code in drawn


def test_sets_of_activations(lab: Lab) -> None:
    app = lab.open("activations")
    counts = {}
    for kind in ("report", "all", "own"):
        app.button_group(key="activations-set").set_value(kind).run()
        figure = components(app, "live_chart")[0]["figure"]
        counts[kind] = len({trace["legendgroup"] for trace in figure["data"]})
    assert counts == {"report": 6, "all": len(ACTIVATIONS), "own": 3}
    app.button_group(key="activations-own").set_value([]).run()
    assert "at least one" in app.info[0].value


def test_a_sigmoid_vanishes_through_twenty_layers(lab: Lab) -> None:
    app = open_tab(lab, "activations", "Saturated and dead", hidden="20x100")
    assert any(r"9.1 \cdot 10^{-13}" in formula for formula in formulas(app))


def test_first_weights_speak_from_this_networks_numbers(lab: Lab) -> None:
    app = open_tab(lab, "activations", "First weights", hidden="20x100")
    assert "Hidden layers start with **Glorot" in texts(app)
    assert {row.variance_latex for row in INITIALIZERS.values()} <= set(formulas(app))
    times = re.search(r"\*\*([\d,]+) times weaker\*\*", texts(app))
    assert times is not None
    assert 200 < float(times[1].replace(",", "")) < 3_000
    table = app.table[0].value
    assert table.iloc[0, 2] == "± √(6 / (784 + 100)) = ± 0.0824"
    back = re.search(r"gradient at layer 1 is \*\*([\d,]+) times weaker", texts(app))
    assert back is not None
    assert 200 < float(back[1].replace(",", "")) < 3_000
    freed = open_tab(lab, "activations", "First weights", hidden="20x100", init="he")
    assert not re.search(r"\*\*\d{2,}", texts(freed))  # nothing changes tenfold


def test_deep_sigmoids_make_all_images_alike(lab: Lab) -> None:
    app = open_tab(lab, "activations", "First weights", hidden="20x100", act="sigmoid")
    assert "less than 0.0000001 after the last" in texts(app)
    assert "spread of a signal is kept" not in texts(app)
    drawn = {chart["figure"]["layout"]["title"]["text"] for chart in components(app, "live_chart")}
    assert {"Strength of the signal", "Difference between images", "Gradient on its way back"} == drawn


def test_a_network_too_narrow_to_let_anything_through_says_so(lab: Lab) -> None:
    app = open_tab(lab, "activations", "First weights", hidden="50x1")
    assert not app.exception
    assert "nothing of 32 training images comes through" in texts(app)


def test_parameters_of_the_two_published_networks(lab: Lab) -> None:
    assert lab.open("network").metric[0].value == "266,610"
    deep = lab.open("network", hidden="20x100")
    assert deep.metric[0].value == "271,410"
    assert len(deep.table[0].value) == 22


def test_cautions_are_computed_from_this_networks_first_weights(lab: Lab) -> None:
    told = {
        code: [
            float(times.replace(",", ""))
            for times in re.findall(
                r"([\d.,]+) times (?:less|weaker)", lab.open("network", init=code, **deep).info[0].value
            )
        ]
        for deep in [{"hidden": "20x100", "act": "sigmoid"}]
        for code in ("glorot", "he")
    }
    assert all(len(numbers) == 2 for numbers in told.values())
    assert told["glorot"][1] > 50 * told["he"][1] > 1e8
    (fading, better) = lab.open("network", hidden="20x100").info
    assert "training images differ" in fading.value
    assert "Started with He normal instead" in better.value
    assert not lab.open("network", hidden="20x100", init="he").info
    assert not lab.open("network", hidden="100-100-5-100", skip="1").info  # a skip leads around the five


def test_the_source_is_python_that_names_this_network(lab: Lab) -> None:
    app = open_tab(lab, "network", "As Keras code", hidden="64-32", act="tanh")
    source = app.code[0].value
    compile(source, "network.py", "exec")
    assert 'Dense(64, activation="tanh")' in source
    app.toggle(key="network-whole").set_value(True).run()
    compile(app.code[0].value, "experiment.py", "exec")
    assert "model.fit" in app.code[0].value


def test_losses_of_a_mere_guess(lab: Lab) -> None:
    app = open_tab(lab, "ideas", "Loss")
    assert [formula[-6:] for formula in formulas(app)] == ["2.3026", "0.0900"]


@pytest.mark.parametrize(
    ("rate", "word"), [(0.01, "Too small"), (0.3, "Good"), (0.8, "Large"), (1.1, "Too large")]
)
def test_the_walk_is_judged_by_its_rate(lab: Lab, rate: float, word: str) -> None:
    app = open_tab(lab, "ideas", "Walking downhill")
    app.slider(key="ideas-rate").set_value(rate).run()
    assert f"**{word}**" in texts(app)


def test_one_unit_adds_up(lab: Lab) -> None:
    app = open_tab(lab, "ideas", "One unit by hand")
    products, bias, total = map(float, re.findall(r"[+-]?\d+\.\d{3}", formulas(app)[0].replace(" ", "")))
    assert products + bias == pytest.approx(total, abs=2e-3)
    (unit,) = re.findall(r"z_\{(\d+)\}", formulas(app)[0])
    image, network = load_mnist().train_images[5000], shipped.load().network
    weights = network.weights["dense_1/kernel"][:, int(unit)]
    expected = float(weights @ network.normalization.transform(image).ravel())
    assert products == pytest.approx(expected, abs=2e-3)


def test_one_unit_of_ones_own_network(lab: Lab) -> None:
    run = lab.trained()
    app = open_tab(lab, "ideas", "One unit by hand", run=run)
    assert not app.exception
    assert app.multiselect[0].value == [run]
    app.multiselect[0].set_value([]).run()
    assert not app.exception
    assert "Choose who answers" in app.info[0].value


def test_another_picture_changes_the_answer(lab: Lab) -> None:
    app = open_tab(lab, "ideas", "What an answer is")
    before = formulas(app)[0]
    app.button(key="ideas-outputs-next").click().run()
    assert formulas(app)[0] != before
    assert picture.KEY in app.session_state["kept"]


def test_each_claim_of_the_report_is_decided_by_what_is_run(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = resources.engine()
    monkeypatch.setattr(engine, "compute", lambda function, *arguments, timeout: function(*arguments))
    app = open_tab(lab, "ideas", "Check the report")
    assert "variance **" not in texts(app)  # think first
    for code in ("moments", "over-99", "deeper", "cntk"):
        app.button(key=f"check-{code}").click().run()
        assert not app.exception
    said = texts(app)
    assert "mean **0.0000**, variance **1.0000**" in said
    known, new = map(float, re.findall(r"\*\*(\d+\.\d\d)%\*\* of images", said))
    assert known > new
    assert "99.06% is its training accuracy, 97.56%" in said
    assert "97.56% against 96.52%" in said
    assert "CNTK is not among them" in said
    assert app.button(key="check-duel")
    assert "The 43,120,000 pixels of the training part" in said
    app.session_state["chosen_language"] = "zh-CN"
    in_chinese = texts(app.run())
    assert "训练部分的 43,120,000 个像素" in in_chinese
    assert not re.search("of images|against|installed", in_chinese)


def test_over_99_percent_is_checked_with_ones_own_best_network(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.trained()
    asked: list[Any] = []

    def compute(*call: Any, timeout: float) -> tuple[float, float]:
        asked.extend(call)
        return 0.5, 0.25

    monkeypatch.setattr(resources.engine(), "compute", compute)
    app = open_tab(lab, "ideas", "Check the report")
    app.button(key="check-over-99").click().run()
    assert asked[1] == DEFAULT.network
    assert "**50.00%** of images it learnt from, **25.00%** of images it never saw" in texts(app)
    assert "Shipped" not in texts(app)


@pytest.mark.parametrize("temperature", [0.5, 10.0])
def test_a_temperature_divides_the_scores(lab: Lab, temperature: float) -> None:
    app = open_tab(lab, "ideas", "What an answer is")
    app.select_slider(key="ideas-temperature").set_value(temperature).run()
    image, digit = load_mnist().train_images[[5000]], int(load_mnist().train_labels[5000])
    powers = np.exp(shipped.load().network.scores(image)[0].astype(float) / temperature)
    written = float(formulas(app)[0].rsplit("= ", 1)[1])
    assert written == pytest.approx(powers[digit] / powers.sum(), abs=1e-4)


def test_an_open_tab_survives_a_page_switch(lab: Lab) -> None:
    app = open_tab(lab, "digits", "Pixel values")
    app.switch_page("app_pages/network/page.py").run()
    app.switch_page("app_pages/digits/page.py").run()
    assert "80.9%" in texts(app)


def test_the_words_of_training_have_this_experiment_s_numbers(lab: Lab) -> None:
    app = open_tab(lab, "ideas", "Words of training", epochs="3", seed="7")
    said = texts(app)
    assert "1,719 steps, the last with 24 images" in said
    assert "3 epochs make 5,157 steps" in said
    assert "266,610 weights" in said
    assert any("{55000}{32}" in formula and "= 1719" in formula for formula in formulas(app))
    assert "seed **7**" in texts(app.segmented_control(key="ideas-word").set_value("seed").run())
    app.segmented_control(key="ideas-word").set_value("labels").run()
    first = int(load_mnist().train_labels[5000])
    assert f"The first training image is a {first}." in texts(app)
    one_hot = ", ".join("1" if digit == first else "0" for digit in range(10))
    assert any(f"({one_hot})" in formula for formula in formulas(app))


@pytest.mark.parametrize(
    ("word", "query", "said", "unsaid"),
    [
        ("labels", {}, "takes the digits as they are", "written out one-hot"),
        ("labels", {"loss": "squared-error"}, "compares all ten numbers", "digits as they are"),
        ("optimizer", {"opt": "adam"}, "Here: **Adam**.", "TensorFlow's own"),
        ("optimizer", {"opt": "sgd"}, "Here: **SGD**.", "Here: **Adam**."),
    ],
)
def test_the_words_fit_the_choices(
    lab: Lab, word: str, query: dict[str, str], said: str, unsaid: str
) -> None:
    app = open_tab(lab, "ideas", "Words of training", **query)
    page = texts(app.segmented_control(key="ideas-word").set_value(word).run())
    assert said in page
    assert unsaid not in page
