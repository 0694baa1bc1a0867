"""Whether its probabilities can be believed."""

from __future__ import annotations

from springfield.learning.answering.classifier import Description, read_description
from springfield.results.page.document import section
from springfield.results.page.html import Html, tag
from springfield.results.page.words import Words
from springfield.results.plots.calibration import calibration_plot
from springfield.results.sections.story import Story


def read_classifier(story: Story) -> Description | None:
    """What classifier.json says; None when it is not there or damaged."""
    try:
        file = story.run.classifier_folder / "classifier.json"
        return read_description(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def calibration(story: Story, say: Words) -> Html | None:
    """The calibration plot and its error in words."""
    scores = story.judged
    if not scores or not scores.get("calibration", {}).get("bins"):
        return None
    found = scores["calibration"]
    n = sum(each["n"] for each in found["bins"])
    sure = sum(each["confidence"] * each["n"] for each in found["bins"]) / n
    kind = "calibration.too_sure" if sure > scores["accuracy"] else "calibration.too_shy"
    lean = say(kind, sure=say.percent(sure), right=say.percent(scores["accuracy"]))
    words = say("calibration.says", ece=say.number(100 * found["ece"], 1), lean=lean,
                loss=say.fraction(scores.get("log_loss")))  # fmt: skip
    known = read_classifier(story)
    heat = None
    if known and known.calibration.temperature != 1 and not story.folds:  # each has its own
        degrees = say.number(known.calibration.temperature, 2)
        heat = tag("p", say("calibration.temperature", t=degrees))
    plot = calibration_plot(found["bins"], say)
    beside = tag("div", tag("p", words), heat, tag("figcaption", say("calibration.caption")))
    return section("calibration", say, tag("figure", plot, beside, class_="beside"))
