"""Where the classes and the test images are, in the layouts that the Simpsons circulate in."""

from __future__ import annotations

from pathlib import Path

import pytest

from springfield.errors import DataError
from springfield.images.layout import find_classes, find_tests
from springfield.images.sources import find_sources

CLASSES = ("bart_simpson/pic_0.jpg", "homer_simpson/pic_0.jpg", "ned_flanders/pic_0.jpg")
COMPETITION = (
    *(f"train/simpsons_dataset/{name}" for name in CLASSES),
    *("testset/testset/img0.jpg", "testset/testset/img1.jpg", "sample_submission.csv"),
)
DATASET = (
    *(f"simpsons_dataset/{name}" for name in CLASSES),
    *(f"simpsons_dataset/simpsons_dataset/{name}" for name in CLASSES),
    "kaggle_simpson_testset/kaggle_simpson_testset/bart_simpson_0.jpg",
    *("annotation.txt", "number_pic_char.csv", "weights.best.hdf5", "characters_illustration.png"),
)
DOUBLED = (
    *(f"simpsons_dataset/simpsons_dataset/{name}" for name in CLASSES),
    *("kaggle_simpson_testset/prepare_testset/1.jpg", "dataset.pkl"),
)
COLAB = (*(f"train/train/{name}" for name in CLASSES), "test/test/img0.jpg")
BESIDE = (*CLASSES, "testset/testset/img0.jpg", "simpsons_testset/img1.jpg")


