"""The command line: `springfield COMMAND ...`.

A command asks one verb and returns its answer as a dict: ``--json`` prints that as it is,
otherwise `terminal` says it in a few lines. Progress and mistakes go to standard error.
"""

from __future__ import annotations

import argparse
import errno
import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from springfield import __version__
from springfield.doors import terminal
from springfield.doors.commands import COMMANDS
from springfield.doors.text import printable
from springfield.errors import MissingExtraError, SpringfieldError, did_you_mean
from springfield.recipe import Recipe
from springfield.windows import command_line

DONE, OURS, YOURS, STOPPED = 0, 1, 2, 130
EXTRAS = {
    "tensorflow": "cpu",
    "keras": "cpu",
    "cv2": "cpu",
    "jax": "jax",
    "pyarrow": "parquet",
    "optuna": "sweep",
    "fastapi": "serve",
    "uvicorn": "serve",
    "prometheus_client": "serve",
    "python_multipart": "serve",
}
# What the system says of a name or a folder that the user gave.
REFUSALS = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG),
    *(errno.ELOOP, errno.ENOTDIR, errno.EISDIR),
}
BUG = "this is a bug in Springfield, not a mistake of yours; please report it with the lines above"


class UsageError(SpringfieldError):
    """The command line itself cannot be understood."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return 0 done, 1 a bug of ours, 2 a mistake of the user's, 130 stopped."""
    _open_streams()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # only TensorFlow's errors
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # several networks are no mistake
    if not logging.getLogger("springfield").handlers:
        logging.getLogger("springfield").addHandler(_Warner(logging.WARNING))
    try:
        asked = _understand(list(sys.argv[1:] if words is None else words))
        asked.say = partial(_say, asked)
        answer = COMMANDS[asked.command].run(asked)
        return DONE if answer is None else _say(asked, answer)
    except BrokenPipeError:  # nobody reads the progress any more: the work itself is not done
        return _hush(STOPPED)
    except SpringfieldError as mistake:
        return _complain(str(mistake), YOURS)
    except KeyboardInterrupt:
        return _complain("stopped", STOPPED)
    except Exception as problem:
        return _complain_of(problem)


class _Parser(argparse.ArgumentParser):
    """Raises a one-line `UsageError` instead of printing the usage and leaving."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        try:
            sys.stdout.flush()  # a reader who has left is noticed here, not at shutdown
        except BrokenPipeError:
            _hush(status)
        super().exit(status, message)


class _Warner(logging.Handler):
    """Tells what the parts of Springfield warn of; names in it must not steer the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        print(printable(record.getMessage()), file=sys.stderr)


def _parser() -> _Parser:
    parser = _Parser(
        "springfield",
        description="From a skewed folder of images to an honest classifier.",
        epilog="Every command has --help, and --json for one JSON object on standard output. "
        "Exit codes: 0 done, 2 a mistake of yours, 1 a bug of ours, 130 stopped.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"springfield {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        says = command.says
        door = commands.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}.", allow_abbrev=False
        )
        for argument in command.takes:
            door.add_argument(argument.name, **argument.options)
        door.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _understand(words: list[str]) -> argparse.Namespace:
    """Parse the words typed after `springfield`. Raises `UsageError`."""
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        raise UsageError(f"unknown command '{words[0]}'{did_you_mean(words[0], COMMANDS)}")
    asked, unknown = _parser().parse_known_args(words)
    if asked.command is None:
        raise UsageError("name a command, for example: springfield demo (see springfield --help)")
    if unknown and not _take_late(asked, unknown):
        known = [*(a.name for a in COMMANDS[asked.command].takes if a.name[0] == "-"), "--json"]
        hint = _hint(unknown[0], known) if unknown[0].startswith("-") else ""
        if unknown[0] in known:
            hint = f" before its name; write it after {asked.command}"
        raise UsageError(
            f"{asked.command} does not take '{unknown[0]}'{hint} "
            f"(see springfield {asked.command} --help)"
        )
    asked.line = command_line(["springfield", *words])
    return asked


def _hint(option: str, known: list[str]) -> str:
    """The way to set a key of the recipe that was taken for an option, or the nearest option."""
    word = option.partition("=")[0]
    name = word.lstrip("-").replace("-", "_")
    keys = [f"{part}.{name}" for part, keys in asdict(Recipe()).items() if name in keys]
    if keys and "--set" in known and not any(each.startswith(word) for each in known):
        return f"; write {' or '.join(f'--set {key}=VALUE' for key in keys)}"
    return did_you_mean(option, known)


def _take_late(asked: argparse.Namespace, unknown: list[str]) -> bool:
    """Take a word behind options for the argument that may be left out.

    Until Python 3.12.7 argparse gives that argument up before it has seen the word.
    """
    for argument in COMMANDS[asked.command].takes:
        missing = argument.options.get("nargs") == "?" and getattr(asked, argument.name) is None
        if missing and len(unknown) == 1 and not unknown[0].startswith("-"):
            setattr(asked, argument.name, argument.options["type"](unknown[0]))
            return True
    return False


def _say(asked: argparse.Namespace, answer: dict[str, Any]) -> int:
    try:
        said = json.dumps(answer) if asked.json else terminal.SAYS[asked.command](answer)
        print(said, flush=True)
    except BrokenPipeError:  # `| head` has read enough; nothing is wrong
        _hush(DONE)
    if answer.get("state") == "interrupted":
        return STOPPED
    return DONE if answer.get("healthy", True) else YOURS


def _complain(message: str, code: int) -> int:
    line = printable(" ".join(message.split()))
    print(f"springfield: {line}", file=sys.stderr)
    return code


def _complain_of(problem: Exception) -> int:
    if isinstance(problem, ModuleNotFoundError) and problem.name in EXTRAS:
        return _complain(str(MissingExtraError(problem.name, EXTRAS[problem.name])), YOURS)
    if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return _hush(_complain("the disk is full; free some space and try again", YOURS))
    if isinstance(problem, OSError) and problem.errno in REFUSALS and problem.filename:
        return _complain(f"cannot use {problem.filename}: {problem.strerror}", YOURS)
    traceback.print_exception(problem)
    return _complain(BUG, OURS)


def _hush(code: int) -> int:
    """Send what is still unprinted nowhere, or the interpreter complains once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _open_streams() -> None:
    """Make both streams take whatever comes.

    File names may hold what the terminal cannot show: it is escaped. A closed stream, as daemons
    have it, is Python's None: progress then goes nowhere.
    """
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
