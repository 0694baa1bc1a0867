"""Heat maps for the page of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from springfield.results.sections.evidence import heat_maps, load_eyes
from springfield.results.sections.story import read_story
from springfield.run import Run


def test_heat_maps__of_two_classes_on_one_scale(colour_run: Run, tmp_path: Path) -> None:
    eyes = load_eyes(read_story(colour_run))
    assert eyes is not None
    pixels = np.full((24, 24, 3), 120, np.uint8)
    pixels[:, :12], pixels[:, 12:] = (250, 20, 20), (120, 170, 120)
    Image.fromarray(pixels).save(tmp_path / "both.png")
    strong, weak = (
        np.ptp(np.asarray(heat).astype(int), axis=2)
        for heat in heat_maps(eyes, tmp_path / "both.png", ["barkeeper", "clown"])
    )
    assert strong[:, :8].min() > 60
    assert strong[:, 18:].max() == weak[:, :8].max() == 0
    assert 0 < weak[:, 18:].mean() < strong[:, :8].mean() / 2


def test_heat_maps__what_cannot_be_shown(colour_run: Run, tmp_path: Path) -> None:
    eyes = load_eyes(read_story(colour_run))
    assert eyes is not None
    assert heat_maps(eyes, tmp_path / "gone.png", ["clown"]) == []
    Image.new("RGB", (24, 24)).save(tmp_path / "there.png")
    assert heat_maps(eyes, tmp_path / "there.png", ["stranger"]) == []
