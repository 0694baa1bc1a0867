"""Recipe: everything that decides what a run does, frozen, in TOML and out.

A recipe is a tree of two levels, `section.key`. Defaults live here and nowhere else; the files in
`recipes/` and ``--set section.key=value`` say only what differs, from the recipe that a file's
``based_on = "name"`` names, or else from the defaults.
"""

from __future__ import annotations

import dataclasses
import json
import math
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, get_type_hints

from springfield.errors import RecipeError, did_you_mean
from springfield.recipe_limits import BACKBONES, FROM_SCRATCH, ONE_SIDE, check_value

AT_A_TIME = 64  # images that are answered together


@dataclass(frozen=True)
class Images:
    """Which images take part, and the square they are brought to."""

    size: int = 0  # side in pixels, at least 32; 0: chosen from the images, at most 96
    classes: int = 0  # only so many, those with the most training images; 0: all
    fit: str = "letterbox"  # letterbox | crop | stretch
    min_side: int = 24  # pixels; images with a shorter side are left out
    max_side: int = 8000  # pixels; images with a longer side are left out
    max_aspect: float = 6.0  # longer side / shorter side; more is left out


@dataclass(frozen=True)
class Split:
    """Shares of the images held out, and the seed that chooses them."""

    val: float = 0.1
    test: float = 0.2
    seed: int = 0
    folds: int = 0  # deal the images into so many test parts instead of one share; 0: off
    fold: int = 0  # which of them is tested, from 0
    group_by: str = ""  # regular expression: images in whose paths it finds the same stay together


@dataclass(frozen=True)
class Balance:
    """What evens the classes out, on training rows only."""

    cap: int = 0  # at most this many training images per class; 0: all
    threshold: int = 0  # raise smaller classes to this many by augmented copies; 0: off
    copies: str = "varied"  # varied anew in every epoch | offline: once, by Keras' own layers
    sampling: str = "natural"  # natural | sqrt | uniform | progressive
    weights: str = "none"  # of the loss: none | inverse | effective
    beta: float = 0.999  # effective weights only: nearer to 1 is nearer to inverse; LDAM: 0.9999
    loss: str = "cross-entropy"  # cross-entropy | focal | ldam | balanced-softmax | logit-adjusted
    tau: float = 1.0  # logit-adjusted only: strength of the offset
    deferred: float = 0.0  # share of the epochs before sampling and weights begin
    rebalance: bool = True  # try better last layers when training has ended


@dataclass(frozen=True)
class Network:
    """The network that is trained."""

    name: str = "residual"  # or another of FROM_SCRATCH and BACKBONES in recipe_limits.py
    weights: str = "none"  # of a backbone: none | imagenet | a file of keras.applications
    width: float = 1.0  # residual only: multiplies the number of channels
    dropout: float = 0.0
    cosine: float = 0.0  # logits are this times the cosine of an angle (LDAM: 30); 0: plain ones
    conv512: bool = False  # original only: a fifth convolution
    mirrored: bool = True  # answers are the mean over an image and its mirror image
    members: int = 1  # networks, each trained for `minutes` and watched by rows of its own
    combine: str = "answers"  # what the mean is taken of: the members' answers | weights

    @property
    def side_by_side(self) -> int:
        """How many networks answer together: the members, or the one that their mean makes."""
        return self.members if self.combine == "answers" else 1

    def __post_init__(self) -> None:
        if self.weights != "none" and self.name in FROM_SCRATCH:
            raise RecipeError(
                f"network.weights = '{self.weights}': {self.name} is trained from scratch; "
                f"choose a backbone as network.name: {', '.join(BACKBONES)}"
            )


