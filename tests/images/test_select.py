from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError
from springfield.images.catalog import Catalog
from springfield.images.groups import join_named
from springfield.images.scan import scan
from springfield.images.select import (
    check_trainable,
    image_warnings,
    joined_classes,
    keep_largest,
    leave_out,
    lost_classes,
    parted_versions,
    shrunk_images,
    similar_classes,
    unused_files,
)
from springfield.recipe import Images

RULES = Images(min_side=24, max_side=4000, max_aspect=6.0)


def table(*rows: tuple[str, int, int, str, str]) -> Catalog:
    """Rows of label, width, height, sha256, error."""
    label, width, height, sha256, error = zip(*rows, strict=True)
    return Catalog(Path("here"), {}).with_columns(
        path=[f"{name}/{i}.jpg" for i, name in enumerate(label)],
        label=label,
        width=width,
        height=height,
        sha256=sha256,
        error=error,
    )


def test_leave_out__reasons() -> None:
    catalog = leave_out(
        table(
            ("a", 100, 80, "1", ""),
            ("a", 12, 90, "2", ""),
            ("a", 90, 4001, "3", ""),
            ("a", 30, 181, "4", ""),
            ("a", 30, 180, "5", ""),
            ("a", 24, 24, "6", ""),
            ("a", 4000, 2000, "7", ""),
            ("a", 0, 0, "8", "image file is truncated"),
            ("a", 0, 0, "9", "not an image"),
        ),
        RULES,
    )
    assert catalog["reason"].tolist() == [
        "",
        "too_small: 12x90",
        "too_large: 90x4001",
        "odd_aspect: 30x181",
        "",
        "",
        "",
        "corrupt: image file is truncated",
        "wrong_type: not an image",
    ]


def test_leave_out__copies_under_two_labels_contradict_each_other() -> None:
    catalog = leave_out(
        table(
            ("a", 50, 50, "same", ""),
            ("b", 50, 50, "same", ""),
            ("a", 50, 50, "within", ""),
            ("a", 50, 50, "within", ""),
            ("a", 0, 0, "", "cannot be read"),
            ("b", 0, 0, "", "cannot be read"),
        ),
        RULES,
    )
    assert catalog["reason"].tolist() == [
        "cross_class_duplicate: a, b",
        "cross_class_duplicate: a, b",
        "",
        "",
        "corrupt: cannot be read",
        "corrupt: cannot be read",
    ]


def test_leave_out__a_picture_under_many_labels_names_a_few() -> None:
    catalog = leave_out(table(*((f"c{i}", 50, 50, "same", "") for i in range(9))), RULES)
    assert set(catalog["reason"].tolist()) == {
        "cross_class_duplicate: c0, c1, c2, c3, c4 and 4 more"
    }


def test_leave_out__tiny_folder(tiny: Path) -> None:
    catalog = leave_out(scan(tiny, progress=False)[0], Images())
    left_out = catalog.where(catalog["reason"] != "")
    kinds = dict(zip(left_out["path"].tolist(), left_out["reason"].tolist(), strict=True))
    assert {path: reason.split(":")[0] for path, reason in kinds.items()} == {
        "barn/000.jpg": "cross_class_duplicate",
        "barn/torn.jpg": "corrupt",
        "mill/twin.jpg": "cross_class_duplicate",
    }
    check_trainable(catalog)


def with_reasons(*rows: tuple[str, str]) -> Catalog:
    label, reason = zip(*rows, strict=True)
    return Catalog(Path("here"), {}).with_columns(
        path=[str(i) for i in range(len(rows))], label=label, reason=reason
    )


def test_check_trainable__two_classes_pass() -> None:
    check_trainable(with_reasons(("a", ""), ("a", ""), ("b", "")))


@pytest.mark.parametrize(
    ("catalog", "words"),
    [
        (
            with_reasons(("a", "corrupt: x"), ("b", "too_small: 1x1")),
            r"1 corrupt \(x\), 1 too_small \(1x1\)",
        ),
        (with_reasons(("a", ""), ("a", "")), "one class only, a; a classifier needs two"),
        (with_reasons(("a", ""), ("b", "corrupt: x")), r"one class only, a \(1 corrupt \(x\)\)"),
        (with_reasons(("a", ""), ("b", "")), "every class .* has a single usable image"),
    ],
)
def test_check_trainable__says_why_not(catalog: Catalog, words: str) -> None:
    with pytest.raises(DataError, match=words):
        check_trainable(catalog)


def test_check_trainable__copies_are_one_image() -> None:
    copies = with_reasons(("a", ""), ("a", ""), ("b", "")).with_columns(group=[0, 0, 2])
    with pytest.raises(DataError, match="single usable image, copies and"):
        check_trainable(copies)


def test_check_trainable__no_rows() -> None:
    empty = Catalog(Path("here"), dict.fromkeys(("path", "label", "reason"), np.array([], "U1")))
    with pytest.raises(DataError, match="holds no images"):
        check_trainable(empty)


def shared_out(**parts: str) -> Catalog:
    """Rows of label=parts, a letter for each row: t(rain), v(al), e (test), or - (left out)."""
    whole = {"t": "train", "v": "val", "e": "test", "-": ""}
    rows = [(label, whole[letter]) for label, letters in parts.items() for letter in letters]
    label, part = zip(*rows, strict=True)
    reason = ["" if each else "corrupt: torn" for each in part]
    return Catalog(Path("here"), {}).with_columns(path=label, label=label, part=part, reason=reason)


