"""The user's own folders: models, settings, and what can be made again.

appdirs takes an empty variable such as ``XDG_DATA_HOME`` for the current folder, in which models and
signing keys would then lie. The XDG Base Directory Specification (version 0.8) says that an empty one
counts as unset and that a relative path is to be ignored.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

_VARIABLES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


def data_folder() -> Path:
    """Where the user's models lie."""
    return _folder("data")


def config_folder() -> Path:
    """Where what the user has set up lies."""
    return _folder("config")


def cache_folder() -> Path:
    """Where what can be made or fetched again lies."""
    return _folder("cache")


def _folder(kind: Literal["data", "config", "cache"]) -> Path:
    import appdirs

    for name in _VARIABLES:
        if not os.path.isabs(os.environ.get(name, "/")):  # noqa: PTH117 - no path before it is one
            # To nobody, in this process or those it starts, does such a value mean anything.
            del os.environ[name]
    find = {
        "data": appdirs.user_data_dir,
        "config": appdirs.user_config_dir,
        "cache": appdirs.user_cache_dir,
    }
    return Path(find[kind]("revisage", appauthor=False))
