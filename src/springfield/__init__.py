"""Springfield: from a skewed folder of images to an honest classifier."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

PUBLIC = {
    "Catalog": "images.catalog",
    "Classifier": "learning.answering.classifier",
    "Comparison": "verbs.reproduce",
    "Effort": "verbs.sweep",
    "Page": "run",
    "Predictions": "results.predictions",
    "Question": "verbs.needs",
    "Recipe": "recipe",
    "Run": "run",
    "audit": "verbs.audit",
    "doctor": "verbs.doctor",
    "evaluate": "verbs.evaluate",
    "export": "verbs.export",
    "explain": "verbs.explain",
    "load_recipe": "recipe",
    "needs": "verbs.needs",
    "open_run": "run",
    "plan": "verbs.plan",
    "predict": "verbs.predict",
    "rate": "verbs.rate",
    "rebalance": "verbs.rebalance",
    "reproduce": "verbs.reproduce",
    "resume": "verbs.train",
    "split": "verbs.split",
    "submit": "verbs.submit",
    "sweep": "verbs.sweep",
    "toons": "verbs.toons",
    "train": "verbs.train",
}
__all__ = sorted(PUBLIC)


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that ``import springfield`` stays light."""
    if name not in PUBLIC:
        raise AttributeError(f"module 'springfield' has no attribute '{name}'")
    return getattr(import_module(f"springfield.{PUBLIC[name]}"), name)
