"""What is tried out of a training, in a process of its own."""

from __future__ import annotations

import numpy as np

from springfield.learning.planning.tryout import _drawn
from springfield.recipe import load_recipe


def test_drawn__has_every_class_in_no_more_images_than_its_batches_hold() -> None:
    drawn = _drawn(8, 1000, load_recipe("default", ("training.batch=4",)))
    assert len(drawn.images) == 8  # a training keeps its own in a file
    assert drawn.rows.max() == 7
    assert np.unique(drawn.labels).tolist() == list(range(1000))
