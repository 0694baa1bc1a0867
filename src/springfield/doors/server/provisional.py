"""Provisional classes: kept in the run's folder, so that a restart knows them.

Only features are kept, which no picture can be made from, in provisional.npz.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO
from zipfile import BadZipFile

import numpy as np

from springfield.doors.server.limits import RefusalError
from springfield.errors import OutputError, RunError, did_you_mean
from springfield.files import lock, reason_of, write_atomically
from springfield.learning.answering.classifier import Description
from springfield.learning.explaining.neighbours import Neighbours
from springfield.learning.explaining.prototypes import Contest, Prototypes
from springfield.run import Run

FILE = "provisional.npz"
MOST = 100  # classes
NAME_LENGTH = 100
Features = dict[str, np.ndarray]  # name: float32 [k, F]


class Provisional:
    """Classes beside those a run was trained on, each known from a few images."""

    def __init__(
        self,
        kept: _Kept,
        trained: tuple[str, ...],
        contest: Contest | None,
    ) -> None:
        """`contest` is None for a run without the training images to compare with."""
        self.contest = contest
        self._kept = kept
        self._trained = trained
        self._lock = asyncio.Lock()
        self._set(kept.read() if contest else {})

    def _set(self, features: Features) -> None:
        self.features = features
        self.prototypes: Prototypes | None = None
        if self.contest and features:
            self.prototypes = self.contest.add(features)

    def check(self, name: str) -> str:
        """The name as it will be kept. Raises `RefusalError` when no class can be added so."""
        name = name.strip()
        if self.contest is None:
            raise RefusalError(
                409,
                "this run keeps no training images to compare with; write them with: "
                "springfield resume RUN",
            )
        if not name or len(name) > NAME_LENGTH or not name.isprintable():
            raise RefusalError(
                422, f"give the class a 'name' of 1 to {NAME_LENGTH} printable characters"
            )
        if name in (".", ".."):  # no address can name it, to remove it
            raise RefusalError(422, f"a class cannot be named '{name}'; give it another name")
        if name in self._trained or name in self.features:
            kind = "trained" if name in self._trained else "provisional"
            raise RefusalError(
                409, f"there is a {kind} class '{name}' already; choose another name"
            )
        if len(self.features) >= MOST:
            raise RefusalError(409, f"there are {MOST} provisional classes already; remove one")
        return name

    async def add(self, name: str, features: np.ndarray) -> None:
        """Add a class known by the features of its images, float32 [k, F].

        Raises:
            RefusalError: as `check`.
            OutputError: the run's folder cannot be written.
            RunError: the file in it has been damaged meanwhile.
        """
        async with self._alone():
            await self._keep({**self.features, self.check(name): features})

    async def remove(self, name: str) -> None:
        """Forget a class.

        Raises:
            RefusalError: it is a trained one, or there is none of that name.
            OutputError: the run's folder cannot be written.
            RunError: the file in it has been damaged meanwhile.
        """
        async with self._alone():
            if name in self._trained:
                raise RefusalError(409, f"'{name}' was trained; only provisional classes go")
            if name not in self.features:
                hint = did_you_mean(name, self.features) if self.features else ""
                raise RefusalError(404, f"there is no provisional class '{name[:80]}'{hint}")
            await self._keep({key: kept for key, kept in self.features.items() if key != name})

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Nobody writes meanwhile; what another server of the run wrote before is known."""
        async with self._lock:
            with self._kept.lock_file() as file:
                await asyncio.to_thread(lock, file, wait=True)
                self._set(await asyncio.to_thread(self._kept.read) if self.contest else {})
                yield

    async def _keep(self, features: Features) -> None:
        await asyncio.to_thread(self._kept.write, features)
        self._set(features)


def read_provisional(
    run: Run, description: Description, neighbours: Neighbours | None
) -> Provisional:
    """The provisional classes of a run, and the place for new ones.

    Raises:
        RunError: their file is damaged, or of another training.
    """
    contest = None
    if neighbours is not None and len(description.classes) > 1:
        contest = Contest.of(neighbours.features, neighbours.labels)
    return Provisional(_Kept(run, description.lineage), description.classes, contest)


class _Kept:
    """The file in a run's folder."""

    def __init__(self, run: Run, network: str) -> None:
        self._file = run.folder / FILE
        self._network = network  # that is loaded, whatever lies in the run's folder meanwhile

    def lock_file(self) -> IO[str]:
        """What a server locks while it writes; closing it lets go. Raises `OutputError`."""
        try:
            return self._file.with_name(f".{self._file.stem}.lock").open("w")
        except OSError as problem:
            raise OutputError(f"cannot write {self._file}: {reason_of(problem)}") from problem

    def read(self) -> Features:
        """What it holds. Raises `RunError` when it is damaged, or of another network."""
        file = self._file
        if not file.exists():
            return {}
        try:
            with file.open("rb") as handle, np.load(handle, allow_pickle=False) as found:
                if str(found["network"]) != self._network:
                    raise RunError(
                        f"{file} belongs to another training of this run; remove the file"
                    )
                places = np.cumsum(found["counts"])[:-1]
                parts = np.split(found["features"], places)
                return dict(zip(found["names"].tolist(), parts, strict=True))
        except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as problem:
            raise RunError(f"cannot read {file}: {problem}; remove the file") from problem

    def write(self, features: Features) -> None:
        """Replace what it holds. Raises `OutputError`."""
        if not features:
            self._remove()
            return
        buffer = io.BytesIO()
        np.savez(
            buffer,
            network=self._network,
            names=np.array(list(features), np.str_),
            counts=np.array([len(each) for each in features.values()], np.int64),
            features=np.concatenate(list(features.values())),
        )
        write_atomically(self._file, buffer.getvalue())

    def _remove(self) -> None:
        try:
            self._file.unlink(missing_ok=True)
        except OSError as problem:
            raise OutputError(f"cannot remove {self._file}: {reason_of(problem)}") from problem