def unpack(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


@pytest.mark.parametrize(
    ("files", "inner"),
    [
        (COMPETITION, "train/simpsons_dataset"),
        (DATASET, "simpsons_dataset"),
        (DOUBLED, "simpsons_dataset/simpsons_dataset"),
        (COLAB, "train/train"),
        ((*(f"train/{name}" for name in CLASSES), "test/img0.jpg"), "train"),
        (tuple(f"journey/{name}" for name in COMPETITION), "journey/train/simpsons_dataset"),
        (
            (*(f"toon_train/toon_train/{name}" for name in CLASSES), "toon_test/toon_test/1.jpg"),
            "toon_train/toon_train",
        ),
        (BESIDE, ""),
    ],
)
def test_find_classes__in_every_layout(
    files: tuple[str, ...], inner: str, *, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root, sources = find_sources(unpack(tmp_path, *files))
    assert root == tmp_path / inner
    assert tuple(source.path for source in sources) == CLASSES
    assert (f"the classes are the folders in {root}" in caplog.messages) == bool(inner)


def test_find_classes__tells_what_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    find_classes(unpack(tmp_path, *DATASET))
    assert caplog.messages == [
        f"{tmp_path}/kaggle_simpson_testset is left out: its images have no classes",
        f"the classes are the folders in {tmp_path}/simpsons_dataset",
        f"{tmp_path}/simpsons_dataset/simpsons_dataset is left out: "
        "it repeats the classes beside it",
    ]


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        (("train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "testset/1.jpg"), "train, val"),
        (("train/x/a/1.jpg", "train/x/b/1.jpg", "test/a/1.jpg"), "test, train"),
        (("train/a/1.jpg", "train/b/1.jpg", "my_testset/a/1.jpg"), "my_testset, train"),
        (
            (
                *(f"seg_{part}/seg_{part}/{c}/1.jpg" for part in ("train", "test") for c in "abc"),
                "seg_pred/seg_pred/1.jpg",
            ),
            "seg_test, seg_train",
        ),
        (
            (
                *(f"{part}/{c}/1.jpg" for part in ("Training", "Test") for c in "abc"),
                "papers/a.pdf",
                "test-multiple_fruits/1.jpg",
            ),
            "Test, Training",
        ),
        (
            (
                *(f"{part}/{c}/1.jpg" for part in ("train", "test", "val") for c in "ab"),
                *(f"x/{part}/{c}/1.jpg" for part in ("train", "test", "val") for c in "ab"),
            ),
            "test, train, val",
        ),
        (("Meta/1.png", "Test/1.png", "Train/0/1.png", "Train/1/1.png"), "Test, Train"),
    ],
)
def test_find_classes__several_labelled_parts_are_a_question(
    files: tuple[str, ...], parts: str, tmp_path: Path
) -> None:
    learned = next(part for part in parts.split(", ") if "train" in part.lower())
    with pytest.raises(DataError, match=f"holds {parts}: give the one to learn from") as told:
        find_classes(unpack(tmp_path, *files))
    assert f"e.g. {tmp_path / learned}; " in str(told.value)


def test_find_classes__a_class_called_train_beside_others_stays_a_class(tmp_path: Path) -> None:
    trips = [f"{kind}/{when}/1.jpg" for kind in ("bus", "train") for when in ("day", "night")]
    root, sources = find_sources(unpack(tmp_path, *trips, "testset/1.jpg"))
    assert root == tmp_path
    assert {source.label for source in sources} == {"bus", "train"}


@pytest.mark.parametrize(
    "files",
    [("train_images/1.png", "test_images/1.png", "train.csv"), ("train/1.jpg", "test1/1.jpg")],
)
def test_find_classes__parts_without_classes_are_no_classes(
    files: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="without classes; put each class in a folder of its own"):
        find_classes(unpack(tmp_path, *files))


def test_find_classes__a_test_among_classes_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    find_classes(unpack(tmp_path, "cat/1.jpg", "dog/1.jpg", "test/1.jpg"))
    assert caplog.messages == [f"{tmp_path}/test is taken for a class; if it is none, move it away"]


@pytest.mark.parametrize(
    "files",
    [
        ("control/1.jpg", "test/1.jpg"),  # an experiment
        ("car/1.jpg", "train/1.jpg"),
        ("cat/in/1.jpg", "cat/out/1.jpg", "dog/in/1.jpg", "dog/out/1.jpg"),
        ("blue/1.jpg", "red/blue/1.jpg", "red/dark/1.jpg", "red/light/1.jpg"),
        tuple(f"{c}/{day}/1.jpg" for c in "123" for day in "123"),
        ("1/1/a.jpg", "1/2/a.jpg", "1/3/a.jpg", "2/a.jpg", "3/a.jpg"),
        tuple(f"test{run}/{camera}/1.jpg" for run in "12" for camera in ("left", "right")),
        tuple(f"{when}_test/{who}/1.jpg" for when in ("pre", "post") for who in "ab"),
    ],
)
def test_find_classes__what_only_looks_like_a_part_stays(
    files: tuple[str, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root, sources = find_sources(unpack(tmp_path, *files))
    assert (root, caplog.messages) == (tmp_path, [])
    assert {source.label for source in sources} == {file.split("/")[0] for file in files}


def test_find_classes__a_link_beside_a_folder_is_no_file_beside_it(tmp_path: Path) -> None:
    unpack(tmp_path, "data/a/x/1.jpg", "data/a/y/1.jpg", "elsewhere/1.jpg")
    (tmp_path / "data" / "b").symlink_to(tmp_path / "elsewhere")
    assert find_classes(tmp_path / "data")[0] == tmp_path / "data"


@pytest.mark.parametrize(
    ("files", "inner"),
    [
        (COMPETITION, "testset/testset"),
        (DATASET, "kaggle_simpson_testset/kaggle_simpson_testset"),
        (DOUBLED, "kaggle_simpson_testset/prepare_testset"),
        (COLAB, "test/test"),
        (("toon_train/a/1.jpg", "toon_train/b/1.jpg", "toon_test/1.jpg"), "toon_test"),
        (("testset/img0.jpg",), "testset"),
        (("img0.jpg", "more/img1.jpg"), ""),
    ],
)
def test_find_tests__in_every_layout(
    files: tuple[str, ...], inner: str, *, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert find_tests(unpack(tmp_path, *files)) == tmp_path / inner
    assert bool(caplog.messages) == bool(inner)


def test_find_tests__several_are_a_question(tmp_path: Path) -> None:
    unpack(tmp_path, "train/a/1.jpg", "test/1.jpg", "testset/1.jpg")
    with pytest.raises(DataError, match="holds test, testset: give the one with the images"):
        find_tests(tmp_path)
