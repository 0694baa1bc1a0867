"""The order of imports, the light doors and the sizes that keep the house easy to read."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import springfield

ROOT = Path(springfield.__file__).parent
TESTS = Path(__file__).parent
LEARNING = (
    *("machine", "statistics", "examples", "model"),
    *("answering", "explaining", "training", "planning"),
)
GROUPS = (
    *("errors", "windows", "files", "recipe_limits", "recipe", "run"),
    *("images", *(f"learning.{part}" for part in LEARNING), "results", "verbs", "doors"),
)
HEAVY = ("tensorflow", "keras", "sklearn", "scipy", "matplotlib", "pandas", "cv2", "ai_edge_litert")
LIGHT = (
    "import springfield",
    "import springfield.verbs.audit",
    "import springfield.verbs.split",
    "import springfield.verbs.submit",
    "import springfield.verbs.toons",
    "import springfield.verbs.predict",
    "import springfield.verbs.explain",
    "import springfield.verbs.doctor",
    "import springfield.verbs.evaluate",
    "import springfield.doors.server.process",
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
FILE_LINES, FUNCTION_LINES, PARAMETERS = 300, 40, 6


def group_of(module: str) -> str:
    """The group of a dotted module: its folder, and that of the folder within `learning`."""
    return ".".join(module.split(".")[: 2 if module.startswith("learning.") else 1])


def imported(tree: ast.Module, inside: str) -> Iterator[str]:
    """Groups of the package that the module `inside` (dotted, without "springfield.") imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ["springfield", *inside.split(".")][: -node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "springfield" and rest:
                yield group_of(springfield.PUBLIC.get(rest.split(".")[0], rest))


def breaches(sources: dict[str, str]) -> list[str]:
    """Imports against the order, in modules given as dotted name -> source."""
    return [
        f"{module} imports {group}"
        for module, source in sources.items()
        for group in imported(ast.parse(source), module)
        if group in GROUPS and GROUPS.index(group) > GROUPS.index(group_of(module))
    ]


def modules() -> dict[str, str]:
    """Every module of the groups, as dotted name -> source."""
    files = [file for file in ROOT.rglob("*.py") if not file.stem.startswith("__")]
    names = {file: ".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files}
    return {name: file.read_text(encoding="utf-8") for file, name in names.items()}


def test_imports__follow_the_order() -> None:
    assert breaches(modules()) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("images.scan", "from springfield.verbs.train import train"),
        ("images.scan", "from springfield.learning.examples import balance"),
        ("learning.training.fitting", "import springfield.results.metrics"),
        ("learning.model.networks", "from springfield.learning import planning"),
        ("learning.answering.freeze", "from springfield.learning.training.fitting import Plan"),
        ("run", "from springfield import images"),
        ("recipe", "def f():\n    from springfield import Run"),
        ("images.scan", "from ..doors import cli"),
        ("images.toons.draw", "from springfield import train"),
    ],
)
def test_imports__a_breach_is_found(module: str, source: str) -> None:
    assert len(breaches({module: source})) == 1


def test_imports__every_module_is_in_a_group() -> None:
    assert {group_of(module) for module in modules()} <= set(GROUPS)


def test_modules__have_names_that_say_what_they_hold() -> None:
    assert [name for name in modules() if VAGUE & set(name.split("."))] == []


def heavy_after(code: str) -> list[str]:
    """Heavy packages that a fresh process has imported after running `code`."""
    report = f"import json, sys; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("code", LIGHT)
def test_light__imports_nothing_heavy(code: str) -> None:
    assert heavy_after(code) == []


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"], ["--version"]])
def test_light__help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "from springfield.doors.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as end:\n    assert not end.code"
    )
    assert heavy_after(code) == []


def test_light__a_heavy_import_is_found() -> None:
    assert heavy_after("import springfield, cv2") == ["cv2"]


def test_public__every_name_can_be_imported() -> None:
    assert [name for name in springfield.__all__ if getattr(springfield, name, None) is None] == []


def too_large(source: str) -> list[str]:
    """What is too long (docstrings aside), or takes too many parameters, in one file."""
    found = [f"{n} lines"] if (n := len(source.splitlines())) > FILE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        lines -= len((ast.get_docstring(node, clean=False) or "").splitlines())
        takes = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        count = len([argument for argument in takes if argument.arg not in ("self", "cls")])
        if lines > FUNCTION_LINES:
            found.append(f"{node.name}: {lines} lines")
        if count > PARAMETERS:
            found.append(f"{node.name}: {count} parameters")
    return found


def test_size__files_and_functions_stay_small() -> None:
    files = [*ROOT.rglob("*.py"), *TESTS.rglob("*.py")]
    reports = {str(file): too_large(file.read_text(encoding="utf-8")) for file in files}
    assert {name: report for name, report in reports.items() if report} == {}


def test_size__a_large_function_is_found() -> None:
    many = ", ".join(f"p{i}" for i in range(PARAMETERS + 1))
    long = "def long():\n" + "    pass\n" * FUNCTION_LINES
    assert too_large(f"def wide({many}): ...") == ["wide: 7 parameters"]
    assert too_large(long) == ["long: 41 lines"]
    assert too_large("\n" * (FILE_LINES + 1)) == ["301 lines"]
