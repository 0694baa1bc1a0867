"""The colours, light and dark; blue and vermilion stay apart for every kind of eye."""

from __future__ import annotations

import re

LIGHT = {
    "paper": "#fdfcf9",
    "sheet": "#f5f2ea",
    "ink": "#1e1c19",
    "soft": "#6b655b",
    "faint": "#a8a194",
    "rule": "#dfd9cc",
    "blue": "#1d5a8c",
    "sky": "#8db6d6",
    "red": "#c4472a",
    "gold": "#b7862b",
    "leaf": "#4d7c4e",
}
DARK = {
    "paper": "#15171a",
    "sheet": "#1e2125",
    "ink": "#ece8df",
    "soft": "#a39d91",
    "faint": "#6f6b63",
    "rule": "#34373b",
    "blue": "#79b4e3",
    "sky": "#3f6d92",
    "red": "#f0805f",
    "gold": "#dcb35c",
    "leaf": "#86b687",
}
DARK_QUERY = "@media (prefers-color-scheme: dark)"


def variables() -> str:
    """CSS that defines the colours as variables, for a page; print is always light."""
    light, dark = (
        "".join(f"--{name}:{colour};" for name, colour in palette.items())
        for palette in (LIGHT, DARK)
    )
    dark_screen = "@media screen and (prefers-color-scheme: dark)"
    return f":root{{color-scheme:light dark;{light}}}\n{dark_screen}{{:root{{{dark}}}}}\n"


def resolve(css: str) -> str:
    """CSS with every ``var(--x)`` written out, light and dark.

    For stand-alone SVG files: several programs that show them know no variables.
    """
    light, dark = (
        re.sub(r"var\(--(\w+)\)", lambda match, p=palette: p[match[1]], css)  # type: ignore[misc]
        for palette in (LIGHT, DARK)
    )
    return f"{light}\n{DARK_QUERY} {{\n{dark}}}\n"
