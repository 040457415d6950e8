"""An RTSP camera, for tests: GStreamer's server, a process of its own, sends a film at its own speed.

It comes from the system, not from PyPI: on Debian ``gir1.2-gst-rtsp-server-1.0`` and ``python3-gi``.
"""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

SYSTEM_PYTHON = Path("/usr/bin/python3")
"""The one that Debian's GStreamer is made for."""

GRACE_S = 30.0

BEGIN = """
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
for name in ("qtdemux", "h264parse", "rtph264pay"):
    assert Gst.ElementFactory.find(name), name + " is missing"
"""

SERVE = """
import sys
film, user, password = sys.argv[1:]
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
camera = GstRtspServer.RTSPMediaFactory()
camera.set_launch(
    f'( filesrc location="{film}" ! qtdemux ! h264parse config-interval=-1 ! rtph264pay name=pay0 )'
)
if user:
    role = GstRtspServer.RTSPToken()
    role.set_string("media.factory.role", "guard")
    auth = GstRtspServer.RTSPAuth()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), role)
    server.set_auth(auth)
    may = GstRtspServer.RTSPPermissions()
    may.add_permission_for_role("guard", "media.factory.access", True)
    may.add_permission_for_role("guard", "media.factory.construct", True)
    camera.set_permissions(may)
server.get_mount_points().add_factory("/live", camera)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


@functools.cache
def why_no_rtsp() -> str:
    """Why there is no RTSP server on this computer; empty when there is one."""
    if sys.platform != "linux" or not SYSTEM_PYTHON.exists():
        return "the RTSP server of these tests is a Linux system's own GStreamer"
    tried = subprocess.run(
        [SYSTEM_PYTHON, "-I", "-c", BEGIN], capture_output=True, text=True, timeout=120, check=False
    )
    if tried.returncode == 0:
        return ""
    said = tried.stderr.strip().splitlines()[-1:] or ["no message"]
    return f"GStreamer's RTSP server is not installed (gir1.2-gst-rtsp-server-1.0): {said[0]}"


class RtspServer:
    """Sends a film to each client from its beginning, H.264 over RTP.

    ``with RtspServer(film) as server: open(server.address)``

    Attributes:
        address: to be opened; the port changes with every server.
    """

    def __init__(self, film: Path, *, user: str = "", password: str = "") -> None:
        """
        Args:
            film: an MP4 file with H.264 in it.
            user, password: that a client must give; the address has them. Empty for anybody.
        """
        self._login = f"{user}:{password}@" if user else ""
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, "-I", "-c", BEGIN + SERVE, film, user, password],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = ""

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self.address = f"rtsp://{self._login}127.0.0.1:{port}/live"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def kill(self) -> None:
        """As when a camera loses its power but not its network: its connections are closed."""
        self._process.kill()
        self._process.wait(GRACE_S)

    def freeze(self) -> None:
        """As when its cable is pulled: the connection stays, and nothing comes."""
        self._process.send_signal(signal.SIGSTOP)
