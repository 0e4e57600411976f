"""Reading codes from photos and PDFs; needs the package of the extra `verify`."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from sync.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PAGES = 10
_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
_SCALES = (1, 2)  #: a small picture is read better when it is made larger
_LARGE = 3000  #: pixels of a side; nothing is made larger than that


def codes_in(content: bytes) -> list[str]:
    """
    Return what the QR codes on a photo, or on the pages of a PDF, say.

    Raises `UserError` when the package is missing, or *content* is neither.
    """
    try:
        import zxingcpp  # noqa: PLC0415 - most villages never need it
    except ImportError as error:
        raise UserError(
            "Codes on photos and in PDFs cannot be read yet.", ["pip install 'surat-sync[verify]'"]
        ) from error
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found: dict[str, None] = {}
    for picture in _pictures(content):
        for scale in _SCALES:
            size = (picture.width * scale, picture.height * scale)
            if scale > 1 and max(size) > _LARGE:
                break
            codes = zxingcpp.read_barcodes(picture.resize(size), formats=wanted)
            if codes:
                found.update(dict.fromkeys(code.text for code in codes))
                break
    return list(found)


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if content.startswith(b"%PDF"):
        yield from _pages(content)
        return
    try:
        with Image.open(BytesIO(content)) as picture:
            yield picture.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError("neither a letter (DOCX), nor a PDF, nor a picture") from error


def _pages(content: bytes) -> Iterator[Image.Image]:
    import pypdfium2  # noqa: PLC0415

    try:
        with pypdfium2.PdfDocument(content) as document:
            for at in range(min(len(document), _MOST_PAGES)):
                page = document[at].render(scale=_DOTS_PER_INCH / _POINTS_PER_INCH)
                yield page.to_pil().convert("L")
    except pypdfium2.PdfiumError as error:
        raise UserError("the PDF cannot be read") from error
