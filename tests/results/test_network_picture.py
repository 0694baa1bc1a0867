from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from springfield.results.network_picture import network_picture, stages_of
from springfield.results.page.words import Words
from springfield.results.plots.english import ENGLISH
from springfield.results.plots.svg import stand_alone

SAY = Words(ENGLISH)


def drawn(layers: list[dict[str, Any]]) -> str:
    return stand_alone(network_picture(layers, SAY))


def layer(kind: str, shape: list[int | None], parameters: int = 0) -> dict[str, Any]:
    return {"name": kind.lower(), "kind": kind, "shape": shape, "parameters": parameters}


def layers() -> list[dict[str, Any]]:
    return [
        layer("InputLayer", [None, 96, 96, 3]),
        layer("Conv2D", [None, 96, 96, 16], 432),
        layer("BatchNormalization", [None, 96, 96, 16], 64),
        layer("ReLU", [None, 96, 96, 16]),
        layer("Conv2D", [None, 96, 96, 16], 2304),
        layer("BatchNormalization", [None, 96, 96, 16], 64),
        layer("ReLU", [None, 96, 96, 16]),
        layer("MaxPooling2D", [None, 48, 48, 16]),
        layer("GlobalAveragePooling2D", [None, 16]),
        layer("Dense", [None, 42], 714),
    ]


def test_stages_of__one_per_resolution() -> None:
    stages = stages_of(layers())
    assert [stage.shape for stage in stages] == [
        (96, 96, 3),
        (96, 96, 16),
        (48, 48, 16),
        (16,),
        (42,),
    ]
    assert stages[1].lines(SAY) == ["2 × conv, norm, relu"]
    assert stages[1].weights == 432 + 64 + 2304 + 64


def test_stages_of__without_a_batch_axis() -> None:
    bare = [{**each, "shape": each["shape"][1:]} for each in layers()]
    assert [s.shape for s in stages_of(bare)] == [s.shape for s in stages_of(layers())]


def test_network_picture__shows_shapes_and_weights() -> None:
    picture = drawn(layers())
    root = ElementTree.fromstring(picture)
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "96 × 96 × 16" in words
    assert "2,864 weights" in words
    assert "var(" not in picture


def test_network_picture__unknown_layers_and_none_at_all() -> None:
    assert "Strange&lt;Layer&gt;" in drawn([layer("Strange<Layer>", [None, 8, 8, 4])])
    ElementTree.fromstring(drawn([]))
