"""Layout: which folders are the classes, and which hold test images, in archives as they unpack."""

from __future__ import annotations

import logging
import os
import re
from itertools import combinations
from pathlib import Path

from springfield.errors import DataError

LAYOUT = "put each class in a folder of its own, {}/<class>/<image>, or give a CSV with path,label"
LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini", "@eaDir", "lost+found"}
PARTS = {  # what a folder may be called that is no class, and what that is
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
TESTSET = re.compile(r"test[ _-]?set$", re.IGNORECASE)  # such as kaggle_simpson_testset
ENDINGS = {  # of a file's name, by what its content is
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "AVIF": (".avif",),
}
IMAGE_ENDINGS = tuple(ending for endings in ENDINGS.values() for ending in endings)

Entry = os.DirEntry[str]

log = logging.getLogger(__name__)


def find_classes(data: Path) -> tuple[Path, set[str]]:
    """Return the folder whose folders are the classes, and the names in it that are none of them.

    Around the classes there may be a folder, and another around that, each with whatever files
    beside it, and with a folder of test images without labels. Such test images are no class, nor
    is a second copy of the classes among them. What is taken and left out is told.
    Raises `DataError` when there are several such folders to choose from, or none.
    """
    root = data
    while True:
        entries = entries_of(root)
        folders = [entry for entry in entries if kind_of(entry) == "folder"]
        unlabelled = _unlabelled(folders)
        rest = [entry for entry in folders if entry not in unlabelled] or folders
        if len(rest) != 1 or not _holds_folders(rest[0]):
            break
        _tell_left_out(root, unlabelled, [])
        root = Path(rest[0].path)
    if root != data:
        log.warning("the classes are the folders in %s", root)
    copies = _copies(rest)
    _check_layout(root, entries, [entry for entry in rest if entry not in copies], unlabelled)
    named = [entry for entry in unlabelled if TESTSET.search(entry.name) and entry not in rest]
    _tell_left_out(root, named, copies)
    return root, {entry.name for entry in (*named, *copies)}


def find_tests(data: Path) -> Path:
    """Step into the folder of test images where other folders are beside it, as in an archive.

    Raises `DataError` when there are several to choose from.
    """
    root = data
    while True:
        entries = entries_of(root)
        folders = [entry for entry in entries if kind_of(entry) == "folder"]
        parts = _part_names(folders)
        tests = [e for e in folders if e.name in parts and "test" in _kinds(e.name)]
        if len(folders) == 1 and not loose_images(entries):
            tests = folders
        elif len(folders) < 2 or not tests:
            break
        if len(tests) > 1:
            names = ", ".join(entry.name for entry in tests)
            raise DataError(f"{root} holds {names}: give the one with the images to be named")
        root = Path(tests[0].path)
    if root != data:
        log.warning("the test images are those in %s", root)
    return root


def entries_of(folder: Path) -> list[Entry]:
    """What is in a folder, in order of name, without what no person put there.

    Raises `DataError` when it cannot be opened.
    """
    try:
        with os.scandir(folder) as found:
            return sorted(
                (e for e in found if not e.name.startswith(".") and e.name not in LITTER),
                key=lambda entry: entry.name,
            )
    except OSError as problem:
        raise DataError(f"cannot open the folder {folder}: {problem.strerror}") from problem


def kind_of(entry: Entry) -> str:
    """Return "folder", "file", or "" for whatever else there is."""
    try:
        return "folder" if entry.is_dir() else "file" if entry.is_file() else ""
    except OSError:  # a link that leads to itself
        return ""


def loose_images(entries: list[Entry]) -> list[str]:
    """Names of the image files among entries, by their endings."""
    return [
        e.name for e in entries if e.name.lower().endswith(IMAGE_ENDINGS) and kind_of(e) == "file"
    ]


def _part_names(folders: list[Entry]) -> set[str]:
    """Names of those called like a part: by a whole name, or a word where others bear another."""
    kinds = {e.name: _kinds(e.name) for e in folders}
    whole = {name for name in kinds if name.lower() in PARTS or TESTSET.search(name)}
    if len(set().union(*kinds.values())) < 2:  # as in train_images beside test1
        return whole
    return whole | {name for name, kind in kinds.items() if kind}


def _kinds(name: str) -> set[str]:
    """The parts that a name has a word of, such as "train" of asl_alphabet_train."""
    found = {PARTS.get(word, "") for word in re.split(r"[\W\d_]+", name.lower())} - {""}
    return found | {"test"} if TESTSET.search(name) else found


def _inside(folder: Path) -> tuple[list[Entry], list[str]]:
    """Real folders and loose images in a folder; none where it cannot be opened."""
    try:
        entries = entries_of(folder)
    except DataError:
        return [], []  # becomes a row that says so
    return [e for e in entries if e.is_dir(follow_symlinks=False)], loose_images(entries)


def _holds_folders(entry: Entry) -> bool:
    """Whether an entry is a folder around others, and no class with images of its own."""
    folders, images = _inside(Path(entry.path))
    return not entry.is_symlink() and bool(folders) and not images


def _unlabelled(folders: list[Entry]) -> list[Entry]:
    """Those that bear the name of a part and hold images without classes."""
    found, parts = [], _part_names(folders)
    for entry in folders:
        if entry.name in parts:
            others = (_classes_in(Path(e.path)) for e in folders if e is not entry)
            if _is_flat(Path(entry.path), set().union(*others)):
                found.append(entry)
    return found


def _classes_in(folder: Path) -> set[str]:
    """Names of the folders in a folder, or in the single one around them."""
    folders, _ = _inside(folder)
    while len(folders) == 1 and _holds_folders(folders[0]):
        folders, _ = _inside(Path(folders[0].path))
    return {entry.name for entry in folders}


def _is_flat(folder: Path, classes: set[str]) -> bool:
    """Whether a folder has no classes: no folders, or a single one that is not called like one."""
    folders, images = _inside(folder)
    while len(folders) == 1 and not images and folders[0].name not in classes:
        folders, images = _inside(Path(folders[0].path))
    return not folders


def _parts(folders: list[Entry]) -> list[Entry]:
    """Folders that are called parts, or like seg_test and seg_train and share their classes."""
    if len(_part_names(folders)) == len(folders):
        return folders
    like = [e for e in folders if _kinds(e.name)]
    classes = {entry.name: _classes_in(Path(entry.path)) for entry in like}
    alike = [
        {one, other}
        for one, other in combinations(classes, 2)
        if len(classes[one] & classes[other]) > 1 and _kinds(one) != _kinds(other)
    ]
    return [entry for entry in like if entry.name in set().union(*alike)]


def _nested(rest: list[Entry], unlabelled: list[Entry]) -> list[Entry]:
    """Parts without classes, and those with the classes, such as Train/<class> beside Test.

    None where other folders hold folders as well: then classes are what these are.
    """
    parts = _part_names([*rest, *unlabelled])
    deep = [entry for entry in rest if _inside(Path(entry.path))[0]]
    nested = [e for e in deep if e.name in parts and len(_classes_in(Path(e.path))) > 1]
    return [*unlabelled, *nested] if unlabelled and nested and nested == deep else []


def _copies(folders: list[Entry]) -> list[Entry]:
    """Folders that hold mostly the names that they are among, and most of those, but not their own.

    Where most folders do, the names inside mean something else, such as the days of each class.
    """
    names, found = {entry.name for entry in folders}, []
    for entry in folders:
        inside = {e.name for e in _inside(Path(entry.path))[0]} if not entry.is_symlink() else set()
        shared = 2 * len(inside & names)
        mostly = shared >= len(inside) and shared >= len(names) - 1
        if len(inside) > 1 and mostly and entry.name not in inside:
            found.append(entry)
    return found if 2 * len(found) <= len(folders) else []


def _tell_left_out(root: Path, unlabelled: list[Entry], copies: list[Entry]) -> None:
    for entry in unlabelled:
        log.warning("%s is left out: its images have no classes", root / entry.name)
    for entry in copies:
        log.warning("%s is left out: it repeats the classes beside it", root / entry.name)


def _check_layout(
    data: Path, entries: list[Entry], rest: list[Entry], unlabelled: list[Entry]
) -> None:
    parts = _parts(rest) or _nested(rest, unlabelled)
    names = sorted({entry.name for entry in parts})
    labelled = sorted(entry.name for entry in parts if entry not in unlabelled)
    if len(names) > 1 and not labelled:
        raise DataError(f"{data} holds {', '.join(names)} without classes; {LAYOUT.format(data)}")
    if len(names) > 1:
        learned = next((name for name in labelled if "train" in _kinds(name)), labelled[-1])
        raise DataError(
            f"{data} holds {', '.join(names)}: give the one to learn from, "
            f"e.g. {data / learned}; the split is made anew"
        )
    for entry in unlabelled:
        if entry not in rest and len(rest) > 1 and not TESTSET.search(entry.name):
            log.warning("%s is taken for a class; if it is none, move it away", entry.path)
    loose = loose_images(entries)
    if loose and not rest:
        raise DataError(f"{data} holds images but no class folders; {LAYOUT.format(data)}")
    if loose:
        log.warning(
            "%d images directly in %s have no class and are not used, such as %s",
            len(loose),
            data,
            ascii(sorted(loose)[0]),
        )
