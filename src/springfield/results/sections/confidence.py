"""Whether its probabilities can be believed."""

from __future__ import annotations

from springfield.results.page.document import figure, section
from springfield.results.page.html import Html, tag
from springfield.results.page.words import Words, fraction, percent
from springfield.results.plots.calibration import calibration_plot
from springfield.results.sections.story import Story


def calibration(story: Story, say: Words) -> Html | None:
    """The calibration plot and its error in words."""
    scores = story.judged
    if not scores or not scores.get("calibration", {}).get("bins"):
        return None
    found = scores["calibration"]
    n = sum(each["n"] for each in found["bins"])
    sure = sum(each["confidence"] * each["n"] for each in found["bins"]) / n
    kind = "calibration.too_sure" if sure > scores["accuracy"] else "calibration.too_shy"
    lean = say(kind, sure=percent(sure), right=percent(scores["accuracy"]))
    words = say("calibration.says", ece=percent(found["ece"]), lean=lean,
                loss=fraction(scores.get("log_loss")))  # fmt: skip
    plot = calibration_plot(found["bins"], say)
    return section("calibration", say, tag("p", words), figure(plot, say("calibration.caption")))
