"""Telling a figure from its background, and hiding either."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from springfield.images.decode import PAD, picture_box, to_square
from springfield.images.toons import figure as drawn
from springfield.images.toons import picture
from springfield.images.toons.ink import Pen
from springfield.images.toons.people import Outfit, Person
from springfield.images.toons.pose import Pose
from springfield.images.toons.town import TOWN
from springfield.learning.explaining.figure import find_figure, hide_background, hide_figure

WHOLE = (0.0, 0.0, 1.0, 1.0)
SIZE = 64


def plain(left: int = 22, right: int = 42) -> tuple[np.ndarray, np.ndarray]:
    """A red figure before a noisy green, and where it is."""
    square = np.random.default_rng(0).integers(80, 140, (SIZE, SIZE, 3), dtype=np.uint8)
    square[..., 1] += 90
    there = np.zeros((SIZE, SIZE), bool)
    there[16:56, left:right] = True
    square[there] = (210, 40, 60)
    return square, there


def overlap(found: np.ndarray | None, true: np.ndarray) -> float:
    """Intersection over union; 0 when nothing was found."""
    return 0.0 if found is None else float((found & true).sum() / (found | true).sum())


def townsfolk(name: str, number: int, patch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    """A picture of Toonville and, from its painter, what of it is the person: [H, W, 3], [H, W]."""
    masks = []

    def draw_person(pen: Pen, person: Person, pose: Pose, outfit: Outfit) -> None:
        before = pen.canvas.image.copy()
        if person is TOWN[name]:
            with patch.context() as bare:
                bare.setattr(drawn, "_draw_ground_shadow", lambda body: None)
                drawn.draw_person(pen, person, pose, outfit)
            changed = np.any(np.asarray(before) != np.asarray(pen.canvas.image), axis=2)
            masks.append(Image.fromarray(255 * changed.astype(np.uint8)))
            pen.canvas.image.paste(before)
        drawn.draw_person(pen, person, pose, outfit)

    with patch.context() as watched:
        watched.setattr(picture, "draw_person", draw_person)
        image = picture.draw_picture(name, number, 0, (192, 192)).convert("RGB")
    return np.asarray(image), np.asarray(masks[-1].resize((192, 192), Image.Resampling.BOX))


def test_find_figure__a_plain_case() -> None:
    square, there = plain()
    assert overlap(find_figure(square, None, WHOLE), there) > 0.9


def test_find_figure__beside_the_middle_where_the_evidence_is() -> None:
    square, there = plain(34, 54)
    square[16:56, 4:20] = (60, 60, 220)  # somebody else
    evidence = np.zeros((4, 4), np.float32)
    evidence[1:, 2:] = 3
    assert overlap(find_figure(square, evidence, WHOLE), there) > 0.9


def test_find_figure__nothing_to_tell_apart() -> None:
    square = np.random.default_rng(0).integers(80, 140, (SIZE, SIZE, 3), dtype=np.uint8)
    assert find_figure(square, None, (0.0, 0.47, 1.0, 0.53)) is None  # a strip of a few pixels


def test_find_figure__townsfolk_as_they_were_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for number, name in enumerate(sorted(TOWN)[::6]):
        pixels, mask = townsfolk(name, 600 + number, monkeypatch)
        true = to_square(np.repeat(mask[..., None], 3, axis=2), SIZE, "stretch")[..., 0] > 127
        square = to_square(pixels, SIZE, "stretch")
        found.append(overlap(find_figure(square, None, WHOLE), true))
    assert np.mean(found) > 0.45


def test_hide_figure__nothing_of_it_is_left_and_padding_stays() -> None:
    square, there = plain()
    box = picture_box(64, 48, "letterbox")
    square[:8] = square[56:] = PAD
    hidden = hide_figure(square, there, box)
    assert hidden[there][:, 0].max() < 160
    assert (hidden[:8] == PAD).all()
    far = np.ones_like(there)
    far[8:60, 14:50] = False
    np.testing.assert_array_equal(hidden[far], square[far])


def test_hide_background__the_figure_alone() -> None:
    square, there = plain()
    alone = hide_background(square, there)
    np.testing.assert_array_equal(alone[there], square[there])
    assert (alone[~there] == PAD).all()
