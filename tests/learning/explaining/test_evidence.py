"""What speaks for a class, place by place."""

from __future__ import annotations

import numpy as np

from springfield.learning.explaining.evidence import evidence_between, evidence_for


def test_evidence_for__what_all_classes_share_is_none() -> None:
    activation = np.random.default_rng(0).normal(0, 1, (3, 3, 5)).astype(np.float32)
    shared = activation + np.arange(9, dtype=np.float32).reshape(3, 3, 1)
    for number in range(5):
        np.testing.assert_allclose(
            evidence_for(activation, number), evidence_for(shared, number), atol=1e-5
        )
    difference = evidence_for(activation, 1) - evidence_for(activation, 4)
    np.testing.assert_allclose(evidence_between(activation, 1, 4), difference, atol=1e-6)
