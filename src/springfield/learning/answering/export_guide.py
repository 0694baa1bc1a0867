"""What goes with an export: the meaning of its input and outputs, and code that runs it."""

from __future__ import annotations

import json
from typing import Any

from springfield.images.decode import PAD
from springfield.learning.answering.classifier import Description

SQUARES = {
    "letterbox": "scale the longer side to {S} pixels and centre it on a square of grey ({pad})",
    "crop": "cut out the square in the middle and scale it to {S} x {S} pixels",
    "stretch": "scale to {S} x {S} pixels, whatever that does to the shape",
}
SCALED = "by averaging areas where it shrinks to half or less, otherwise bilinear"
# What `decode.to_square` does, in other words.
SQUARING = {
    "letterbox": """\
across, down = (max(1, round(side * {S} / max(image.size))) for side in image.size)
square = Image.new("RGB", ({S}, {S}), ({pad}, {pad}, {pad}))
kernel = BOX if min(image.width / across, image.height / down) >= 2 else BILINEAR
square.paste(image.resize((across, down), kernel), (({S} - across) // 2, ({S} - down) // 2))""",
    "crop": """\
side = min(image.size)
left, top = (image.width - side) // 2, (image.height - side) // 2
kernel = BOX if side >= {S} * 2 else BILINEAR
square = image.resize(({S}, {S}), kernel, (left, top, left + side, top + side))""",
    "stretch": """\
kernel = BOX if min(image.size) >= {S} * 2 else BILINEAR
square = image.resize(({S}, {S}), kernel)""",
}
RUNTIMES = {
    "savedmodel": "TensorFlow",
    "onnx": "ONNX Runtime",
    "litert": "LiteRT",
    "litert-int8": "LiteRT",
}
IMPORTS = {
    "TensorFlow": "import tensorflow as tf",
    "ONNX Runtime": "import onnxruntime",
    "LiteRT": "from ai_edge_litert.interpreter import Interpreter",
}
ASKING = {
    "TensorFlow": """\
model = tf.saved_model.load("model")
answers = model.signatures["serving_default"](images=tf.constant(images))
probabilities = answers["probabilities"][0].numpy()""",
    "ONNX Runtime": """\
session = onnxruntime.InferenceSession("model.onnx")
probabilities = session.run(["probabilities"], {"images": images})[0][0]""",
    "LiteRT": """\
runner = Interpreter("model.tflite").get_signature_runner()
probabilities = runner(images=images)["probabilities"][0]""",
}
INSIDE = {
    "TensorFlow": "in `model/assets.extra`",
    "ONNX Runtime": "among the model's metadata properties",
    "LiteRT": "in a ZIP archive at the end of `model.tflite` (any unzip opens it)",
}


def usage(description: Description) -> dict[str, Any]:
    """Say what the input and the outputs of an export are, ready for JSON."""
    words = {"S": description.size, "pad": PAD}
    return {
        "images": {
            "type": f"uint8 [batch, {description.size}, {description.size}, 3]",
            "meaning": "red, green, blue from 0 to 255; scaling is inside the model",
            "square": f"turn as EXIF says, transparent parts on white, then "
            f"{SQUARES[description.fit].format(**words)}, {SCALED}",
        },
        "probabilities": {
            "type": f"float32 [batch, {len(description.classes)}]",
            "meaning": "of the classes, in the order of classifier.json; calibrated",
        },
        "features": {
            "type": "float32 [batch, features]",
            "meaning": "what the network makes of an image: alike images have alike features",
        },
        "activation": {
            "type": f"float32 [batch, height, width, {len(description.classes)}]",
            "meaning": "how much each place speaks for each class; only of networks that end in "
            "mean pooling",
        },
    }


def attachments(description: Description) -> dict[str, str]:
    """The texts that go inside an export, by name."""
    return {
        "classifier.json": description.to_json(),
        "usage.json": json.dumps(usage(description), indent=1) + "\n",
    }


def example(name: str, description: Description) -> str:
    """Python that names what photo.jpg shows, to run in the folder of the export.

    name: of the format.
    """
    size, words = description.size, {"S": description.size, "pad": PAD}
    runtime = RUNTIMES[name]
    return f"""\
import json
import numpy as np
from PIL import Image, ImageOps
{IMPORTS[runtime]}

BOX, BILINEAR = Image.Resampling.BOX, Image.Resampling.BILINEAR
image = ImageOps.exif_transpose(Image.open("photo.jpg")).convert("RGBA")
white = Image.new("RGBA", image.size, "white")
image = Image.alpha_composite(white, image).convert("RGB")
{SQUARING[description.fit].format(**words)}
images = np.array(square)[None]  # uint8 [1, {size}, {size}, 3]
{ASKING[runtime]}
with open("classifier.json", encoding="utf-8") as file:
    classes = json.load(file)["classes"]
print(classes[probabilities.argmax()], probabilities.max())
"""


def guide(name: str, description: Description, warning: str = "") -> str:
    """README.md of an export.

    name: of the format; warning: what it lost, when it was kept all the same.
    """
    caution = f"**Kept with --force: {warning}.**\n\n" if warning else ""
    table = "\n".join(
        f"| `{key}` | {value['type']} | {value['meaning']} |"
        for key, value in usage(description).items()
    )
    square = usage(description)["images"]["square"]
    steps = "\nProbabilities come in steps of 1/256.\n" if name == "litert-int8" else ""
    return f"""\
# A classifier of {len(description.classes)} classes, for {RUNTIMES[name]}

{caution}`parity.csv` compares it, class by class, with the classifier it was made from.

```python
{example(name, description)}```

| name | type | meaning |
|---|---|---|
{table}

To make an image square: {square}. Scale grey images of more than 8 bits first:
Pillow's `convert` would clip them.
{steps}
The same texts lie {INSIDE[RUNTIMES[name]]}.
"""
