"""The learning curve: recall against training images, the target, and where they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words
from springfield.results.plots.svg import (
    Scale,
    area,
    dot,
    drawing,
    grid_along,
    grid_up,
    hover,
    line,
    path,
    text,
)

WIDTH, HEIGHT = 860, 430
LEFT, RIGHT, TOP, BOTTOM = 46, 836, 40, 372
SMALL = (150, 40)  # of a class's curve, pixels
FROM = 0.7  # of the smallest budget, where the axis begins
Curve = Mapping[str, Any]  # with points, curve, low, high, more_than and the number that is needed
Step = Mapping[str, float]  # images, recall, low, high


def rounded(images: float) -> int:
    """To two digits: more would promise what no curve can keep."""
    step = max(1, 10 ** (len(str(int(images))) - 2))
    return round(images / step) * step


def target_share(target: float, say: Words) -> str:
    """A target as it was asked for: 90% or 92.5%."""
    return say.percent(target, 0 if round(100 * target, 6) % 1 == 0 else 1)


def needs_plot(answer: Curve, say: Words) -> Html:
    """The mean recall over the classes, as `answer_from` gives it, above the curves of each."""
    along, up = _scales(answer, (LEFT, RIGHT), (BOTTOM, TOP))
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.needs"),
        text(0, 14, say("plot.recall"), "axis"),
        grid_up(up, LEFT, RIGHT, say.tick),
        grid_along(along, TOP, BOTTOM, say.tick),
        text((LEFT + RIGHT) / 2, HEIGHT - 14, say("plot.images"), "axis middle"),
        *(_line(c["curve"], along, up, "line thin faint veil")
          for c in answer["classes"].values() if c["curve"]),
        _band(answer["curve"], along, up),
        _known(answer, along, up, "line blue"),
        _target(answer, along, up, say),
        *(_point(step, answer, (along, up), say) for step in answer["points"]),
        _meeting(answer, along, up, say),
    )  # fmt: skip


def class_curve(name: str, curve: Curve, target: float, say: Words) -> Html:
    """The curve of a class in a line of a table."""
    width, height = SMALL
    along, up = _scales(curve, (3, width - 3), (height - 3, 3))
    goal = up(target)
    points = (dot(along(step["images"]), up(step["recall"]), 2.2, "fill-blue")
              for step in curve["points"])  # fmt: skip
    return drawing(
        width,
        height,
        say("plot.needs.class", name=name),
        line(3, goal, width - 3, goal, "dash"),
        _band(curve["curve"], along, up),
        _known(curve, along, up, "line thin blue"),
        *points,
    )


def _scales(
    curve: Curve, across: tuple[float, float], height: tuple[float, float]
) -> tuple[Scale, Scale]:
    """From below the smallest budget to the end of the curve, and from 0 to 1."""
    points: Sequence[Step] = curve["points"]
    steps: Sequence[Step] = curve["curve"] or points
    first = max(1.0, FROM * min(step["images"] for step in points))
    last = max(step["images"] for step in [*steps, *points])
    return Scale(first, max(last, 2 * first), *across, True), Scale(0, 1, *height)


def _shown(steps: Sequence[Step], along: Scale) -> list[Step]:
    return [step for step in steps if step["images"] >= along.low * 0.999]


def _band(steps: Sequence[Step], along: Scale, up: Scale) -> Html | None:
    shown = _shown(steps, along)
    if not shown:
        return None
    over = [(along(step["images"]), up(step["high"])) for step in shown]
    under = [(along(step["images"]), up(step["low"])) for step in reversed(shown)]
    return area(over + under, "band")


def _line(steps: Sequence[Step], along: Scale, up: Scale, class_: str) -> Html:
    shown = _shown(steps, along)
    return path([(along(step["images"]), up(step["recall"])) for step in shown], class_)


def _known(curve: Curve, along: Scale, up: Scale, class_: str) -> Html | None:
    """The curve, dashed where nothing was measured."""
    steps: Sequence[Step] = curve["curve"]
    if not steps:
        return None
    most = max(step["images"] for step in curve["points"])
    inside = [step for step in steps if step["images"] <= most]
    return join([
        _line(inside, along, up, class_),
        _line([*inside[-1:], *steps[len(inside):]], along, up, f"{class_} dashed"),
    ])  # fmt: skip


def _target(answer: Curve, along: Scale, up: Scale, say: Words) -> Html:
    y = up(answer["target"])
    words = say("plot.target", target=target_share(answer["target"], say))
    return join([line(LEFT, y, RIGHT, y, "dash"), text(LEFT + 6, y - 6, words, "small quiet")])


def _point(step: Step, answer: Curve, scales: tuple[Scale, Scale], say: Words) -> Html:
    """A measured mean; it is open where some of the classes had fewer images."""
    (along, up), judged = scales, sum(each["n"] > 0 for each in answer["classes"].values())
    x, style = along(step["images"]), "fill-blue paper-edge"
    if step["whole"] < judged:
        style = "fill-paper blue"
    words = say("plot.point", images=step["images"], recall=say.fraction(step["recall"]),
                interval=say.interval(step["low"], step["high"]))  # fmt: skip
    return tag(
        "g",
        hover(words),
        line(x, up(step["low"]), x, up(step["high"]), "whisker blue"),
        dot(x, up(step["recall"]), 4.5, style),
        class_="hit",
    )


def _meeting(answer: Curve, along: Scale, up: Scale, say: Words) -> Html | None:
    """Where the curve meets the target, with the interval of that number."""
    number, low, high = (answer[name] for name in ("images_per_class", "low", "high"))
    if low is None:
        return None
    y = up(answer["target"])
    end = along(min(high or along.high, along.high))
    shapes = [line(min(along(low), end), y, end, y, "line red")]
    if number is not None:
        x = along(number)
        shapes += [
            line(x, y, x, BOTTOM, "line thin red dashed"),
            dot(x, y, 6, "fill-red paper-edge"),
            text(x + 8, BOTTOM - 8, say.number(rounded(number)), "strong fill-red"),
        ]
    return join(shapes)
