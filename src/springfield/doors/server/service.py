"""Service: what all requests to one server share."""

from __future__ import annotations

from pathlib import Path

from springfield.doors.server.batching import Batcher
from springfield.doors.server.limits import Limits, Room
from springfield.doors.server.metrics import Metrics
from springfield.doors.server.provisional import Provisional, read_provisional
from springfield.doors.server.speaking import Speaker
from springfield.learning.answering.classifier import Classifier
from springfield.learning.explaining.neighbours import Neighbours, read_neighbours
from springfield.run import open_run


class Service:
    """A run's classifier at work; call `close` at the end."""

    def __init__(
        self,
        classifier: Classifier,
        neighbours: Neighbours | None,
        provisional: Provisional,
        *,
        key: str = "",
        limits: Limits | None = None,
    ) -> None:
        self.key = key  # that requests must bring; "": none
        self.local = False  # whether it listens to this machine alone
        self.limits = limits or Limits()
        self.room = Room(self.limits)
        self.metrics = Metrics()
        self.batcher = Batcher(classifier, self.limits, observe=self.metrics.batch.observe)
        self.metrics.watch_queue(lambda: self.batcher.inside)
        self.provisional = provisional
        self.speaker = Speaker(classifier.description, neighbours, provisional)
        self.draining = False  # whether it takes leave: no new work, please

    @property
    def ready(self) -> bool:
        """Whether new work is welcome."""
        return self.batcher.alive and not self.draining

    def close(self) -> None:
        """End its threads."""
        self.batcher.close()


def open_service(folder: Path, *, key: str = "", limits: Limits | None = None) -> Service:
    """Load a run's classifier with all that it answers by.

    Raises:
        RunError: no finished run, or something in it is damaged.
    """
    run = open_run(folder)
    classifier = Classifier.load(run.classifier_folder)
    neighbours = None
    if (run.classifier_folder / "neighbours.npz").exists():
        neighbours = read_neighbours(run.classifier_folder, classifier.description.lineage)
    provisional = read_provisional(run, classifier.description, neighbours)
    return Service(classifier, neighbours, provisional, key=key, limits=limits)
