"""Metrics: what an operator watches, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from springfield.learning.answering.classifier import BATCH

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 45)


class Metrics:
    """Counts of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "springfield_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "springfield_request_seconds",
            "From the head of a request to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.images = Counter(
            "springfield_images", "Images asked about.", ("outcome",), registry=self.registry
        )
        self.batch = Histogram(
            "springfield_batch_images",
            "Images answered at once.",
            buckets=range(1, BATCH + 1),
            registry=self.registry,
        )

    def watch_queue(self, inside: Callable[[], float]) -> None:
        """Show a number that `inside` gives when asked."""
        gauge = Gauge("springfield_waiting_images", "Images in work.", registry=self.registry)
        gauge.set_function(inside)

    def text(self) -> bytes:
        """All of it, in Prometheus's format."""
        return generate_latest(self.registry)
