"""What an exam says: test beside validation, how far luck reaches, and what was examined."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.hints.elsewhere import ExamSeen
from core.hints.rules import Hint, hints
from core.reading.evaluation import next_accuracy, wilson
from core.reading.exam import Exam
from core.runs.published import PUBLISHED, published_code
from core.runs.run import Run
from core.study.guessing import guessing
from dashboard.app_pages.exam.count import count_examined, count_looks, times_opened
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import sentences
from dashboard.reading import exam_charts as charts
from dashboard.runs.hint_words import told

# Screen pixels of a figure and of the chart of margins; one below the other where there is less room.
FIGURE, MARGINS = 180, 400


@dataclass(frozen=True)
class Accuracy:
    """One accuracy: what it is called, its share of right answers, and how many were wrong of how many."""

    name: str
    accuracy: float
    wrong: int
    count: int

    @property
    def interval(self) -> tuple[float, float]:
        """The range in which luck moves it, 19 times of 20."""
        return wilson(self.count - self.wrong, self.count)


def show(run: Run, exam: Exam) -> None:
    """The figures, their margins, and what may be said about them."""
    result = exam.result
    test = Accuracy(_("Test"), result.accuracy, result.wrong, result.count)
    validation = validation_score(run)
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    with row:
        _figure(_("Test accuracy"), test)
        if validation is not None:
            _figure(_("Validation accuracy"), validation)
        _margins([test] if validation is None else [test, validation])
    st.markdown(losses(run, exam))
    st.markdown(reach_of_luck(test, validation, count_examined()))
    said = (what_was_examined(run), on_training(run, exam), mere_guess(run), times_opened(count_looks()))
    st.caption(sentences(*said))


def validation_score(run: Run) -> Accuracy | None:
    """The newest validation accuracy; None before there is one."""
    if run.val_accuracy is None:
        return None
    count = run.settings.data.validation
    return Accuracy(_("Validation"), run.val_accuracy, round((1 - run.val_accuracy) * count), count)


def _figure(title: str, score: Accuracy) -> None:
    with st.container(width=FIGURE, gap="xxsmall"):
        st.metric(title, numbers.percent(score.accuracy))
        st.caption(_("{wrong:,} wrong of {count:,}").format(wrong=score.wrong, count=score.count))


def _margins(scores: list[Accuracy]) -> None:
    rows = [(score.name, score.accuracy, *score.interval) for score in scores]
    with st.container(width=MARGINS):
        live_chart(charts.intervals(rows), key="intervals", height=150, alt=_("Accuracies and their margins"))


def losses(run: Run, exam: Exam) -> str:
    """The test loss, beside validation's, and beside what the report published for the same experiment."""
    said = [_("**Test loss {loss:.4f}**.").format(loss=exam.result.loss)]
    if run.val_loss is not None:
        said = [
            _("**Test loss {loss:.4f}**, validation loss {validation:.4f}.").format(
                loss=exam.result.loss, validation=run.val_loss
            )
        ]
    name = published_code(run.settings)
    if name is not None:
        published = PUBLISHED[name]
        said.append(
            _(
                "The lab report this lab grew from published, for this experiment after {epochs} epochs, a "
                "test loss of {loss:.4f} and a test accuracy of {accuracy:.2%}."
            ).format(epochs=len(published.epochs), loss=published.test_loss, accuracy=published.test_accuracy)
        )
    return sentences(*said)


def reach_of_luck(test: Accuracy, validation: Accuracy | None, examined: int = 1) -> str:
    """What each interval covers, whether test and validation differ by more than luck, and by tuning.

    Args:
        examined: how many networks this learner has examined.
    """
    low, high = test.interval
    next_low, next_high = next_accuracy(test.count - test.wrong, test.count, test.count)
    reach = _(
        "These {count:,} digits are a sample. The **true accuracy**, over all digits written like them, lies "
        "between **{low:.2%}** and **{high:.2%}**: in 19 of 20 exams such an interval holds it. Another exam "
        "with as many new digits has luck of its own: in 19 of 20 cases it would come out between "
        "{next_low:.2%} and {next_high:.2%}."
    ).format(count=test.count, low=low, high=high, next_low=next_low, next_high=next_high)
    if validation is None:
        return reach
    return sentences(reach, *(told(hint) for hint in exam_hints(test, validation, examined)))


def exam_hints(test: Accuracy, validation: Accuracy, examined: int) -> list[Hint]:
    """What the rules say of an exam beside the validation."""
    return hints(ExamSeen(test.wrong, test.count, validation.wrong, validation.count, examined))


def what_was_examined(run: Run) -> str:
    """Which weights answered, and which were validated."""
    if run.shown_step is not None:
        return _("Examined and validated: the best weights by validation loss, after epoch {epoch}.").format(
            epoch=run.weights_epoch
        )
    said = [
        _("Examined: the last weights, after epoch {epoch}.").format(
            epoch=numbers.epochs_text(run.step, run.steps_per_epoch)
        )
    ]
    if run.step % run.steps_per_epoch and run.epochs_done:
        said.append(
            _("Validated: those after epoch {epoch}, the last whole one.").format(epoch=run.epochs_done)
        )
    return sentences(*said)


def on_training(run: Run, exam: Exam) -> str:
    """How well it reads what it learnt from: the examined weights, and the mean while they were learnt."""
    said = []
    if exam.on_training is not None:
        right, count = exam.on_training
        said.append(
            _("Of {count:,} of its training images these weights read {share:.2%} right.").format(
                count=count, share=right / count
            )
        )
    points = resources.store().curves.points(run.id)["epoch_accuracy"].dropna()
    if len(points):
        said.append(
            _(
                "While they were learnt, the mean over the last epoch's training images was {accuracy:.2%}: "
                "each was read by the weights of its moment."
            ).format(accuracy=points.iloc[-1])
        )
    if not said:
        return ""
    return sentences(*said, _("It has learnt from those images: that is not the result."))


def mere_guess(run: Run) -> str:
    """What always answering the commonest digit of the test set would score."""
    guess = guessing(resources.mnist().test_labels, run.settings.training.loss)
    return _("Always answering {digit} would score {share:.2%}.").format(
        digit=guess.digit, share=guess.accuracy
    )
