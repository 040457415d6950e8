"""Cameras on the network, for tests: a server on this computer's own address that sends real video."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal

import av
import cv2
import numpy as np

Kind = Literal["mjpeg", "mpegts"]
End = Literal["never", "close", "reset", "silence"]

BOUNDARY = "frame"
GRACE_S = 10.0


class StreamServer:
    """Sends frames over HTTP, again and again, at a rate, to whoever connects.

    ``with StreamServer(frames) as server: open(server.address)``

    Attributes:
        address: to be opened; the port changes with every server.
        sent: frames that were sent to the last client.
        clients: how many have connected.
        end: what happens to a client after `after` frames: the connection is closed in an orderly way,
            torn down, or falls silent. May be changed while it runs.
    """

    def __init__(
        self,
        frames: Sequence[Any],
        *,
        kind: Kind = "mjpeg",
        rate: int = 25,
        after: int = 0,
        end: End = "never",
        login: str = "",
    ) -> None:
        """
        Args:
            frames: each (H, W, 3) uint8 RGB, all of one size.
            kind: motion JPEG, which has no times, or H.264 in MPEG-TS, which has.
            rate: frames per second.
            after: frames after which `end` happens; 0 waits for :meth:`kill`.
            end: what happens then.
            login: user and password to put into the address, such as "guard:secret".
        """
        self.end = end
        self.sent = 0
        self.clients = 0
        self._frames, self._kind, self._rate, self._after = frames, kind, rate, after
        self._stop, self._kill = threading.Event(), threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        at = f"{login}@" if login else ""
        self.address = f"http://{at}127.0.0.1:{self._socket.getsockname()[1]}/live"
        self._thread = threading.Thread(target=self._serve, name="test-stream")

    def __enter__(self) -> StreamServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(GRACE_S)
        self._socket.close()

    def kill(self, end: End = "reset") -> None:
        """Do this to the client now."""
        self.end = end
        self._kill.set()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._socket.accept()
            except TimeoutError:
                continue
            with client:
                self.clients += 1
                self.sent = 0
                self._kill.clear()
                try:
                    client.settimeout(GRACE_S)
                    client.recv(65536)
                    self._send(client)
                except OSError:
                    continue  # the client went away

    def _send(self, client: socket.socket) -> None:
        content = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        if self._kind == "mpegts":
            content = "video/mp2t"
        client.sendall(f"HTTP/1.0 200 OK\r\nContent-Type: {content}\r\n\r\n".encode())
        write = self._jpeg(client) if self._kind == "mjpeg" else self._h264(client)
        begun = time.monotonic()
        while not self._stop.is_set():
            if self._kill.is_set() or (self._after and self.sent >= self._after):
                self._finish(client)
                return
            write(np.ascontiguousarray(self._frames[self.sent % len(self._frames)]))
            self.sent += 1
            wait = begun + self.sent / self._rate - time.monotonic()
            if wait > 0:
                self._stop.wait(wait)

    def _finish(self, client: socket.socket) -> None:
        if self.end == "silence":
            self._stop.wait(GRACE_S)
        elif self.end == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @staticmethod
    def _jpeg(client: socket.socket) -> Callable[[Any], None]:
        def write(rgb: Any) -> None:
            jpeg = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[
                1
            ].tobytes()
            head = (
                f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            )
            client.sendall(head.encode() + jpeg + b"\r\n")

        return write

    def _h264(self, client: socket.socket) -> Callable[[Any], None]:
        class Pipe:
            def write(self, data: bytes) -> int:
                client.sendall(data)
                return len(data)

        container = av.open(Pipe(), "w", format="mpegts", options={"flush_packets": "1"})
        stream: Any = container.add_stream(
            "libx264", rate=self._rate, options={"tune": "zerolatency", "crf": "12", "g": "10"}
        )
        stream.height, stream.width = self._frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"

        def write(rgb: Any) -> None:
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = self.sent, Fraction(1, self._rate)
            container.mux(stream.encode(frame))

        return write