def test_keep_largest__counts_training_images_and_leaves_whole_classes_out() -> None:
    catalog = shared_out(a="tttve", b="tteeeeev-", c="ttttv", d="ttve")
    kept = keep_largest(catalog, 3)
    assert set(kept["label"][kept["part"] != ""].tolist()) == {"a", "b", "c"}
    same = kept["label"] != "d"  # the others keep their part and their reason
    assert (kept["part"][same] == catalog["part"][same]).all()
    assert (kept["reason"][same] == catalog["reason"][same]).all()
    assert set(kept["reason"][~same].tolist()) == {"other_class: not among the 3 largest"}


def test_keep_largest__says_nothing_new_of_images_left_out_before() -> None:
    kept = keep_largest(shared_out(a="ttt", b="tt", c="t-"), 2)
    assert kept["reason"][-2:].tolist() == ["other_class: not among the 2 largest", "corrupt: torn"]


def test_keep_largest__something_must_be_left_to_judge_by() -> None:
    with pytest.raises(DataError, match="none of the 1 largest classes has an image to judge by"):
        keep_largest(shared_out(a="ttt", b="te"), 1)


@pytest.mark.parametrize("n", [0, 2, 7])
def test_keep_largest__as_many_as_there_are_changes_nothing(n: int) -> None:
    catalog = shared_out(a="tve", b="tve")
    assert keep_largest(catalog, n) is catalog


def test_lost_classes__a_class_without_a_usable_file_is_told() -> None:
    rows = [("a", ""), ("b", "wrong_type: not an image"), ("b", "wrong_type: not an image")]
    rows += [("b", "corrupt: empty file"), ("c", "other_class: not among the 1 largest")]
    assert lost_classes(with_reasons(*rows)) == [
        "b is not learned: none of its files (3) can be used (not an image)"
    ]


def test_joined_classes__most_of_a_class_in_one_scene_is_told() -> None:
    rows = with_reasons(*[("a", "")] * 12, *[("b", "")] * 12, *[("c", "")] * 5)
    rows = rows.with_columns(group=[*[0] * 7, *range(7, 12), *[12] * 6, *range(18, 24), *[24] * 5])
    assert joined_classes(rows) == [
        "a: 7 of its 12 images belong together (near duplicates, or one group); they stay on one"
        " side of the split, and its score hangs on the others"
    ]


def test_similar_classes__capitals_and_blanks_make_two_classes_and_that_is_told() -> None:
    rows = with_reasons(("Cat", ""), ("cat ", ""), ("dog", ""), ("Dog", "corrupt: empty file"))
    assert similar_classes(rows) == [
        "Cat and cat  are two classes, though their names differ in capitals or blanks alone; if"
        " they mean the same, give them one name"
    ]


def test_parted_versions__of_one_source_are_told_unless_something_joins_them() -> None:
    rows = with_reasons(*[("a", "")] * 5)
    names = ["x_jpg.rf.0a", "x_jpg.rf.1b", "y_jpg.rf.2c", "z", "x_jpg.rf.3d"]
    rows = rows.with_columns(path=[f"a/{name}.jpg" for name in names], group=np.arange(5))
    (said,) = parted_versions(rows)
    assert said.startswith("2 images, such as a/x_jpg.rf.0a.jpg, are versions of others by their")
    pattern = said.split("'")[1]
    assert parted_versions(join_named(rows, pattern)) == []


def test_unused_files__the_commonest_reason_in_the_classes_that_are_learned() -> None:
    rows = [("a", ""), ("a", "too_small: 9x9"), ("a", "excluded by list.csv"), ("b", "")]
    rows += [("a", "corrupt: HEIC, a format that ..."), ("b", "corrupt: HEIC, a format that ...")]
    lost = [("c", "wrong_type: not an image")] * 5  # `lost_classes` tells of it
    assert unused_files(with_reasons(*rows, *lost)) == [
        "3 of 6 files are not used, most often for this: HEIC, a format that ..."
    ]
    sizes = [("a", f"too_small: 9x{side}") for side in range(3)]
    assert unused_files(with_reasons(("a", ""), *rows[-2:], *sizes)) == [
        "4 of 5 files are not used, most often for this: too_small"
    ]
    assert unused_files(with_reasons(("a", ""), ("b", ""), *lost)) == []


def test_shrunk_images__far_larger_than_they_are_seen() -> None:
    rows = with_reasons(*[("a", "")] * 5, ("a", "corrupt: empty file"))
    sides = np.array([40, 3000, 3000, 3000, 3000, 0])
    large = rows.with_columns(width=sides, height=sides + 1000)
    assert shrunk_images(large, 96) == [
        "half of the images are more than 3000 px each way, and all are seen at 96: what is"
        " smaller than 31 px in them is lost; where that matters, --set images.size=224 or more"
    ]
    assert shrunk_images(large, 400) == []
    large = large.with_columns(group=np.arange(6))
    assert image_warnings(large) == unused_files(large) != []
    assert image_warnings(large, 96) == [*unused_files(large), *shrunk_images(large, 96)]
