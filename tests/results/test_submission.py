from __future__ import annotations

from pathlib import Path

import pytest

from springfield.errors import DataError
from springfield.results.submission import check_ids, find_test_images, read_sample, some


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def test_find_test_images__what_cannot_be_followed_is_refused(tmp_path: Path) -> None:
    root = touch(tmp_path / "new", "0.jpg", "a/1.jpg")
    (root / "gone.jpg").symlink_to(tmp_path / "nowhere")
    assert sorted(find_test_images(root)) == ["0.jpg", "1.jpg", "gone.jpg"]  # told when read
    (root / "b").symlink_to(touch(tmp_path / "elsewhere", "2.jpg"))
    with pytest.raises(DataError, match="b is a link to a folder, and links are not followed"):
        find_test_images(root)


def test_find_test_images__of_an_archive_none_to_learn_from(tmp_path: Path) -> None:
    touch(tmp_path, "train/simpsons_dataset/a/img9.jpg", "train/simpsons_dataset/b/img8.jpg")
    touch(tmp_path, "testset/testset/img0.jpg", "testset/testset/.x.jpg", "illustration.png")
    inner = tmp_path / "testset" / "testset"
    assert find_test_images(tmp_path, ["a", "b"]) == {"img0.jpg": inner / "img0.jpg"}
    assert find_test_images(tmp_path / "testset") == find_test_images(inner)


@pytest.mark.parametrize("files", [("a/1.jpg", "b/2.jpg"), ("train/a/1.jpg", "val/b/2.jpg")])
def test_find_test_images__training_images_are_refused(
    files: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"images of known classes \(a, b\): give the folder of"):
        find_test_images(touch(tmp_path, *files), ["a", "b", "c"])
    assert len(find_test_images(tmp_path, ["c"])) == 2


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        (["img0"], "img0 there, img0.jpg here"),
        (["img0.png"], "img0.png there, img0.jpg here"),
        (["IMG0.JPG"], "IMG0.JPG there, img0.jpg here"),
        (["testset/img0.jpg"], "testset/img0.jpg there, img0.jpg here"),
    ],
)
def test_check_ids__another_way_of_writing_is_named(wanted: list[str], line: str) -> None:
    with pytest.raises(DataError, match=f"written in another way than the files of .*: {line};"):
        check_ids(wanted, {"img0.jpg": Path("img0.jpg")}, Path("testset"))


def test_check_ids__missing_and_extra_ones_are_named() -> None:
    images = {f"img{i}.jpg": Path(f"img{i}.jpg") for i in range(5)}
    check_ids(list(images), images, Path("testset"))
    with pytest.raises(DataError, match=r"^testset lacks img7\.jpg that the sample names$"):
        check_ids([*images, "img7.jpg"], images, Path("testset"))
    with pytest.raises(DataError, match=r"img1\.jpg, img2\.jpg, img3\.jpg and 1 more of testset$"):
        check_ids(["img0.jpg"], images, Path("testset"))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "first line must be Id,Expected and is missing"),
        ("id,label\na,b\n", "first line must be Id,Expected and is 'id,label'"),
        ("id,expected\na,b\n", "is 'id,expected'"),
        ("Id;Expected\na;b\n", "is 'Id;Expected'"),
        ("Id,Expected\n", "has no rows"),
        ("Id,Expected\na.jpg,b\n,b\n", "row 3: the Id is empty"),
        ("Id,Expected\na.jpg\n", "row 2: 1 fields instead of 2"),
        ("Id,Expected\na.jpg,b\na.jpg,c\n", "names a.jpg more than once"),
    ],
)
def test_read_sample__whatever_is_wrong_is_named(content: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "sample.csv").write_text(content)
    with pytest.raises(DataError, match=line):
        read_sample(tmp_path / "sample.csv")


def test_read_sample__a_mark_of_the_byte_order_is_no_part_of_the_header(tmp_path: Path) -> None:
    (tmp_path / "sample.csv").write_text("\ufeffId,Expected\r\nb.jpg,x\r\na.jpg,y\r\n", "utf-8")
    assert list(read_sample(tmp_path / "sample.csv").items()) == [("b.jpg", "x"), ("a.jpg", "y")]


def test_some__names_three_and_counts_the_rest() -> None:
    assert some(["a", "b", "c"]) == "a, b, c"
    assert some(["a"] * 1003) == "a, a, a and 1,000 more"
