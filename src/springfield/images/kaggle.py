"""Kaggle: data that are named instead of given, and are downloaded once.

``kaggle:NAME`` is a competition and ``kaggle:OWNER/NAME`` a dataset, with ``/versions/N`` one of
its versions. kagglehub fetches them, with the credentials that the machine has, into its own cache.
"""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from springfield.errors import DataError, MissingExtraError

PREFIX = "kaggle:"
NAME = re.compile(r"[\w-]+(/[\w-]+(/versions/\d+)?)?", re.ASCII)
TOKEN = "make a token at https://www.kaggle.com/settings/api and keep it in ~/.kaggle/access_token"
REFUSED, FORBIDDEN, UNKNOWN = 401, 403, 404


def is_named(data: Path) -> bool:
    """Whether data are named by their place at Kaggle."""
    return data.as_posix().startswith(PREFIX)


def place_of(data: Path) -> str:
    """Where data are, as a run remembers it: their name at Kaggle, or the whole path."""
    return data.as_posix() if is_named(data) else str(data.resolve())


def fetch(data: Path) -> Path:
    """Return the folder of data that are named, downloaded if need be; other data as they are.

    Raises:
        DataError: the machine has no credentials, or Kaggle refuses, has no such data or cannot be
            reached.
        MissingExtraError: kagglehub is not installed.
    """
    if not is_named(data):
        return data
    name = data.as_posix().removeprefix(PREFIX)
    if not NAME.fullmatch(name):
        raise DataError(
            f"{data.as_posix()} names nothing at Kaggle; a competition is {PREFIX}NAME, "
            f"a dataset {PREFIX}OWNER/NAME"
        )
    with redirect_stdout(sys.stderr):  # kagglehub tells of its progress
        try:
            kagglehub = import_module("kagglehub")
        except ImportError:
            raise MissingExtraError("kagglehub", "kaggle") from None
        download = kagglehub.dataset_download if "/" in name else kagglehub.competition_download
        try:
            return Path(download(name))
        except Exception as problem:  # a dozen kinds, of three packages
            said = _said(problem, name)
            if not said:
                raise
            raise DataError(said) from problem


def _said(problem: Exception, name: str) -> str:
    """One line for what kept the data away; "" when the system did, which speaks for itself."""
    kagglehub, requests = import_module("kagglehub.exceptions"), import_module("requests")
    if isinstance(problem, kagglehub.UnauthenticatedError):
        return f"Kaggle hands out {name} to its users only: {TOKEN}"
    if isinstance(problem, requests.HTTPError):
        return _refusal(problem.response, name)
    if isinstance(problem, requests.RequestException):
        line = f"cannot reach Kaggle for {name}: check the network and try again; what has come"
        if name.count("/") == 1:
            return f"{line} stays, and a version that is whole needs no network: {name}/versions/N"
        return f"{line} stays"
    if isinstance(problem, OSError):
        return ""
    return (
        f"cannot get {name} from Kaggle: {str(problem).split(chr(10))[0] or type(problem).__name__}"
    )


def _refusal(response: Any, name: str) -> str:
    """What an answer of 400 and above means."""
    code = 0 if response is None else response.status_code
    kind = "datasets" if "/" in name else "competitions"
    page = f"https://www.kaggle.com/{kind}/{name}"
    if code == REFUSED:
        return f"Kaggle does not accept this machine's credentials for {name}: {TOKEN}"
    if code == FORBIDDEN and "/" in name:
        return f"Kaggle does not hand out {name} to you; see whether {page} opens for you"
    if code == FORBIDDEN:
        return f"Kaggle does not hand out {name} yet: accept its rules at {page}/rules"
    if code == UNKNOWN:
        return f"Kaggle has none of its {kind} at {page}; write the name as its page's address does"
    return f"Kaggle cannot hand out {name} now (it answers {code}); try again later"
