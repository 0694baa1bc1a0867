"""Shapes: what the server's answers look like, for it to keep to and for OpenAPI to describe."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Candidate(BaseModel):
    """A class an image may show."""

    label: str
    probability: float
    provisional: bool = Field(description="known from a few images only, not from training")


class Choice(BaseModel):
    """Classes of which one is right for the given share of images."""

    level: float = Field(description="the share; provisional classes are outside this promise")
    labels: list[str] = Field(description="the likeliest first")


class Heat(BaseModel):
    """Where the image speaks for the label."""

    values: list[list[float]] = Field(description="rows from the top, in logits")
    strongest: float = Field(description="the value to show as the strongest")
    box: tuple[float, float, float, float] = Field(
        description="left, top, right and bottom of the map, in widths and heights of the image; "
        "beyond 0 to 1 lies padding"
    )


class Alike(BaseModel):
    """A training image that the classifier finds alike."""

    label: str
    name: str
    similarity: float = Field(description="cosine of the angle between the features")
    picture: str = Field(description="a data URI")


class Answer(BaseModel):
    """What the classifier says of one image."""

    label: str
    probability: float = Field(description="calibrated")
    provisional: bool
    top: list[Candidate] = Field(description="at most five, the likeliest first")
    set: Choice
    width: int
    height: int
    heat: Heat | None = Field(None, description="with explain; not every network can")
    nearest: list[Alike] | None = Field(None, description="with explain")


class Row(BaseModel):
    """One image of several: an answer, or the reason for having none."""

    name: str
    answer: Answer | None = None
    error: str = ""


class Rows(BaseModel):
    """A row per image, in the order sent."""

    rows: list[Row]


class Known(BaseModel):
    """A class the server can answer with."""

    name: str
    provisional: bool
    images: int | None = Field(None, description="that a provisional class is known from")


class Classes(BaseModel):
    """All of them."""

    classes: list[Known]
    extensible: bool = Field(description="whether provisional classes can be added")


class Refused(BaseModel):
    """What every answer of 4xx or 5xx holds."""

    error: str


class State(BaseModel):
    """Whether the server lives, or is ready for work."""

    status: str
