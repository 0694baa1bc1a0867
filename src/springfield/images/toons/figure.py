"""Figure: one person, whole, back to front."""

from __future__ import annotations

from springfield.images.toons.beard import draw_beard, draw_moustache
from springfield.images.toons.body import AGES, Body, draw_arm, draw_legs
from springfield.images.toons.clothes import GARMENTS, UNDER, draw_torso
from springfield.images.toons.face import draw_features, draw_nose
from springfield.images.toons.glasses import draw_glasses
from springfield.images.toons.hair import draw_back_hair, draw_front_hair
from springfield.images.toons.hats import draw_hat
from springfield.images.toons.head import Head
from springfield.images.toons.ink import Pen, darker
from springfield.images.toons.people import PAINTS, Outfit, Person
from springfield.images.toons.pose import Pose

NECK = 0.22  # from the base of the neck to the chin, in half heads


def draw_person(pen: Pen, person: Person, pose: Pose, outfit: Outfit) -> None:
    """Draw somebody whose neck's base is at the pen's origin; a half head is one unit."""
    pen = pen.at(0, 0, 1, pose.lean)
    body = _dressed(pen, person, pose, outfit)
    rise = person.tall + NECK
    skull = pen.at(0.1 * pose.turn, -rise, person.tall, pose.tilt)
    head = Head(person, pose, skull)
    sleeve = GARMENTS[outfit.kind].sleeve
    draw_back_hair(head)
    draw_legs(body, darker(PAINTS["denim"] if outfit.kind in UNDER else body.clothed[2], 0.35))
    for which in (-1, 1):
        draw_arm(_sleeved(body, outfit), which, False, sleeve)
    pen.polygon([(-0.3, -0.6), (0.3, -0.6), (0.34, 0.12), (-0.34, 0.12)], darker(head.skin, 0.1))
    draw_torso(body)
    draw_head(head)
    for which in (-1, 1):
        draw_arm(_sleeved(body, outfit), which, True, sleeve)


def draw_head(head: Head) -> None:
    """Everything above the neck but the hair behind it."""
    for which in (-1, 1):
        head.draw_ear(which, in_front=False)
    head.draw_skull()
    draw_beard(head)
    draw_front_hair(head)
    for which in (-1, 1):
        head.draw_ear(which, in_front=True)
    draw_features(head)
    draw_moustache(head)
    draw_nose(head)
    draw_glasses(head)
    draw_hat(head)
    if "bow" in head.person.marks:
        _draw_bow(head)


def height_of(person: Person) -> float:
    """From the top of the head to the soles, in half heads."""
    _, torso, _, legs, _ = AGES[person.age]
    return 2 * person.tall + NECK + torso + legs


def _dressed(pen: Pen, person: Person, pose: Pose, outfit: Outfit) -> Body:
    worn = (outfit.kind, PAINTS[outfit.main], PAINTS[outfit.second], outfit.pattern)
    return Body(person, pose, pen, worn)


def _sleeved(body: Body, outfit: Outfit) -> Body:
    if outfit.kind not in UNDER:
        return body
    kind, _, second, pattern = body.clothed
    return Body(body.person, body.pose, body.pen, (kind, second, second, pattern))


def _draw_bow(head: Head) -> None:
    pen = head.pen.at(0.55 * head.width, -0.95, 1, 0.5)
    for s in (-1, 1):
        pen.shape([(0, 0), (s * 0.34, -0.2), (s * 0.36, 0.2)], PAINTS["coral"])
    pen.ellipse(0, 0, 0.1, 0.1, PAINTS["red"], 0.8)
