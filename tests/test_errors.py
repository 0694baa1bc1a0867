from __future__ import annotations

import inspect

import pytest

from springfield import errors
from springfield.errors import MissingExtraError, SpringfieldError, did_you_mean


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("trian", "; did you mean 'train'?"),
        ("audits", "; did you mean 'audit'?"),
        ("zzz", "; known: audit, split, train"),
    ],
)
def test_did_you_mean__names_the_nearest_or_all(word: str, hint: str) -> None:
    assert did_you_mean(word, ["train", "split", "audit"]) == hint


def test_missing_extra__says_what_to_install() -> None:
    assert str(MissingExtraError("pyarrow", "parquet")) == (
        "pyarrow is not installed; in Springfield's folder: pip install -e '.[parquet]'"
    )


def test_family__every_error_is_a_springfield_error() -> None:
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    own = [kind for kind in classes if kind.__module__ == errors.__name__]
    assert len(own) > 1
    assert all(issubclass(kind, SpringfieldError) for kind in own)
