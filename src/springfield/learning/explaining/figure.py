"""Figure: what a picture is of, told from its background without labels, and hiding either."""

from __future__ import annotations

import cv2
import numpy as np

from springfield.images.decode import PAD

LEAST, MOST = 0.01, 0.85  # shares of the picture, beyond what was taken for granted and in all
NARROWEST = 8  # pixels
EDGE = 0.05  # of the picture's sides that are background
RIM = 13  # a figure is hidden with a rim of this part of the side: what was missed tells its name
ROUNDS = 1  # of GrabCut; more gained nothing on drawings whose figures are known

Box = tuple[float, float, float, float]  # left, top, right, bottom in the square, 0 to 1


def find_figure(square: np.ndarray, evidence: np.ndarray | None, box: Box) -> np.ndarray | None:
    """Return the figure as bool [S, S], or None where it cannot be told from its background.

    GrabCut (Rother, Kolmogorov & Blake 2004), begun from an upright ellipse that stands where the
    evidence does.

    Args:
        square: uint8 [S, S, 3].
        evidence: for the class shown, float32 [h, w]; None: the figure is sought in the middle.
        box: where the picture lies in its square.
    """
    left, top, right, bottom = _pixels(box, len(square))
    picture = np.ascontiguousarray(square[top:bottom, left:right])
    height, width = picture.shape[:2]
    if min(height, width) < NARROWEST:
        return None
    around, core = _begin((height, width), _middle(evidence, box))
    edge = max(1, round(EDGE * min(height, width)))
    marks = np.where(around, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[core] = cv2.GC_FGD
    marks[:edge] = marks[-edge:] = cv2.GC_BGD
    marks[:, :edge] = marks[:, -edge:] = cv2.GC_BGD
    cv2.setRNGSeed(0)  # the same answer every time
    behind, before = np.zeros((1, 65)), np.zeros((1, 65))  # colours, which GrabCut fills in
    cv2.grabCut(picture, marks, (0, 0, 0, 0), behind, before, ROUNDS, cv2.GC_INIT_WITH_MASK)
    inside = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD))
    if (inside & ~core).mean() < LEAST or inside.mean() > MOST:
        return None
    figure = np.zeros(square.shape[:2], bool)
    figure[top:bottom, left:right] = inside
    return figure


def hide_figure(square: np.ndarray, figure: np.ndarray, box: Box) -> np.ndarray:
    """The square with its figure painted over from the background around it, uint8 [S, S, 3]."""
    size = len(square)
    left, top, right, bottom = _pixels(box, size)
    picture = np.zeros((size, size), bool)
    picture[top:bottom, left:right] = True
    reach = 2 * round(size / RIM) + 1
    hole = cv2.dilate(figure.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    known = (picture & ~hole).astype(np.float32)
    colours = square * known[..., None]
    mean = colours.sum(axis=(0, 1)) / max(float(known.sum()), 1)
    near, weight = (cv2.GaussianBlur(each, (0, 0), size / 12) for each in (colours, known))
    paint = (near + 0.01 * mean) / (weight[..., None] + 0.01)  # the mean, far inside
    inside = (picture & hole)[..., None]
    return np.where(inside, np.rint(paint).clip(0, 255), square).astype(np.uint8)


def hide_background(square: np.ndarray, figure: np.ndarray) -> np.ndarray:
    """The square with nothing but its figure, on the grey that pads pictures; uint8 [S, S, 3]."""
    return np.where(figure[..., None], square, np.uint8(PAD))


def _pixels(box: Box, size: int) -> tuple[int, ...]:
    return tuple(round(edge * size) for edge in box)


def _begin(shape: tuple[int, int], middle: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the figure may be and where it surely is, each bool [height, width]."""
    height, width = shape
    y, x = np.mgrid[:height, :width] + 0.5
    across, down = (x / width - middle) / 0.25, (y / height - 0.65) / 0.55
    around = across**2 + down**2 < 1
    return around, (2 * across) ** 2 + (1.4 * down) ** 2 < 1


def _middle(evidence: np.ndarray | None, box: Box) -> float:
    """How far across the picture the figure stands, between a third and two thirds."""
    if evidence is None or not (evidence > 0).any():
        return 0.5
    columns = evidence.clip(0, None).sum(axis=0)
    at = (columns @ (np.arange(len(columns)) + 0.5)) / (columns.sum() * len(columns))
    return float(np.clip((at - box[0]) / (box[2] - box[0]), 0.3, 0.7))
