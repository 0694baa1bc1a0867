"""Schemas: what a torchvision that was built for CUDA asks of a torch that was not.

On import it adds shapes to two of its own operators, which its compiled part would have declared;
that part cannot be loaded here. Import this before torchvision. No peer uses either operator.
"""

from __future__ import annotations

import torch

_LIBRARY = torch.library.Library("torchvision", "DEF")
for _name in ("nms", "qnms"):
    _LIBRARY.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
