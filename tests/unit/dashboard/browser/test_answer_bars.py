"""Ten bars: the likeliest stands out, and the answer is told in words, too."""

import numpy as np

from dashboard.browser.answer_bars import content


def test_the_likeliest_digit_stands_out_and_all_are_told() -> None:
    answer = np.full(10, 0.0)
    answer[3], answer[5] = 0.91, 0.09
    sent = content(answer)
    assert sent["best"] == 3
    assert sent["shares"] == answer.tolist()
    assert sent["alt"] == "3: 91.0 %, 5: 9.0 %"


def test_without_an_answer_no_bar_is_drawn_or_favoured() -> None:
    sent = content(None)
    assert sent["best"] == -1
    assert not any(sent["shares"])
    assert set(sent["texts"]) == {""}
    assert sent["alt"] == "No answer yet"
