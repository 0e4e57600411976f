"""Where the files that come with the program lie."""

from __future__ import annotations

from pathlib import Path


def data_root() -> Path:
    """
    Return the folder that holds `templates/` and `config.example.yaml`.

    In a wheel it is `sync/_data`; in a checkout (also an editable install) the checkout.
    """
    package = Path(__file__).resolve().parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent
