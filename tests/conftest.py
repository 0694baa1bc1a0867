"""Fixtures that many tests share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from springfield.images.catalog import read_catalog
from springfield.images.decode import read_square
from springfield.images.scan import scan
from springfield.images.select import leave_out
from springfield.images.split import assign_parts
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.explaining.neighbours import keep_neighbours
from springfield.learning.statistics.calibration import Calibration
from springfield.recipe import Recipe, load_recipe
from springfield.run import Run, create_run

TINY_COUNTS = {"barn": 24, "mill": 12, "pier": 6, "tower": 1}
"""Images per class that `tiny` draws, before its oddities."""


def draw_scene(number: int, size: tuple[int, int] = (96, 80)) -> Image.Image:
    """A picture of its own for every number: a coloured ground and a dozen shapes on it."""
    rng = np.random.default_rng([71, number])
    width, height = size
    image = Image.new("RGB", size, tuple(rng.integers(0, 256, 3).tolist()))
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = rng.integers(0, width), rng.integers(0, height)
        w, h = rng.integers(width // 8, width // 2), rng.integers(height // 8, height // 2)
        paint = tuple(rng.integers(0, 256, 3).tolist())
        shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        shape((x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=paint)
    return image


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder with every kind of oddity. Read only: use `tiny_copy` to change files.

    ==================  ==========================================================
    class               holds
    ==================  ==========================================================
    barn                24 JPEGs, and `torn.jpg`, cut off in the middle
    mill                12 JPEGs, and `twin.jpg`, byte for byte `barn/000.jpg`
    pier                6 JPEGs, of which `002.jpg` is grey, and `clear.png` with alpha
    tower               1 JPEG with a unicode name
    ==================  ==========================================================

    The picture of a class has its number in the colour of a stripe, so that it can be learned.
    """
    root = tmp_path_factory.mktemp("tiny") / "scenes"
    number = 0
    for place, (label, count) in enumerate(TINY_COUNTS.items()):
        (root / label).mkdir(parents=True)
        for index in range(count):
            image = draw_scene(number)
            tint = [(210, 40, 40), (40, 190, 60), (50, 70, 220), (240, 220, 40)][place]
            ImageDraw.Draw(image).rectangle((0, 0, 96, 16), fill=tint)
            image.save(root / label / f"{index:03}.jpg", quality=90)
            number += 1
    (root / "tower" / "000.jpg").rename(root / "tower" / "tårn–塔.jpg")
    whole = (root / "barn" / "001.jpg").read_bytes()
    (root / "barn" / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    shutil.copy(root / "barn" / "000.jpg", root / "mill" / "twin.jpg")
    draw_scene(1000).convert("L").save(root / "pier" / "002.jpg")
    clear = draw_scene(1001).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    clear.save(root / "pier" / "clear.png")
    return root


@pytest.fixture
def tiny_copy(tiny: Path, tmp_path: Path) -> Path:
    """A copy of `tiny` that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "scenes"))


def _film(
    file: Path,
    pictures: Sequence[tuple[float, np.ndarray]],
    *,
    codec: str = "libx264",
    turn: int = 0,
    aspect: int = 1,
    **options: str,
) -> Path:
    """Write (seconds, uint8 [H, W, 3]) as a video, by the file's ending; 25 moments a second."""
    with av.open(str(file), "w", options=options) as container:
        stream = container.add_stream(codec, rate=25)
        if turn:
            stream.set_display_rotation(turn)
        stream.height, stream.width = pictures[0][1].shape[:2]
        stream.pix_fmt, stream.codec_context.sample_aspect_ratio = "yuv420p", aspect
        for seconds, pixels in pictures:
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = round(seconds * 25), Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file


@pytest.fixture(scope="session")
def film() -> Callable[..., Path]:
    """`film(file, pictures, codec=, turn=, aspect=)` writes a video from timed pictures."""
    return _film


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep all tests and their fixtures out of the cache folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPRINGFIELD_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The variables that make TensorFlow's pool, not yet set and forgotten afterwards."""
    names = ("TF_CPU_ALLOCATOR_USE_BFC", "TF_CPU_BFC_MEM_LIMIT_IN_MB")
    for name in names:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return names


PAINTS = {"barkeeper": (200, 30, 30), "clown": (30, 200, 30), "mayor": (30, 30, 200)}


def _paint(file: Path, name: str, seed: int = 0) -> None:
    noise = np.random.default_rng([seed, len(name)]).integers(-30, 30, (24, 30, 3))
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((np.array(PAINTS[name]) + noise).clip(0, 255).astype(np.uint8)).save(file)


@pytest.fixture(scope="session")
def paint() -> Callable[..., None]:
    """`paint(file, name, seed)` saves a picture that the colour run calls by that name."""
    return _paint


@pytest.fixture(scope="session")
def colour_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run over ten pictures of each class; its data lie beside it in ``data``. Read only.

    Its classifier is real and can be foreseen: it tells a picture by its colour. It has no scores:
    who writes some writes them into a copy.
    """
    folder = tmp_path_factory.mktemp("colours")
    for name in PAINTS:
        for seed in range(10):
            _paint(folder / "data" / name / f"{seed}.png", name, seed)
    catalog, _ = scan(folder / "data", progress=False)
    catalog = catalog.with_columns(group=np.arange(len(catalog)))
    recipe = load_recipe("default", ("images.fit=stretch",))
    catalog = assign_parts(leave_out(catalog, recipe.images), recipe.split)
    facts = {
        "state": "finished",
        "root": str(folder / "data"),
        "data": str(folder / "data"),
        "digest": catalog.digest(),
        "size": 8,
        "seconds": 1.5,
        "train_counts": catalog.where(catalog["part"] == "train").counts(),
        "natural_counts": catalog.where(catalog["part"] == "train").counts(),
    }
    run = create_run(folder / "run", recipe, catalog.to_csv(), facts)
    _freeze_colours(run, recipe)
    _keep_neighbours(run)
    return run


def _freeze_colours(run: Run, recipe: Recipe) -> None:
    import keras

    images = keras.Input((8, 8, 3), dtype="uint8")
    colours = keras.layers.Rescaling(1 / 25)(images)
    means = keras.layers.GlobalAveragePooling2D()(colours)
    run.classifier_folder.mkdir()
    answers = {"probabilities": keras.layers.Softmax()(means), "features": means}
    model = keras.Model(images, {**answers, "activation": keras.layers.Identity()(colours)})
    model.export(run.classifier_folder / "model.tflite", format="litert", verbose=False)
    calibration = Calibration(lowest=(0.5, 0.5, 0.5), own=(False, False, False))
    description = Description(
        tuple(PAINTS), size=8, fit=recipe.images.fit, prior=(1 / 3,) * 3, calibration=calibration
    )
    (run.classifier_folder / "classifier.json").write_text(description.to_json())


def _keep_neighbours(run: Run) -> None:
    from springfield.learning.examples.batches import examples_of

    catalog = read_catalog(run.catalog_file, Path(run.facts["root"]))
    squares = [read_square(catalog.root / path, 8, "stretch") for path in catalog["path"]]
    training = examples_of(catalog, np.stack(squares), "train")
    classifier = Classifier.load(run.classifier_folder)
    keep_neighbours(run.classifier_folder, classifier, training, catalog["path"])
