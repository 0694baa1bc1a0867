"""Toonville: the embedded data set, 42 invented townsfolk drawn by code."""

from springfield.images.toons.census import TOWNSFOLK
from springfield.images.toons.draw import draw_toonville

__all__ = ["TOWNSFOLK", "draw_toonville"]
