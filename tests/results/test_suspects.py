from __future__ import annotations

from pathlib import Path

from springfield.images.exclude import read_exclusion
from springfield.results.suspects import Suspect, read_suspects, suspects_csv

ODD = Suspect("owl/a, b.png", "owl", "hen", 0.98765, (0.001, 0.9, 0.8, 0, 7, 10))


def test_suspects_csv__can_be_read_and_given_to_exclude(tmp_path: Path) -> None:
    file = tmp_path / "suspicious.csv"
    file.write_text(suspects_csv([ODD]), encoding="utf-8")
    head, row = file.read_text(encoding="utf-8").splitlines()
    assert head.startswith("path,label,looks_like,evidence,label_probability,")
    assert row == '"owl/a, b.png",owl,hen,0.9877,0.0010,0.9000,0.8000,0,7,10'
    assert read_suspects(file) == [("owl/a, b.png", "owl", "hen")]
    assert read_exclusion(file).paths == ("owl/a, b.png",)


def test_read_suspects__what_is_missing_or_another_table(tmp_path: Path) -> None:
    assert read_suspects(tmp_path / "nowhere.csv") is None
    (tmp_path / "other.csv").write_text("path,label\na,b\n")
    assert read_suspects(tmp_path / "other.csv") is None
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe")
    assert read_suspects(tmp_path / "bytes.csv") is None
