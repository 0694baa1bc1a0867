"""Fingerprint: 984 bytes that still know a picture after re-encoding, resizing or a slight crop.

=========  ==========================================================================
bytes      what
=========  ==========================================================================
0:768      thumbnail, [16, 16, 3] RGB, stretched to a square, area-averaged
768:984    colour histogram, 6 x 6 x 6 bins, square root of the share of the picture
=========  ==========================================================================

The thumbnail answers "is it the same picture?", the histogram adds evidence on "is it the same
kind of thing?" that does not depend on where in the picture the thing stands.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE = 16
LEVELS = 6  # per colour channel
LENGTH = 3 * SIDE**2 + LEVELS**3  # 984
SAMPLE = 3 * SIDE  # side the picture is first reduced to


def fingerprint(pixels: np.ndarray) -> np.ndarray:
    """Return the fingerprint, uint8 [984], of a picture, uint8 [H, W, 3]."""
    sample = np.asarray(
        # The gap lets Pillow first reduce by a whole factor: half the time, 1/255 of difference.
        Image.fromarray(pixels).resize((SAMPLE, SAMPLE), Image.Resampling.BOX, reducing_gap=2.0)
    )
    step = SAMPLE // SIDE
    cells = sample.reshape(SIDE, step, SIDE, step, 3).mean((1, 3), dtype=np.float32)
    levels = (sample // np.uint8(-(-256 // LEVELS))).reshape(-1, 3) @ np.array(
        [LEVELS**2, LEVELS, 1], np.uint8
    )
    share = np.bincount(levels, minlength=LEVELS**3) / len(levels)
    return np.concatenate([np.rint(cells).ravel(), np.rint(255 * np.sqrt(share))]).astype(np.uint8)


def thumbnails(fingerprints: np.ndarray) -> np.ndarray:
    """Return the thumbnails, uint8 [n, 16, 16, 3], of fingerprints, uint8 [n, 984]."""
    return fingerprints[:, : 3 * SIDE**2].reshape(-1, SIDE, SIDE, 3)


def histograms(fingerprints: np.ndarray) -> np.ndarray:
    """Return the colour histograms, uint8 [n, 216], of fingerprints, uint8 [n, 984]."""
    return fingerprints[:, 3 * SIDE**2 :]