@dataclass(frozen=True)
class Finetune:
    """How a network goes on from weights that others trained; without such weights, not at all."""

    head: bool = False  # begin with a last layer fitted on features of the network as it came
    top_epochs: int = 0  # or with the last block, trained so long on what the others saw once
    whole: bool = True  # then train the whole network; false: that is all
    frozen_blocks: int = 0  # lowest blocks that stay as they came; a step is the faster for it
    rate_decay: float = 1.0  # a block's learning rate is this times that of the block above it
    thaw: float = 0.0  # share of the run over which blocks begin to learn, from the last one down
    batch_norm: str = "trained"  # trained | frozen | recalibrated: figures of varied images

    @property
    def fits_head(self) -> bool:
        """Whether the end of the network is fitted before the first step."""
        return self.head or self.top_epochs > 0 or not self.whole


@dataclass(frozen=True)
class Augment:
    """How far a training image is varied; 0 switches a part off."""

    rotate: float = 15.0  # degrees
    zoom: float = 0.25  # share of the side
    shift: float = 0.1  # share of the side
    stretch: float = 0.15  # change of aspect ratio
    flip: bool = True  # left-right
    light: float = 0.25  # brightness and contrast
    colour: float = 0.2  # saturation and hue
    cutout: float = 0.35  # side of the hidden square, as a share of the image's
    mixup: float = 0.0  # alpha of the Beta distribution
    cutmix: float = 0.0  # alpha; with mixup, each image is mixed by one of them
    remix: bool = False  # mixed labels favour the rarer class
    full_from: int = 24  # epochs of a run that varies images so far; a shorter one less; 0: any


@dataclass(frozen=True)
class Training:
    """How long and how the network is trained."""

    seed: int = 0
    minutes: float = 5.0  # time to fill, from a short measured probe; used when epochs is 0
    epochs: int = 0  # passes over the training rows; 0: from `minutes`
    first_side: float = 0.5  # share of the side that the first epochs learn at; it grows; 1: off
    batch: int = 64
    micro_batch: int = 0  # images looked at together, their gradients added up; 0: all that fit
    memory: str = ""  # such as 4GB, of the graphics card if there is one; "": what is free | all
    optimizer: str = "adamw"  # adamw | adam | sgd (with momentum 0.9)
    learning_rate: float = 5.6e-3  # peak of the one-cycle schedule; 0: found by a short range test
    schedule: str = "one-cycle"  # one-cycle | steps | constant
    weight_decay: float = 0.02  # decoupled, times the rate; spares biases, norms; none in adam
    label_smoothing: float = 0.1
    ema: float = 0.999  # decay of the weight average that is kept; 0: off
    patience: int = 0  # epochs below the best macro-F1 before stopping; 0: never
    precision: str = "measured"  # measured | float32 | mixed_bfloat16
    deterministic: bool = True  # bit-for-bit repeatable on one machine

    @property
    def at_a_time(self) -> int:
        """Images to answer at once: never more memory than a step of training takes."""
        return min(AT_A_TIME, self.micro_batch or self.batch)

    def parts(self, images: int) -> int:
        """In how many parts so many images are looked at."""
        return math.ceil(images / (self.micro_batch or images))


@dataclass(frozen=True)
class Scores:
    """How scores are summed up."""

    many: int = 100  # classes with more training images than this are "many"
    few: int = 20  # those with fewer than this are "few", the rest "medium"

    def __post_init__(self) -> None:
        if self.few > self.many + 1:
            raise RecipeError(
                f"scores.few = {self.few}: above scores.many = {self.many}, a class would be both"
            )


