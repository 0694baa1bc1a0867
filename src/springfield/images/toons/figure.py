"""Figure: one person, whole, back to front."""

from __future__ import annotations

from springfield.images.toons.beard import draw_beard, draw_moustache
from springfield.images.toons.body import BUILDS, Body, draw_arm, draw_legs, worn
from springfield.images.toons.clothes import draw_torso
from springfield.images.toons.face import draw_features, draw_nose
from springfield.images.toons.garments import GARMENTS
from springfield.images.toons.glasses import draw_glasses
from springfield.images.toons.hair import draw_back_hair, draw_front_hair
from springfield.images.toons.hats import draw_hat
from springfield.images.toons.head import Head
from springfield.images.toons.ink import CIRCLE, Pen, darker, moved, points
from springfield.images.toons.people import PAINTS, Outfit, Person
from springfield.images.toons.pose import Pose

NECK = 0.22  # from the base of the neck to the chin, in half heads


def draw_person(pen: Pen, person: Person, pose: Pose, outfit: Outfit) -> None:
    """Draw somebody whose neck's base is at the pen's origin; a half head is one unit."""
    pen = pen.at(0, 0, 1, pose.lean)
    body = Body(person, pose, pen, worn(outfit))
    rise = person.tall + NECK
    head = Head(person, pose, pen.at(0.1 * pose.turn, -rise, person.tall, pose.tilt))
    sleeve = GARMENTS[outfit.kind].sleeve
    _draw_ground_shadow(body)
    draw_back_hair(head)
    draw_legs(body, darker(PAINTS["denim"] if body.worn.over else body.worn.second, 0.35))
    for which in (-1, 1):
        draw_arm(body, which, False, sleeve)
    _draw_neck(body)
    draw_torso(body)
    draw_head(head)
    for which in (-1, 1):
        draw_arm(body, which, True, sleeve)


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
    build = BUILDS[person.age]
    return 2 * person.tall + NECK + build.torso + build.leg


def _draw_ground_shadow(body: Body) -> None:
    soles = body.build.torso + body.build.leg + 0.12
    shadow = moved(CIRCLE * (1.5 * body.shoulder, 0.22), 0, soles)
    body.pen.veil(shadow, (30, 20, 50), 0.28)


def _draw_neck(body: Body) -> None:
    w = 0.2 + 0.07 * body.person.build
    neck = [(-w, -0.6), (w, -0.6), (w + 0.05, 0.12), (-w - 0.05, 0.12)]
    body.pen.polygon(neck, darker(body.skin, 0.1))


def _draw_bow(head: Head) -> None:
    pen = head.pen.at(0.55 * head.width, -0.95, 1, 0.5)
    pen.shape(points("0,0 .34,-.2 .36,.2"), PAINTS["coral"])
    pen.shape(points("0,0 -.34,-.2 -.36,.2"), PAINTS["coral"])
    pen.ellipse(0, 0, 0.1, 0.1, PAINTS["red"], 0.8)
