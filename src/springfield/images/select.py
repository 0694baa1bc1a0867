"""Select: which rows take part, and why the others do not. Nothing is deleted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np

from springfield.errors import DataError
from springfield.images.catalog import Catalog
from springfield.images.decode import NO_IMAGE
from springfield.images.split import distinct_counts
from springfield.recipe import Images

# The page says these in its language, see `results/page/said.py`.
LOST = "{label} is not learned: none of its files ({n}) can be used ({reason})"
UNUSED = "{n} of {total} files are not used, most often for this: {reason}"
SHRUNK = (
    "half of the images are more than {total} px each way, and all are seen at {size}: what is"
    " smaller than {n} px in them is lost; where that matters, --set images.size=224 or more"
)
TINIER = 8  # times as small as an image, to be worth a word
NAMED = 5  # labels of a picture that stands under several
JOINED = (
    "{label}: {n} of its {total} images belong together (near duplicates, or one group); they stay"
    " on one side of the split, and its score hangs on the others"
)
SIMILAR = (
    "{label} and {other} are two classes, though their names differ in capitals or blanks alone; if"
    " they mean the same, give them one name"
)
VERSIONS = (
    "{n} images, such as {path}, are versions of others by their names; where they differ, only"
    r" --set split.group_by='(.+)\.rf\.' keeps them on one side of the split"
)
VERSION = re.compile(r"(.+)\.rf\.")  # as Roboflow names what it makes of one image
UNFIT = ("corrupt", "wrong_type", "too_small", "too_large", "odd_aspect", "cross_class_duplicate")
ENOUGH = 10  # images of a class, for that to be worth a word
OTHER_CLASS = "other_class"  # so begins the reason of an image whose class was not asked for


def leave_out(catalog: Catalog, rules: Images) -> Catalog:
    """Add the column ``reason``: "" for a row that takes part, else its kind and the detail.

    A row that has a reason already, because a manifest excluded it, keeps it. The kinds are those
    of `UNFIT`; ``cross_class_duplicate`` is byte for byte the same picture under two labels, of
    which at least one is wrong and nobody can say which.
    """
    if "reason" not in catalog:
        catalog = catalog.with_columns(reason=np.full(len(catalog), ""))
    contradicted = _contradicted(catalog.where(catalog["reason"] == ""))
    reasons = []
    for reason, width, height, error, digest in zip(
        *(catalog[name].tolist() for name in ("reason", "width", "height", "error", "sha256")),
        strict=True,
    ):
        if not reason:
            reason = _unreadable(error) if error else _odd_size(width, height, rules)
        if not reason and digest in contradicted:
            reason = f"cross_class_duplicate: {_several(sorted(contradicted[digest]))}"
        reasons.append(reason)
    return catalog.with_columns(reason=np.array(reasons, dtype=np.str_))


def keep_largest(catalog: Catalog, n: int) -> Catalog:
    """Leave out all but the `n` classes with the most training images (0: keep all).

    It comes after the split, so that the classes that stay are shared out as they are without it.
    Raises `DataError` when they would leave nothing to judge by.
    """
    counts = catalog.where(catalog["part"] == "train").counts()
    if not 0 < n < len(counts):
        return catalog
    largest = sorted(counts, key=lambda name: (-counts[name], name))[:n]
    gone = ~np.isin(catalog["label"], largest) & (catalog["reason"] == "")
    judged = catalog["part"] == "test"
    if judged.any() and not (judged & ~gone).any():
        raise DataError(
            f"images.classes = {n}: none of the {n} largest classes has an image to judge by, "
            "since each is of one scene; keep more classes"
        )
    return catalog.with_columns(
        part=np.where(gone, "", catalog["part"]),
        reason=np.where(gone, f"{OTHER_CLASS}: not among the {n} largest", catalog["reason"]),
    )


def check_trainable(catalog: Catalog) -> None:
    """Raise `DataError` unless what `leave_out` kept can be learned from and judged."""
    used = catalog.where(catalog["reason"] == "")
    if not len(used):
        raise DataError(
            f"no image in {catalog.root} can be used: {_summary(catalog)}"
            if len(catalog)
            else f"{catalog.root} holds no images"
        )
    counts = used.counts()
    if len(counts) < 2:
        left = _summary(catalog)
        also = f" ({left})" if left else ""
        raise DataError(
            f"{catalog.root} has usable images of one class only, {next(iter(counts))}{also}; "
            "a classifier needs two or more"
        )
    if max(distinct_counts(catalog).values()) < 2:
        raise DataError(
            f"every class in {catalog.root} has a single usable image, copies and others of its "
            "group aside: none would be left to judge by; add images"
        )


def image_warnings(catalog: Catalog, size: int = 0) -> list[str]:
    """What a user should know of the images before they are learned from.

    `size` is the side in pixels that they are seen at, where Springfield chose it.
    """
    found = [*lost_classes(catalog), *unused_files(catalog), *joined_classes(catalog)]
    found += [*similar_classes(catalog), *parted_versions(catalog)]
    return found + (shrunk_images(catalog, size) if size else [])


def lost_classes(catalog: Catalog) -> list[str]:
    """A warning for each class that cannot be learned, since none of its files can be used."""
    left_out: defaultdict[str, list[str]] = defaultdict(list)
    for label, reason in zip(catalog["label"].tolist(), catalog["reason"].tolist(), strict=True):
        left_out[label].append(reason)
    return [
        LOST.format(label=label, n=len(reasons), reason=_commonest(reasons))
        for label, reasons in sorted(left_out.items())
        if all(reasons) and not any(reason.startswith(OTHER_CLASS) for reason in reasons)
    ]


def unused_files(catalog: Catalog) -> list[str]:
    """A warning that tells of files that were left out of the classes that are learned."""
    learned = catalog.where(catalog["reason"] == "").classes
    reasons = catalog["reason"][np.isin(catalog["label"], learned)].tolist()
    unfit = [reason for reason in reasons if reason.partition(":")[0] in UNFIT]
    if not unfit:
        return []
    kind = Counter(reason.partition(":")[0] for reason in unfit).most_common(1)[0][0]
    detail = _commonest([reason for reason in unfit if reason.startswith(kind)])
    said = detail if kind in ("corrupt", "wrong_type") else kind
    return [UNUSED.format(n=len(unfit), total=len(reasons), reason=said)]


def shrunk_images(catalog: Catalog, size: int) -> list[str]:
    """A warning where half of the images are far larger than the side that they are seen at."""
    shorter = np.minimum(catalog["width"], catalog["height"])[catalog["reason"] == ""]
    side = int(np.median(shorter)) if len(shorter) else 0
    if side < TINIER * size:
        return []
    return [SHRUNK.format(total=side, size=size, n=round(side / size))]


def joined_classes(catalog: Catalog) -> list[str]:
    """A warning for each class most of whose images are one scene, by the column ``group``."""
    used = catalog.where(catalog["reason"] == "")
    groups: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for label, group in zip(used["label"].tolist(), used["group"].tolist(), strict=True):
        groups[label][group] += 1
    return [
        JOINED.format(label=label, n=largest, total=found.total())
        for label, found in sorted(groups.items())
        if found.total() >= ENOUGH and 2 * (largest := max(found.values())) > found.total()
    ]


def similar_classes(catalog: Catalog) -> list[str]:
    """A warning for each class that is called like another but for capitals or blanks."""
    first: dict[str, str] = {}
    found = []
    for label in catalog.where(catalog["reason"] == "").classes:
        other = first.setdefault(" ".join(label.split()).casefold(), label)
        if other != label:
            found.append(SIMILAR.format(label=other, other=label))
    return found


def parted_versions(catalog: Catalog) -> list[str]:
    """A warning where images are versions of one by their names, and nothing joins them."""
    used = catalog.where(catalog["reason"] == "")
    versions: defaultdict[str, list[int]] = defaultdict(list)
    for row, path in enumerate(used["path"].tolist()):
        if named := VERSION.search(path):
            versions[named[1]].append(row)
    parted = [rows for rows in versions.values() if len(set(used["group"][rows].tolist())) > 1]
    if not parted:
        return []
    n = sum(len(rows) - 1 for rows in parted)
    return [VERSIONS.format(n=n, path=used["path"][parted[0][0]])]


def _several(labels: list[str]) -> str:
    """A few of them: the same picture in a thousand classes would fill a table with names."""
    more = f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
    return ", ".join(labels[:NAMED]) + more


def _unreadable(error: str) -> str:
    kind = "wrong_type" if error == NO_IMAGE else "corrupt"
    return f"{kind}: {error}"


def _odd_size(width: int, height: int, rules: Images) -> str:
    if min(width, height) < rules.min_side:
        return f"too_small: {width}x{height}"
    if max(width, height) > rules.max_side:
        return f"too_large: {width}x{height}"
    if max(width, height) > rules.max_aspect * min(width, height):
        return f"odd_aspect: {width}x{height}"
    return ""


def _contradicted(catalog: Catalog) -> dict[str, set[str]]:
    """Labels of each content that stands under more than one."""
    labels: dict[str, set[str]] = defaultdict(set)
    for digest, label in zip(catalog["sha256"].tolist(), catalog["label"].tolist(), strict=True):
        labels[digest].add(label)
    return {digest: names for digest, names in labels.items() if len(names) > 1}


def _summary(catalog: Catalog) -> str:
    """How many images were left out for each kind of reason, with the commonest detail of each."""
    details: defaultdict[str, list[str]] = defaultdict(list)
    for reason in catalog["reason"].tolist():
        if reason:
            details[reason.partition(":")[0]].append(reason)
    said = []
    for kind, reasons in sorted(details.items()):
        detail = _commonest(reasons)
        said.append(f"{len(reasons)} {kind}" + (f" ({detail})" if detail != kind else ""))
    return ", ".join(said)


def _commonest(reasons: list[str]) -> str:
    """The detail that most of the reasons give, of equals the first."""
    details = [detail or kind for kind, _, detail in (reason.partition(": ") for reason in reasons)]
    return Counter(details).most_common(1)[0][0]
