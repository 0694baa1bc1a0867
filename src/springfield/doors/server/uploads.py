"""Uploads: the images of a request, either its whole body or the files of a form.

A form is taken apart as it arrives, so that no image is held beyond its limit, nor twice for longer
than it takes to hand it over.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from springfield.doors.server.limits import Intake, Limits, RefusalError, too_large

FIELDS = 8  # of a form, beside its files
SPARE = 20_000  # bytes of a form around its images
KINDS = (
    "send an image as the body, with its type (image/jpeg, ...) or application/octet-stream, or as "
    "'file' in multipart/form-data"
)


@dataclass
class Part:
    """One field of a form."""

    key: str = ""  # of the field
    name: str | None = None  # of the file; None: not a file
    content: bytearray = field(default_factory=bytearray)
    oversize: bool = False

    def image(self, limits: Limits) -> bytes:
        """The file's bytes, to be had once.

        Raises `RefusalError` when they were more than an image may have.
        """
        if self.oversize:
            raise too_large("the image", limits.image_bytes)
        content = bytes(self.content)
        self.content.clear()
        return content


async def read_image(intake: Intake) -> bytes:
    """The one image of a request. Raises `RefusalError`."""
    kind, options = _content_type(intake)
    most = intake.limits.image_bytes
    if kind == b"multipart/form-data":
        files, _ = await _read_form(intake, options, files=1, most=most + SPARE)
        return files[0].image(intake.limits)
    if not kind.startswith(b"image/") and kind != b"application/octet-stream":
        raise _wrong_kind(kind, KINDS)
    body = bytearray()
    await intake.read(body.extend, most=most)
    return bytes(body)


async def read_files(intake: Intake) -> tuple[list[Part], dict[str, str]]:
    """Files of a form and its other fields. Raises `RefusalError`."""
    kind, options = _content_type(intake)
    if kind != b"multipart/form-data":
        raise _wrong_kind(kind, "send the images as 'file', repeated, in multipart/form-data")
    limits = intake.limits
    return await _read_form(intake, options, files=limits.files, most=limits.form_bytes)


def _content_type(intake: Intake) -> tuple[bytes, dict[bytes, bytes]]:
    kind, options = parse_options_header(intake.request.headers.get("content-type"))
    return kind.lower(), options


def _wrong_kind(kind: bytes, way_out: str) -> RefusalError:
    got = f"'{kind.decode('latin-1')[:80]}'" if kind else "nothing"
    return RefusalError(415, f"the request's Content-Type is {got}; {way_out}")


async def _read_form(
    intake: Intake, options: dict[bytes, bytes], *, files: int, most: int
) -> tuple[list[Part], dict[str, str]]:
    form = _Form(intake.limits, files)
    try:
        parser = MultipartParser(options.get(b"boundary", b""), form.callbacks())  # type: ignore[arg-type]
        if not options.get(b"boundary"):
            raise RefusalError(400, "the form's Content-Type names no boundary")
        await intake.read(parser.write, most=most)
    except FormParserError:
        raise RefusalError(400, "the body is not a form (multipart/form-data)") from None
    if not form.complete:
        raise RefusalError(400, "the form is cut off: its last boundary is missing")
    found = [part for part in form.parts if part.name is not None]
    if not found:
        raise RefusalError(422, "the form has no file; add the image as a file named 'file'")
    if wrong := next((part for part in found if part.key != "file"), None):
        raise RefusalError(422, f"the form's file is named '{wrong.key[:80]}'; name it 'file'")
    fields = {
        part.key: part.content.decode("utf-8", "replace")
        for part in form.parts
        if part.name is None
    }
    return found, fields


class _Form:
    """What the parser has found so far."""

    def __init__(self, limits: Limits, files: int) -> None:
        self.limits = limits
        self.files = files
        self.parts: list[Part] = []
        self.complete = False
        self._header, self._value = bytearray(), bytearray()

    def callbacks(self) -> dict[str, object]:
        """The parser calls these."""
        return {
            "on_part_begin": lambda: self.parts.append(Part()),
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_content,
            "on_part_data": self._add,
            "on_end": self._end,
        }

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            part, name = self.parts[-1], options.get(b"filename")
            part.key = options.get(b"name", b"").decode("utf-8", "replace")
            part.name = None if name is None else name.decode("utf-8", "replace")
        self._header.clear()
        self._value.clear()

    def _begin_content(self) -> None:
        files = sum(part.name is not None for part in self.parts)
        if files > self.files:
            raise RefusalError(413, f"more than {self.files} in one form: {self._fewer()}")
        if len(self.parts) - files > FIELDS:
            raise RefusalError(413, f"the form has more than {FIELDS} fields beside its files")

    def _fewer(self) -> str:
        return "send several at /api/predict/batch" if self.files == 1 else "send them in parts"

    def _add(self, data: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        most = self.limits.field_bytes if part.name is None else self.limits.image_bytes
        if len(part.content) + end - start <= most and not part.oversize:
            part.content += data[start:end]
        elif part.name is None:
            raise RefusalError(413, f"a field of the form is longer than {most} bytes")
        else:  # the other files may still be answered
            part.oversize = True
            part.content.clear()

    def _end(self) -> None:
        self.complete = True
