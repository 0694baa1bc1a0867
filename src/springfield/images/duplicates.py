"""Duplicates: which pictures are the same, or so nearly the same that they must not be parted.

Two pictures are near duplicates when both the edges and the colours of their thumbnails agree:
re-encoded, resized, brightened or slightly cropped copies, and neighbouring frames of one scene.
Colours alone would join every figure before a plain wall, edges alone every view of one face.
Augmented data sets hold copies that were mirrored or turned by quarters, too: every picture in
which there is much to be seen is looked at again in a position of its own, which it has however it
lies.

Pairs are looked for in a forest of trees that halve the pictures by random directions (after
Dasgupta and Freund, "Random projection trees and low dimensional manifolds", STOC 2008; halved
at the median, so that no pile of blank frames can grow a leaf): n log n to build, and
n * TREES * LEAF comparisons at most, for each of the two looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.fingerprint import SIDE, thumbnails
from springfield.images.groups import joined

LIKENESS = 0.65  # cosine; on 7,342 frames of a cartoon no two of different scenes came above
TURNED = 0.75  # the same when turned: one figure that faces left and right is no copy
COARSE = 0.55  # cosine of the shortened vectors below which a pair is not looked at closely
SHORT = 64  # length of those
SAMPLED = 1024  # pictures that decide what the shortened vectors keep
TREES = 16
LEAF = 256  # pictures compared with each other in one leaf, at most
PARTNERS = 4  # pairs kept per picture and leaf: enough to join a group, too few to fill memory
SOFT = 8.0  # grey levels at which an edge counts half: a black bar cannot outweigh the picture
FLAT = 0.04  # mean strength of edges, of 1, below which a picture is blank,
RICH = 0.2  # and from which it is looked at turned: a stain here and one there are no copies
SPECK = 0.5  # unless one of them is as strong: something small lies on a plain ground
FEW = 64  # below about so many pictures, what they have in common cannot be told from chance
CHUNK = 2048


def group_duplicates(catalog: Catalog, fingerprints: np.ndarray) -> Catalog:
    """Add the column `group`: equal for identical and near-identical pictures.

    `fingerprints` is uint8 [n, F], a row per row of the catalog. A group is numbered by its first
    row. Unreadable files share a group only with files of the same bytes.
    """
    n = len(catalog)
    _, first, which = np.unique(catalog["sha256"], return_index=True, return_inverse=True)
    same = np.stack([first[which], np.arange(n)], 1)[catalog["sha256"] != ""]
    readable = np.flatnonzero(catalog["error"] == "")
    near = readable[near_duplicate_pairs(fingerprints[readable])]
    return catalog.with_columns(group=joined(n, np.concatenate([same, near])))


def near_duplicate_pairs(fingerprints: np.ndarray) -> np.ndarray:
    """Return pairs of rows that are near duplicates, int64 [m, 2], each with its smaller row first.

    `fingerprints` is uint8 [n, F]. The pairs join every group, but a large group does not list
    all of its pairs, and some are listed twice. Blank pictures are near duplicates when they have
    the same colour. Copies that were mirrored or turned by quarters are found, but for a few in a
    hundred, where there is much to be seen in them, unless they are a rarity before a backdrop
    that all pictures share.
    """
    if len(fingerprints) == 0:
        return np.empty((0, 2), np.int64)
    pictures = thumbnails(fingerprints)
    mean, most = np.concatenate([_strength(part) for part in _chunks(pictures)]).T
    blank = (mean < FLAT) & (most < SPECK)
    _, first, which = np.unique(_keys(pictures, blank), return_index=True, return_inverse=True)
    copies = np.stack([first[which], np.arange(len(pictures))], 1)
    copies = copies[copies[:, 0] != copies[:, 1]]
    distinct = np.sort(first[~blank[first]])
    seen = pictures[distinct]
    found = distinct[_similar(seen, np.zeros(len(seen), np.int64), LIKENESS)]
    rich = distinct[mean[distinct] >= RICH]
    turned = rich[_similar(pictures[rich], _ways(pictures[rich]), TURNED)]
    return np.concatenate([copies, found, turned]).astype(np.int64)


def _strength(pictures: np.ndarray) -> np.ndarray:
    """Mean and greatest strength of the edges of thumbnails, of 1: float32 [n, 2]."""
    strength = np.abs(_edges(pictures))
    return np.stack([strength.mean(1), strength.max(1)], 1)


def _keys(pictures: np.ndarray, blank: np.ndarray) -> np.ndarray:
    """One value per thumbnail [n, 16, 16, 3]; blank ones of one colour have the same."""
    keys = pictures.reshape(len(pictures), -1).copy()
    # Shades closer than 8 levels count as one; + 4 keeps pure black and white off the boundaries.
    shades = (pictures[blank].mean((1, 2)) + 4) // 8
    keys[blank] = 255  # no other thumbnail is white but for its corners
    keys[blank, :3] = shades
    keys[blank, -1] = 33
    # Each row as one value, so that whole rows sort and compare at once.
    return np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1]))).ravel()


def _similar(pictures: np.ndarray, ways: np.ndarray, least: float) -> np.ndarray:
    """Pairs, int64 [m, 2], of thumbnails [n, 16, 16, 3] that are so much alike, laid in `ways`."""
    n = len(pictures)
    if n < 2:
        return np.empty((0, 2), np.int64)
    sample = np.linspace(0, n - 1, min(n, SAMPLED)).astype(int)
    # What all pictures share (a studio's backdrop) says nothing about two of them.
    share = n / (n + FEW)
    laid = [_laid(pictures[sample], np.full(len(sample), way)) for way in range(ways.max() + 1)]
    edges, colours = (
        share * np.stack([of(each).mean(0) for each in laid]) for of in (_edges, _colours)
    )

    def described(rows: np.ndarray) -> np.ndarray:
        way = ways[rows]
        return _described(_laid(pictures[rows], way), (edges[way], colours[way]))

    short = _shorten(described, sample, n)
    codes = np.unique(np.concatenate([_coarse_pairs(short, leaf) for leaf in leaves(short)]))
    pairs = np.stack([codes // n, codes % n], 1)
    close = [(described(part[:, 0]) * described(part[:, 1])).sum(1) for part in _chunks(pairs)]
    return pairs[np.concatenate([np.empty(0), *close]) >= least]


def _ways(pictures: np.ndarray) -> np.ndarray:
    """How to lay each thumbnail [n, 16, 16, 3] so that its light leans right and down, int64 [n].

    And further to the right than down: then copies lie alike, however they were turned.
    """
    levels = pictures.mean(3, dtype=np.float32)
    place = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    right, down = levels.sum(1) @ place, levels.sum(2) @ place  # [n] each
    return (right < 0) + 2 * (down < 0) + 4 * (np.abs(down) > np.abs(right))


def _laid(pictures: np.ndarray, ways: np.ndarray) -> np.ndarray:
    """Thumbnails [n, 16, 16, 3] mirrored (1), turned upside down (2) and on their side (4)."""
    laid = pictures.copy()
    laid[ways & 1 > 0] = laid[ways & 1 > 0, :, ::-1]
    laid[ways & 2 > 0] = laid[ways & 2 > 0, ::-1]
    laid[ways & 4 > 0] = laid[ways & 4 > 0].swapaxes(1, 2)
    return laid


def leaves(vectors: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the leaves of the forest over vectors [n, d]: arrays of at most LEAF row numbers."""
    rng = np.random.default_rng(0)
    for _ in range(TREES if len(vectors) > LEAF else 1):
        open_ = [np.arange(len(vectors))]
        while open_:
            rows = open_.pop()
            if len(rows) <= LEAF:
                yield rows
                continue
            along = vectors[rows] @ rng.standard_normal(vectors.shape[1], np.float32)
            halves = np.argpartition(along, len(rows) // 2)
            open_ += [rows[halves[: len(rows) // 2]], rows[halves[len(rows) // 2 :]]]


def _coarse_pairs(short: np.ndarray, leaf: np.ndarray) -> np.ndarray:
    """Pairs in a leaf that deserve a close look, as codes int64 [m]: smaller row * n + larger."""
    rows = np.sort(leaf)
    likeness = np.tril(short[rows] @ short[rows].T, -1)  # [l, l]
    if len(rows) > PARTNERS:
        weakest = np.partition(likeness, -PARTNERS, axis=1)[:, -PARTNERS, None]
        later, earlier = np.nonzero((likeness >= COARSE) & (likeness >= weakest))
    else:
        later, earlier = np.nonzero(likeness >= COARSE)
    return np.asarray(rows[earlier] * len(short) + rows[later])


def _shorten(
    described: Callable[[np.ndarray], np.ndarray], sample: np.ndarray, n: int
) -> np.ndarray:
    """Principal components of n described pictures, unit vectors float32 [n, at most SHORT]."""
    basis = described(sample)  # [s, 2118]
    # Through the sample's Gram matrix, which is the smaller one: [s, s].
    values, vectors = np.linalg.eigh(basis @ basis.T)
    keep = np.flatnonzero(values > values[-1] * 1e-6)[-SHORT:]
    axes = basis.T @ (vectors[:, keep] / np.sqrt(values[keep]))  # [2118, <= SHORT]
    return _unit(np.concatenate([described(rows) @ axes for rows in _chunks(np.arange(n))]))


def _described(pictures: np.ndarray, common: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Edges and colours with equal say, less what is common, unit vectors float32 [n, 2118]."""
    edges = _unit(_edges(pictures) - common[0])
    colours = _unit(_colours(pictures) - common[1])
    return np.concatenate([edges, colours], 1) * np.float32(0.5**0.5)


def _edges(pictures: np.ndarray) -> np.ndarray:
    """Differences to the cell below and to the right, softly limited to +-1, float32 [n, 1350]."""
    levels = pictures.astype(np.float32)
    inner = slice(0, SIDE - 1)
    down = np.diff(levels, axis=1)[:, :, inner]
    right = np.diff(levels, axis=2)[:, inner]
    steps = np.concatenate([down, right], -1).reshape(len(pictures), -1)
    return np.asarray(steps / (np.abs(steps) + SOFT))


def _colours(pictures: np.ndarray) -> np.ndarray:
    """Levels about the picture's mean, float32 [n, 768]."""
    levels = pictures.reshape(len(pictures), -1).astype(np.float32)
    return np.asarray(levels - levels.mean(1, keepdims=True))


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, np.float32(1e-6)))


def _chunks(rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
