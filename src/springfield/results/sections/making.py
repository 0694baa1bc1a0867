"""How it was made: warnings, the command, the recipe, the versions."""

from __future__ import annotations

import dataclasses
import math
import re

from springfield.recipe import Recipe
from springfield.results.page.document import section
from springfield.results.page.html import Html, escape, tag
from springfield.results.page.said import said
from springfield.results.page.tables import facts
from springfield.results.page.words import Words
from springfield.results.sections.story import Story
from springfield.windows import command_line


def warnings(story: Story, say: Words) -> Html | None:
    """What the run wants its reader to know."""
    found = story.facts.get("warnings") or []
    if not found:
        return None
    return section(
        "warnings", say, tag("ul", *(tag("li", said(str(w), say)) for w in found), class_="notes")
    )


def making(story: Story, say: Words) -> Html:
    """Everything needed to do it again."""
    changed = differences(story.recipe, say)
    settings = facts(changed) if changed else tag("p", say("making.same"))
    return section(
        "making",
        say,
        tag("h3", say("making.command")),
        tag("pre", shown_command(str(story.facts.get("command", "–")))),
        tag("h3", say("making.again")),
        tag("pre", shown_command(again(story))),
        tag("h3", say("making.recipe")),
        settings,
        tag("h3", say("making.facts")),
        facts(_facts(story, say)),
    )


def again(story: Story, exclude: str = "", data: str = "") -> str:
    """The command that does it again, with what was measured here written out.

    `exclude` is another manifest than the one that the run was made with, `data` what to call the
    images where they lie elsewhere.
    """
    recipe_file = story.run.folder / "recipe.toml"
    words = ["springfield", "train", data or str(story.data), "--out", "NEW_FOLDER"]
    words += ["--recipe", str(recipe_file)]
    if exclude or story.facts.get("exclude"):
        words += ["--exclude", exclude or str(story.run.folder / "exclude.csv")]
    plan, training = dict(story.facts.get("plan", {})), story.recipe.training
    if not training.epochs and plan.get("epochs"):
        words += ["--set", f"training.epochs={plan['epochs']}"]
    if training.precision == "measured" and plan.get("precision"):
        words += ["--set", f"training.precision={plan['precision']}"]
    if found := plan.get("rate_test"):
        words += ["--set", f"training.learning_rate={found['learning_rate']}"]
    return command_line(words)


def shown_command(words: str) -> Html:
    """A command whose options are never torn apart at a hyphen."""
    return Html(re.sub(r"(?<= )--[\w-]+", r"<span class='whole'>\g<0></span>", escape(words)))


def differences(recipe: Recipe, say: Words) -> list[tuple[object, object]]:
    """Keys of the recipe that are not as in the default one, with both values."""
    usual, chosen = dataclasses.asdict(Recipe()), dataclasses.asdict(recipe)
    return [
        (
            tag("code", f"{part}.{key}"),
            say("making.setting", value=str(value), default=str(usual[part][key])),
        )
        for part, values in chosen.items()
        for key, value in values.items()
        if value != usual[part][key]
    ]


def _facts(story: Story, say: Words) -> list[tuple[object, object]]:
    known, recipe = story.facts, story.recipe
    pairs: list[tuple[object, object]] = [(say("making.data"), str(story.data))]
    if known.get("digest"):
        pairs.append((say("making.digest"), tag("code", str(known["digest"]))))
    if known.get("size"):
        size = say("making.size.value", size=int(known["size"]), fit=recipe.images.fit)
        pairs.append((say("making.size"), size))
    if story.precision:
        pairs.append((say("making.precision"), story.precision))
    if known.get("parameters"):
        pairs.append((say("making.parameters"), say.number(int(known["parameters"]))))
    seeds = say(
        "making.seed.value", split=str(recipe.split.seed), training=str(recipe.training.seed)
    )
    pairs.append((say("making.seed"), seeds))
    speed = [v for v in story.history.get("images_per_second", []) if math.isfinite(v)]
    if speed:
        middle = sorted(speed)[len(speed) // 2]
        pairs.append((say("making.speed"), say("making.speed.value", n=round(middle))))
    if known.get("version"):
        pairs.append((say("making.version"), str(known["version"])))
    return pairs + [(str(k), str(v)) for k, v in dict(known.get("versions", {})).items()]