@dataclass(frozen=True)
class Recipe:
    """The frozen configuration of a run."""

    images: Images = field(default_factory=Images)
    split: Split = field(default_factory=Split)
    balance: Balance = field(default_factory=Balance)
    network: Network = field(default_factory=Network)
    finetune: Finetune = field(default_factory=Finetune)
    augment: Augment = field(default_factory=Augment)
    training: Training = field(default_factory=Training)
    scores: Scores = field(default_factory=Scores)

    def __post_init__(self) -> None:
        for section in dataclasses.fields(self):
            for key, value in vars(getattr(self, section.name)).items():
                check_value(f"{section.name}.{key}", value)

    @property
    def tuning(self) -> Finetune:
        """The section finetune where there are weights to go on from, else its defaults."""
        return Finetune() if self.network.weights == "none" else self.finetune

    @property
    def first_side(self) -> float:
        """Share of the side to begin at: all of it for a network that takes one side only."""
        return 1.0 if self.network.name in ONE_SIDE else self.training.first_side

    def to_toml(self) -> str:
        """TOML text with every key; `load_recipe` reads it back to an equal recipe."""
        lines = []
        for section in dataclasses.fields(self):
            values = dataclasses.asdict(getattr(self, section.name)).items()
            lines += [f"[{section.name}]", *(f"{key} = {_toml(v)}" for key, v in values), ""]
        return "\n".join(lines)


def recipe_names() -> tuple[str, ...]:
    """Names of the recipes that come with Springfield."""
    folder = resources.files("springfield") / "recipes"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def load_recipe(name_or_file: str = "default", settings: tuple[str, ...] = ()) -> Recipe:
    """Return the recipe of that name (or in that TOML file) with ``key=value`` settings applied.

    Raises `RecipeError` naming the key, the value and the way out.
    """
    table = _read(name_or_file)
    for setting in settings:
        key, equals, value = setting.partition("=")
        section, dot, name = key.strip().partition(".")
        if not (equals and dot):
            raise RecipeError(f"--set takes section.key=value, not '{setting}'")
        values = table.setdefault(section, {})
        if isinstance(values, dict):  # if not, `recipe_from` says so
            values[name] = _parse(value.strip())
    return recipe_from(table)


def recipe_from(table: dict[str, Any]) -> Recipe:
    """Return the recipe with the keys of a nested dict; raises `RecipeError` for unknown ones."""
    kinds = get_type_hints(Recipe)
    sections = {}
    for section, values in table.items():
        if section not in kinds:
            raise RecipeError(f"unknown recipe section '{section}'{did_you_mean(section, kinds)}")
        if not isinstance(values, dict):
            raise RecipeError(f"'{section}' is a section: write [{section}] and its keys below")
        sections[section] = _section(section, kinds[section], values)
    return Recipe(**sections)


def _section(name: str, kind: Any, values: dict[str, Any]) -> Any:
    types = get_type_hints(kind)
    converted = {}
    for key, value in values.items():
        if key not in types:
            close = did_you_mean(f"{name}.{key}", [f"{name}.{known}" for known in types])
            raise RecipeError(f"unknown recipe key '{name}.{key}'{close}")
        converted[key] = _convert(f"{name}.{key}", value, types[key])
    return kind(**converted)


def _convert(key: str, value: Any, kind: type) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        words = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}
        raise RecipeError(f"{key} = {value!r}: it takes {words[kind]}")
    return value


def _read(name_or_file: str) -> dict[str, Any]:
    if name_or_file in recipe_names():
        text = (resources.files("springfield") / "recipes" / f"{name_or_file}.toml").read_text()
    elif name_or_file.endswith(".toml"):
        try:
            text = Path(name_or_file).read_text(encoding="utf-8-sig", errors="surrogateescape")
        except OSError as problem:
            raise RecipeError(f"cannot read the recipe {name_or_file}: {problem}") from problem
    else:
        close = did_you_mean(name_or_file, recipe_names())
        raise RecipeError(f"no recipe '{name_or_file}'{close} (or give a .toml file)")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RecipeError(f"{name_or_file} is not valid TOML: {problem}") from problem
    base = table.pop("based_on", None)
    if base is not None and base not in recipe_names():
        raise RecipeError(f"based_on = {base!r}{did_you_mean(str(base), recipe_names())}")
    for section, values in _read(base).items() if base else ():
        own = table.get(section, {})
        table[section] = {**values, **own} if isinstance(own, dict) else own
    return table


def _parse(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
