from __future__ import annotations

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import OutputError, RunError, SpringfieldError
from springfield.learning.answering.classifier import Classifier, read_description
from springfield.run import Run
from springfield.verbs.evaluate import evaluate
from springfield.verbs.export import export


@pytest.fixture
def run(colour_network_run: Run, tmp_path: Path) -> Run:
    """A run that a test may spoil."""
    return Run(Path(shutil.copytree(colour_network_run.folder, tmp_path / "run")))


def _spoil(run: Run, name: str) -> None:
    """Make the weights, and not the classifier, blind to a class."""
    file = run.classifier_folder / "weights.npz"
    with np.load(file) as kept:
        weights = {key: kept[key] for key in sorted(kept.files)}
    last = max(weights)  # the biases of the last layer
    weights[last][Classifier.load(run.classifier_folder).classes.index(name)] -= 1000
    np.savez(file, allow_pickle=False, **weights)


def _content(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_export__leaves_the_model_and_how_it_compares(run: Run) -> None:
    before = _content(run.folder)
    answer = export(run.folder, "litert", progress=False)
    folder = run.folder / "exports" / "litert"
    assert answer["path"] == str(folder)
    assert {file.name for file in folder.iterdir()} == {
        "model.tflite",
        "classifier.json",
        "parity.csv",
        "parity.json",
        "README.md",
    }
    assert (answer["agreement"], answer["lost"], answer["accuracy"]) == (1.0, [], 1.0)
    assert answer["max_difference"] < 1e-4
    assert answer["bytes"] == (folder / "model.tflite").stat().st_size
    assert json.loads((folder / "parity.json").read_text()) == {**answer, "objections": []}
    after = _content(run.folder)
    assert {name: after[name] for name in before} == before
    described = read_description((folder / "classifier.json").read_text())
    assert described == Classifier.load(run.classifier_folder).description


def test_export__the_original_is_what_evaluate_scored(run: Run, tmp_path: Path) -> None:
    answer = export(str(run.folder), "onnx", str(tmp_path / "here"), progress=False)
    scores = evaluate(run.folder, progress=False)
    assert answer["n"] == scores["n"]
    assert answer["original_accuracy"] == scores["accuracy"]
    for name, of in answer["classes"].items():
        assert (of["original_f1"], of["low"]) == (
            scores["classes"][name]["f1"],
            scores["classes"][name]["low"],
        )
    assert list((tmp_path / "here").glob("model.onnx"))


def test_export__one_that_loses_a_class_is_refused(run: Run, tmp_path: Path) -> None:
    _spoil(run, "clown")
    out = tmp_path / "new" / "out"
    with pytest.raises(
        SpringfieldError, match=r"savedmodel export loses clown \(F1 0\.000"
    ) as refusal:
        export(run.folder, "savedmodel", out, progress=False)
    table = run.folder / "exports" / "refused" / "savedmodel.csv"
    assert str(table) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "clown,2," in table.read_text()
    assert list(out.parent.iterdir()) == []

    answer = export(run.folder, "savedmodel", out, force=True, progress=False)
    assert answer["lost"] == ["clown"]
    assert (out / "model" / "saved_model.pb").exists()
    assert "Kept with --force: loses clown" in (out / "README.md").read_text()
    assert json.loads((out / "parity.json").read_text())["objections"]


def test_export__an_export_is_never_overwritten(run: Run) -> None:
    out = run.folder / "exports" / "onnx"
    out.mkdir(parents=True)
    with pytest.raises(OutputError, match=r"exports/onnx is already there"):
        export(run.folder, "onnx", progress=False)
    assert list(out.iterdir()) == []
    (out / "classifier.json").write_text("{}")
    description = json.loads((run.classifier_folder / "classifier.json").read_text())
    description["network"] = sha256((run.classifier_folder / "model.tflite").read_bytes())
    description["network"] = description["network"].hexdigest()
    (run.classifier_folder / "classifier.json").write_text(json.dumps(description))
    with pytest.raises(OutputError, match="of another training; remove it"):
        export(run.folder, "onnx", progress=False)


def test_export__what_is_wrong_with_a_run_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(SpringfieldError, match="did you mean 'savedmodel'"):
        export(run.folder, "saved_model", progress=False)
    with pytest.raises(RunError, match="holds no run"):
        export(tmp_path, "onnx", progress=False)
    (run.classifier_folder / "weights.npz").unlink()
    with pytest.raises(RunError, match=r"weights\.npz is missing"):
        export(run.folder, "onnx", progress=False)
    (run.classifier_folder / "model.tflite").unlink()
    with pytest.raises(RunError, match="springfield resume"):
        export(run.folder, "onnx", progress=False)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="other systems have other rules")
def test_export__a_place_that_takes_no_folder_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot write .*file/out: .*/file takes no files"):
        export(run.folder, "onnx", tmp_path / "file" / "out", progress=False)
    odd = tmp_path / os.fsdecode(b"r\xe9sum\xe9")
    with pytest.raises(OutputError, match="is not UTF-8; choose another --out"):
        export(run.folder, "savedmodel", odd, progress=False)
    assert not odd.exists()
