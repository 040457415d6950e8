"""One file from a web server, in as many attempts as it takes.

What has arrived stays in a folder until the file is whole, so that an attempt that ended half-way goes
on from there: by a ranged request (RFC 9110, section 14), which the server answers with the whole file
when it has changed meanwhile (If-Range).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import __version__
from app.inference.session import CancelToken
from app.zoo.errors import InstallError

Progress = Callable[[int, int | None], None]
"""Told the bytes that are here, and of how many where the server says so."""

BLOCK = 1 << 18
"""Bytes read at a time."""

PATIENCE_S = 30.0
"""How long a silent server is waited for."""

LISTEN_S = 0.2
"""How often it is looked whether somebody wants to stop."""

GRACE_S = 2.0
"""How long an attempt may take to end when it is asked to, before it is left behind."""

ATTEMPTS = 3
"""Attempts in a row that may bring nothing before the user is told."""


@dataclass(frozen=True)
class _Answer:
    """What a server sends.

    Attributes:
        response: to read from.
        start: the first byte of the file that it sends.
        total: the whole file's length; None when unknown.
        validator: tells one version of the file from another; "" when there is none.
    """

    response: Any
    start: int
    total: int | None
    validator: str


def is_address(source: str) -> bool:
    """Whether a source is something to download, and not a path."""
    return re.match("https?:", source, re.IGNORECASE) is not None


def path_of(source: str) -> Path:
    """The path that a source is, or means with its file address.

    Raises:
        InstallError: the address is of another machine, or none at all.
    """
    if not re.match("file:", source, re.IGNORECASE):
        if re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE):
            raise InstallError(
                f"{source} is no address that models are fetched from; give one that begins with "
                "https:// or http://, or a path."
            )
        return Path(source)
    try:
        parts = urllib.parse.urlsplit(source)
    except ValueError as error:
        raise _no_address(source, error) from error
    if parts.netloc.lower() not in ("", "localhost"):
        raise InstallError(
            f"{source} is the address of a file on {parts.netloc}; give the path under which this "
            "machine sees it."
        )
    return Path(urllib.request.url2pathname(parts.path))


def download(
    address: str,
    folder: Path,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Path:
    """Fetch a file, going on with what an earlier attempt has left.

    Args:
        address: http or https.
        folder: where it goes; made if absent. The name there depends on the address alone.
        progress: told after each block.
        cancel: stops between two blocks, and while the server is silent; what has arrived stays.

    Returns:
        The whole file.

    Raises:
        InstallError: the server or the connection failed; what has arrived stays for the next attempt.
        Cancelled: the token was cancelled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(address.encode()).hexdigest()[:24]
    part, whole = folder / f"{key}.part", folder / f"{key}.file"
    if whole.exists():
        return whole
    fruitless = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            _attempt(address, part, progress, cancel)
            break
        except (OSError, http.client.HTTPException) as error:
            final = isinstance(error, urllib.error.HTTPError) and error.code < 500
            here = part.stat().st_size if part.exists() else 0
            fruitless = 0 if here > before else fruitless + 1
            if final or fruitless >= ATTEMPTS:
                raise _failed(address, _reason(error), begun=here > 0) from error
    part.replace(whole)
    _notes(part).unlink(missing_ok=True)
    return whole


def _attempt(
    address: str, part: Path, progress: Progress | None, cancel: CancelToken | None
) -> None:
    """One attempt in a thread of its own: what waits for a silent server hears of no wish to stop."""
    ended: Future[None] = Future()

    def run() -> None:
        try:
            _fetch(address, part, progress, cancel)
        except BaseException as error:
            ended.set_exception(error)
        else:
            ended.set_result(None)

    thread = threading.Thread(target=run, name="download", daemon=True)
    thread.start()
    while not ended.done():
        wait([ended], LISTEN_S)
        if cancel is not None and cancel.cancelled and not wait([ended], GRACE_S).done:
            # It still waits. Once the server speaks or its patience ends, it looks at the token first.
            cancel.check()
    thread.join()
    ended.result()


def _fetch(address: str, part: Path, progress: Progress | None, cancel: CancelToken | None) -> None:
    """One attempt; raises OSError or HTTPException when the connection ends before the file does."""
    answer = _ask(address, part)
    if cancel is not None and cancel.cancelled:
        answer.response.close()
        cancel.check()
    with answer.response, part.open("r+b" if part.exists() else "wb") as file:
        file.seek(answer.start)
        file.truncate()
        _notes(part).write_text(json.dumps({"validator": answer.validator}), encoding="utf-8")
        here = answer.start
        while block := answer.response.read(BLOCK):
            if cancel is not None:
                cancel.check()
            file.write(block)
            here += len(block)
            if progress is not None:
                progress(here, answer.total)
    if answer.total is not None and here != answer.total:
        raise http.client.IncompleteRead(b"", answer.total - here)


def _ask(address: str, part: Path) -> _Answer:
    """Send the request for what is missing."""
    headers = {"User-Agent": f"Revisage/{__version__}", "Accept-Encoding": "identity"}
    here, validator = _state(part)
    if here:
        headers |= {"Range": f"bytes={here}-", "If-Range": validator}
    try:
        request = urllib.request.Request(address, headers=headers)
        response = urllib.request.urlopen(request, timeout=PATIENCE_S)
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not here:
            raise
        part.unlink(missing_ok=True)  # longer than the file is now, or whole already: begin anew
        return _ask(address, part)
    except ValueError as error:
        raise _no_address(address, error) from error
    ranged = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range") or "")
    if response.status == http.HTTPStatus.PARTIAL_CONTENT and ranged and int(ranged[1]) == here:
        total = None if ranged[2] == "*" else int(ranged[2])
        return _Answer(response, here, total, validator)
    length = response.headers.get("Content-Length") or ""
    tag = response.headers.get("ETag") or ""
    # A weak tag does not vouch for single bytes.
    strong = (
        tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified") or ""
    )
    return _Answer(response, 0, int(length) if length.isdecimal() else None, strong)


def _state(part: Path) -> tuple[int, str]:
    """How many bytes are here and of what version; none when that cannot be told."""
    try:
        validator = str(json.loads(_notes(part).read_text(encoding="utf-8"))["validator"])
        here = part.stat().st_size
    except (OSError, ValueError, KeyError):
        return 0, ""
    return (here, validator) if validator else (0, "")


def _notes(part: Path) -> Path:
    return part.with_suffix(".json")


def _no_address(address: str, error: ValueError) -> InstallError:
    reason = str(error).rstrip(".")
    return InstallError(f"{address} is no address ({reason}); check how it is written.")


def _reason(error: Exception) -> str:
    """What went wrong, for brackets in a sentence."""
    if isinstance(error, urllib.error.HTTPError):
        if error.code < 400:  # what urllib says of it is a paragraph
            return "its redirections lead nowhere"
        return f"the server answered {error.code} {error.reason}"
    cause = getattr(error, "reason", None) or error
    return str(getattr(cause, "strerror", None) or cause)


def _failed(address: str, reason: str, *, begun: bool) -> InstallError:
    again = ", and give the same command again to go on where it stopped" if begun else ""
    return InstallError(
        f"{address} could not be downloaded ({reason.strip().rstrip('.')}); check the address and the "
        f"connection{again}."
    )
