"""What is read of the machine that the tests run on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from springfield.learning.machine.environment import probe as probing
from springfield.learning.machine.environment.facts import Said


def test_ask__keeps_what_was_written_until_the_time_limit() -> None:
    code = "import sys, time; print('begun', flush=True); print('!', file=sys.stderr, flush=True)"
    said = probing._ask(sys.executable, "-c", f"{code}; time.sleep(600)", seconds=3)
    assert (said.late, said.out.strip(), said.err.strip()) == (True, "begun", "!")


def test_ask__a_crash_is_told_by_its_signal() -> None:
    said = probing._ask(sys.executable, "-c", "import os; os.abort()")
    assert (said.code, said.late) == (-6, False)


def test_ask__a_program_that_is_not_there_says_nothing() -> None:
    assert probing._ask("no-such-program", "--version") == Said()


def test_probe__reads_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "torch"}))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(tmp_path / "not" / "yet"))
    monkeypatch.setattr(probing, "_ask_tensorflow", Said)  # asked by the doctor's own test
    facts = probing.probe()
    assert facts.python == ".".join(map(str, sys.version_info[:3]))
    assert facts.executable == sys.executable
    assert {"keras", "opencv-python-headless"} <= set(facts.packages)
    assert any(line.startswith("keras>=") for line in facts.requires)
    assert facts.environment["KERAS_BACKEND"] == "jax"
    assert json.loads(facts.files["keras.json"]) == {"backend": "torch"}
    assert facts.files.get("/proc/cpuinfo", "").count("processor\t") <= 1
    assert facts.free["cache"] > 0
    assert not (tmp_path / "not").exists()


def test_ask_tensorflow__a_file_of_that_name_beside_is_not_taken_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(probing, "PATIENT", 3)  # long enough to import it, if not to end
    assert "the wrong one" not in probing._ask_tensorflow().err


@pytest.mark.parametrize("place", ["KAGGLE_API_TOKEN", "access_token", "kaggle.json", ""])
def test_token__is_looked_for_where_kagglehub_does(
    place: str, *, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("KAGGLE_API_TOKEN", "KAGGLE_KEY", "KAGGLE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".kaggle").mkdir()
    if place.isupper():
        monkeypatch.setenv(place, "secret")
    elif place:
        (tmp_path / ".kaggle" / place).write_text("secret")
    assert probing._token() == bool(place)
