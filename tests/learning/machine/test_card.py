"""What Keras computes on."""

from __future__ import annotations

import pytest

from springfield.learning.machine import card


@pytest.mark.parametrize(
    ("kind", "avx2", "avx512", "alone"),
    [("cpu", True, False, True), ("cpu", True, True, False), ("cpu", False, False, False),
     ("gpu", True, False, False)],
)  # fmt: skip
def test_is_avx2_alone__without_a_card(
    kind: str, avx2: bool, avx512: bool, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {card.AVX2: avx2, card.AVX512: avx512}
    monkeypatch.setattr(card, "device", lambda: kind)
    monkeypatch.setattr(card.cv2, "checkHardwareSupport", known.__getitem__)
    assert card.is_avx2_alone.__wrapped__() == alone
