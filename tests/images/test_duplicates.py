from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from springfield.images.catalog import Catalog
from springfield.images.duplicates import (
    LEAF,
    TREES,
    group_duplicates,
    leaves,
    near_duplicate_pairs,
)
from springfield.images.fingerprint import fingerprint


def picture(seed: int) -> Image.Image:
    """Soft random patches: no two seeds alike."""
    patches = np.random.default_rng(seed).integers(0, 256, (6, 7, 3)).astype(np.uint8)
    return Image.fromarray(patches).resize((200, 160), Image.Resampling.BICUBIC)


def prints(*images: Image.Image) -> np.ndarray:
    return np.stack([fingerprint(np.asarray(image)) for image in images])


def as_set(pairs: np.ndarray) -> set[tuple[int, ...]]:
    return set(map(tuple, pairs.tolist()))


def catalog(sha256: list[str], error: list[str] | None = None) -> Catalog:
    n = len(sha256)
    return Catalog(Path("data"), {}).with_columns(
        path=[f"a/{row:03}.jpg" for row in range(n)],
        sha256=sha256,
        error=error or [""] * n,
    )


CHANGES = {
    "smaller": lambda image: image.resize((160, 128)),
    "larger": lambda image: image.resize((250, 200)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.14),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.86),
    "cropped": lambda image: image.crop((5, 0, 199, 155)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_near_duplicate_pairs__finds(change: str) -> None:
    images = [picture(seed) for seed in range(40)]

    found = near_duplicate_pairs(prints(*images, CHANGES[change](images[7])))

    assert as_set(found) == {(7, 40)}


def test_near_duplicate_pairs__two_pictures_are_enough() -> None:
    assert as_set(near_duplicate_pairs(prints(picture(1), CHANGES["cropped"](picture(1))))) == {
        (0, 1)
    }
    assert len(near_duplicate_pairs(prints(picture(1), picture(2)))) == 0


@pytest.mark.parametrize("turn", list(Image.Transpose))
def test_near_duplicate_pairs__finds_turned_and_mirrored_copies(turn: Image.Transpose) -> None:
    images = [picture(seed) for seed in range(200)]
    copies = [CHANGES["brighter"](image).transpose(turn) for image in images[:100]]

    found = as_set(near_duplicate_pairs(prints(*images, *copies)))

    wanted = {(row, 200 + row) for row in range(100)}
    assert len(found & wanted) >= 94
    assert len(found - wanted) <= 1


def test_near_duplicate_pairs__what_is_turned_must_be_more_alike() -> None:
    others = [picture(seed) for seed in range(2, 300)]
    changed = Image.blend(picture(0), picture(1), 0.45)

    upright = near_duplicate_pairs(prints(*others, picture(0), changed))
    mirrored = near_duplicate_pairs(prints(*others, picture(0), ImageOps.mirror(changed)))

    assert as_set(upright) == {(298, 299)}
    assert len(mirrored) == 0


@pytest.mark.parametrize("n", [0, 1])
def test_near_duplicate_pairs__nothing_to_compare(n: int) -> None:
    found = near_duplicate_pairs(prints(picture(1))[:n])

    assert found.shape == (0, 2)
    assert found.dtype == np.int64


def test_near_duplicate_pairs__a_shared_backdrop_joins_nobody() -> None:
    backdrop = np.asarray(picture(99))
    images = []
    for seed in range(200):
        pixels = backdrop.copy()
        pixels[50:110, 60:140] = np.asarray(picture(seed).resize((80, 60)))
        images.append(Image.fromarray(pixels))

    assert len(near_duplicate_pairs(prints(*images))) == 0


def test_near_duplicate_pairs__black_bars_join_nobody() -> None:
    images = []
    for seed in range(60):
        pixels = np.asarray(picture(seed)).copy()
        pixels[:24], pixels[-24:] = 0, 0
        images.append(Image.fromarray(pixels))
    others = [picture(1000 + seed) for seed in range(60)]

    assert len(near_duplicate_pairs(prints(*images, *others))) == 0


def test_near_duplicate_pairs__blank_frames_only_with_their_colour() -> None:
    rng = np.random.default_rng(0)
    blanks = [
        Image.fromarray(
            (np.full((64, 64, 3), shade) + rng.integers(-1, 2, (64, 64, 3))).astype("u1")
        )
        for shade in [20, 120, 220]
        for _ in range(50)
    ]

    found = group_duplicates(catalog([str(i) for i in range(150)]), prints(*blanks))["group"]

    assert found.tolist() == [0] * 50 + [50] * 50 + [100] * 50


def test_near_duplicate_pairs__small_things_on_a_plain_ground_are_not_blank() -> None:
    places = [(x, y) for x in range(4, 52, 8) for y in range(4, 52, 8)]
    specks = [Image.new("RGB", (64, 64), "white") for _ in places]
    for speck, (x, y) in zip(specks, places, strict=True):
        speck.paste("black", (x, y, x + 8, y + 8))
    assert len(near_duplicate_pairs(prints(*specks))) < len(specks) // 4
    assert len(near_duplicate_pairs(prints(specks[0], specks[0]))) == 1


def test_near_duplicate_pairs__many_blank_frames_make_few_pairs() -> None:
    blanks = np.repeat(prints(Image.new("RGB", (64, 64))), 5000, axis=0)

    assert len(near_duplicate_pairs(blanks)) == 4999


def test_near_duplicate_pairs__many_frames_of_one_scene_stay_one_group() -> None:
    rng = np.random.default_rng(0)
    scene = prints(picture(1)).astype(int)
    frames = (scene + rng.integers(-3, 4, (600, scene.shape[1]))).clip(0, 255).astype(np.uint8)
    others = prints(*(picture(seed) for seed in range(2, 300)))
    fingerprints = np.concatenate([frames, others])

    pairs = near_duplicate_pairs(fingerprints)
    found = group_duplicates(catalog([str(i) for i in range(len(fingerprints))]), fingerprints)

    assert len(pairs) < 600 * 4 * TREES
    assert (found["group"][:600] == 0).all()
    assert (found["group"][600:] == np.arange(600, len(fingerprints))).all()


def test_near_duplicate_pairs__finds_them_among_many() -> None:
    rng = np.random.default_rng(0)
    images = [picture(seed) for seed in range(1500)]
    copied = rng.permutation(1500)[:300]
    copies = [CHANGES["cropped"](images[row]) for row in copied]

    found = as_set(near_duplicate_pairs(prints(*images, *copies)))

    wanted = {(int(row), 1500 + k) for k, row in enumerate(copied)}
    assert len(found & wanted) >= 297
    assert len(found - wanted) <= 3


@pytest.mark.parametrize("spread", [1.0, 0.0])
def test_leaves__comparisons_grow_with_n_log_n_at_worst(spread: float) -> None:
    def comparisons(n: int) -> int:
        vectors = np.random.default_rng(0).standard_normal((n, 8)).astype(np.float32)
        sizes = [len(leaf) for leaf in leaves(vectors * np.float32(spread))]
        assert max(sizes) <= LEAF
        assert sum(sizes) == n * TREES  # every picture once a tree
        return sum(size * (size - 1) // 2 for size in sizes)

    few, many = comparisons(5_000), comparisons(40_000)

    assert many <= 40_000 * TREES * LEAF / 2
    assert many / few < 8 * 1.5  # eight times the pictures; all pairs would be 64 times


def test_group_duplicates__numbers_by_the_first_row() -> None:
    images = [picture(1), picture(2), CHANGES["smaller"](picture(1)), picture(3), picture(2)]

    found = group_duplicates(catalog(["a", "b", "c", "d", "b"]), prints(*images))

    assert found["group"].tolist() == [0, 1, 0, 3, 1]
    assert found["group"].dtype == np.int64


def test_group_duplicates__joins_chains() -> None:
    first = picture(1)
    second = first.crop((4, 4, 196, 156))
    third = second.crop((4, 4, 188, 148))

    found = group_duplicates(
        catalog(["a", "b", "c", "d"]), prints(first, third, second, picture(9))
    )

    assert found["group"].tolist() == [0, 0, 0, 3]


def test_group_duplicates__unreadable_files_only_by_their_bytes() -> None:
    blank = np.zeros_like(prints(picture(1)))
    fingerprints = np.concatenate([blank, blank, blank, blank, prints(Image.new("RGB", (9, 9)))])
    errors = ["torn", "torn", "torn", "cannot be read", ""]

    found = group_duplicates(catalog(["a", "b", "a", "", "e"], errors), fingerprints)

    assert found["group"].tolist() == [0, 1, 0, 3, 4]


def test_group_duplicates__empty() -> None:
    empty = catalog([]).with_columns(sha256=np.array([], np.str_), error=np.array([], np.str_))

    assert len(group_duplicates(empty, np.zeros((0, 984), np.uint8))["group"]) == 0
