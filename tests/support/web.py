"""A web server of this computer that gives out the files of a folder."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

Length = Literal["told", "chunked", "untold"]
"""How a client knows where a file ends: before it begins, by its last chunk, or because nothing more
comes."""

CHUNK = 16384


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _WithoutLength(_Quiet):
    def send_header(self, keyword: str, value: str) -> None:
        if keyword.lower() != "content-length":
            super().send_header(keyword, value)


class _Chunked(_WithoutLength):
    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        super().end_headers()

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:  # type: ignore[override]
        while piece := source.read(CHUNK):
            outputfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        outputfile.write(b"0\r\n\r\n")


HANDLERS = {"told": _Quiet, "chunked": _Chunked, "untold": _WithoutLength}


@contextlib.contextmanager
def served_folder(folder: Path, *, length: Length = "told") -> Iterator[str]:
    """The folder's address, while the block lasts."""
    handler = functools.partial(HANDLERS[length], directory=os.fspath(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="test-files")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
