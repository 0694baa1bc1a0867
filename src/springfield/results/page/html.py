"""HTML and SVG as nested calls; whatever is not `Html` is escaped, so a file name stays a name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable


class Html(str):
    """Text that is markup already and must not be escaped again."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """Return ``<name attribute="...">children</name>``.

    In attribute names a trailing underscore falls away and the others become hyphens
    (`class_`, `stroke_width`); None and False leave the attribute out, True leaves it bare.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        parts.append(key if value is True else f'{key}="{escape(value)}"')
    return Html(f"<{' '.join(parts)}>{join(children)}</{name}>")


def void(name: str, /, **attributes: object) -> Html:
    """Return an element that has no content and no end, such as ``<img>``."""
    return Html(tag(name, **attributes).removesuffix(f"</{name}>"))


def join(parts: Iterable[object], between: str = "") -> Html:
    """Put parts together, escaping those that are not markup and leaving out None."""
    return Html(between.join(escape(part) for part in parts if part is not None))


def escape(value: object) -> Html:
    """Escape text; numbers lose needless digits, names that are not UTF-8 get question marks."""
    if isinstance(value, Html):
        return value
    if isinstance(value, float):
        return Html(f"{value:.2f}".rstrip("0").rstrip("."))
    return Html(html.escape(str(value).encode("utf-8", "replace").decode()))


def fill(template: str, **values: object) -> Html:
    """Put escaped values into a template of our own, which may hold markup."""
    return Html(template.format(**{key: escape(value) for key, value in values.items()}))


def scrolled(content: object, says: object) -> Html:
    """A frame that scrolls sideways and can be reached by key; `says` is what a reader hears."""
    label = spoken(says)
    return tag("div", content, class_="scroll", tabindex="0", role="group", aria_label=label)


def spoken(says: object) -> Html:
    """Words without their markup, for an attribute."""
    return Html(re.sub(r"<[^>]+>", "", escape(says)))


def breakable(path: str) -> Html:
    """A path that may go on in the next line after each of its parts."""
    return Html(re.sub(r"([/_])", r"\1<wbr>", escape(path)))
