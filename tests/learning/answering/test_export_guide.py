"""The code in an export's README, in a fresh process, as printed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from springfield.images.decode import read_square
from springfield.learning.answering.classifier import Description
from springfield.learning.answering.export_guide import SQUARES, example, guide, usage
from springfield.learning.answering.exports import FORMATS

Exported = Callable[[str], tuple[Path, Description]]
KERAS = "\nimport sys\nassert not {'keras', 'tensorflow', 'springfield'} & set(sys.modules)"


@pytest.mark.parametrize("name", FORMATS)
def test_guide__its_code_runs_as_printed(
    exported: Exported, exported_model: keras.Model, tiny: Path, name: str
) -> None:
    file, description = exported(name)
    photo = file.with_name("photo.jpg")
    photo.write_bytes((tiny / "barn" / "003.jpg").read_bytes())
    found = re.findall(r"```python\n(.*?)```", guide(name, description), re.DOTALL)
    code = found[0] + ("" if name == "savedmodel" else KERAS)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=file.parent,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    label, probability = done.stdout.split()
    square = read_square(photo, description.size, description.fit)
    expected = np.asarray(exported_model.predict_on_batch(square[None])["probabilities"])[0]
    assert label == description.classes[expected.argmax()]
    assert float(probability) == pytest.approx(expected.max(), abs=0.1 if "int8" in name else 1e-3)


@pytest.mark.parametrize("fit", SQUARES)
@pytest.mark.parametrize("size", [(90, 70), (41, 60), (64, 63), (15, 64), (333, 128)])
def test_example__makes_the_square_that_the_network_learned_from(
    tmp_path: Path, fit: str, size: tuple[int, int]
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*size[::-1], 4), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo.jpg", format="PNG")
    code = example("savedmodel", Description(("a", "b"), 32, fit))
    program = code[: code.index("model = ")].replace("import tensorflow as tf", "")
    made: dict[str, np.ndarray] = {}
    exec(program.replace("photo.jpg", str(tmp_path / "photo.jpg")), made)
    expected = read_square(tmp_path / "photo.jpg", 32, fit)
    np.testing.assert_array_equal(made["images"][0], expected)


def test_guide__says_what_was_lost() -> None:
    description = Description(("a", "b"), 32, "crop")
    assert "**Kept with --force: loses a.**" in guide("onnx", description, "loses a")
    assert "--force" not in guide("onnx", description)


def test_guide__says_how_coarse_eight_bits_are() -> None:
    description = Description(("a", "b"), 32, "crop")
    assert "steps of 1/256" in guide("litert-int8", description)
    assert "steps of 1/256" not in guide("litert", description)


def test_usage__says_how_an_image_becomes_a_square() -> None:
    for fit in SQUARES:
        said = usage(replace(Description(("a",), 48, "crop"), fit=fit))["images"]
        assert "48" in said["square"]
        assert "{" not in said["square"]
