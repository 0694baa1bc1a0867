"""What training goes on from."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.errors import OutputError
from springfield.learning.training import checkpoint
from springfield.learning.training.checkpoint import Progress


def _model() -> keras.Model:
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.Dense(2)]
    )
    model.compile(keras.optimizers.AdamW(0.01), "mse", jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model


def _train(model: keras.Model, steps: int) -> None:
    random = np.random.default_rng(0)
    for _ in range(steps):
        x = random.random((8, 4)).astype(np.float32)
        model.train_on_batch(x, x[:, :2])


def test_restore__goes_on_as_if_never_stopped(tmp_path: Path) -> None:
    one, two = _model(), _model()
    _train(one, 3)
    checkpoint.save(tmp_path, one, one.get_weights(), Progress(epoch=1, step=2, best=0.5))
    best, progress = checkpoint.restore(tmp_path, two)
    assert (progress.epoch, progress.step, progress.best) == (1, 2, 0.5)
    for a, b in zip(best, one.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    _train(one, 4)
    _train(two, 4)
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_restore__without_a_checkpoint_starts_afresh(tmp_path: Path) -> None:
    assert checkpoint.restore(tmp_path, _model()) == ([], Progress())


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_restore__a_damaged_file_gives_way_to_the_one_before(tmp_path: Path, damage: str) -> None:
    model = _model()
    checkpoint.save(tmp_path, model, [], Progress(epoch=1))
    checkpoint.save(tmp_path, model, [], Progress(epoch=2))
    newest = sorted(tmp_path.glob("*.npz"))[-1]
    body = bytearray(newest.read_bytes())
    body[len(body) // 2] ^= 1
    newest.write_bytes(bytes(body[: len(body) // 2]) if damage == "cut" else bytes(body))
    assert checkpoint.restore(tmp_path, model)[1].epoch == 1


def test_save__keeps_the_newest_two(tmp_path: Path) -> None:
    model = _model()
    for epoch in range(5):
        checkpoint.save(tmp_path, model, [], Progress(epoch=epoch))
    assert [f.name for f in sorted(tmp_path.iterdir())] == [
        "000003-000000.npz",
        "000004-000000.npz",
    ]


def test_save__removes_what_a_killed_process_left_half_written(tmp_path: Path) -> None:
    (tmp_path / ".000001-000000.npz.0123abcd").write_bytes(b"half")
    checkpoint.save(tmp_path, _model(), [], Progress(epoch=2))
    assert [file.name for file in tmp_path.iterdir()] == ["000002-000000.npz"]


def test_save__where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        checkpoint.save(blocked / "checkpoint", _model(), [], Progress())


def test_progress__speed_is_of_this_epoch_alone() -> None:
    progress = Progress(seconds=30.0, seen=100, loss_sum=50.0, history=[{"seconds": 20.0}])
    assert progress.images_per_second() == 10
    assert progress.mean_loss() == 0.5
    progress.next_epoch()
    assert (progress.epoch, progress.seen, progress.loss_sum) == (1, 0, 0)


def test_save__an_old_one_that_another_program_has_open_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    for epoch in range(3):
        checkpoint.save(tmp_path, _model(), [], Progress(epoch=epoch))
    assert len(list(tmp_path.iterdir())) == 3
