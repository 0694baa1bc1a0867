"""Materials: what a run learns from, and what its classifier is told of its making."""

from __future__ import annotations

import numpy as np

from springfield import __version__
from springfield.learning.answering.classifier import Description
from springfield.learning.answering.priors import learned_prior
from springfield.learning.examples.batches import Examples, examples_of
from springfield.learning.examples.offline import add_copies
from springfield.run import Run
from springfield.verbs.manifest import kept_images


def examples_to_learn(run: Run, *, progress: bool) -> tuple[Examples, Examples]:
    """The rows to learn from and those to watch by."""
    kept, images = kept_images(run, progress=progress)
    training, balance = examples_of(kept, images, "train"), run.recipe.balance
    if balance.copies == "offline":
        seed = run.recipe.training.seed
        training = add_copies(training, balance.threshold, seed=seed, progress=progress)
    return training, examples_of(kept, images, "val")


def description_of(run: Run) -> Description:
    """What the classifier is told of its making."""
    facts = run.facts
    counts, natural = (
        np.array(list(facts[name].values())) for name in ("train_counts", "natural_counts")
    )
    return Description(
        classes=tuple(facts["train_counts"]),
        size=facts["size"],
        fit=run.recipe.images.fit,
        prior=tuple(_assumed(run, counts).tolist()),
        digest=facts["digest"],
        version=__version__,
        shares=tuple((natural / natural.sum()).tolist()),
    )


def _assumed(run: Run, counts: np.ndarray) -> np.ndarray:
    """The prior that a run's network assumes; of several the mean, as that of their logits."""
    kept_from = [
        each.facts["kept_from"]
        for each in (run.members or [run])
        if each.is_begun and "kept_from" in each.facts
    ]
    priors = [learned_prior(counts, run.recipe.balance, done) for done in kept_from or [1.0]]
    mean = np.exp(np.log(priors).mean(axis=0))
    return np.asarray(mean / mean.sum())
