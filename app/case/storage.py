"""What kind of drive a file lies on, because SQLite's write-ahead log is safe on local drives only."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

Storage = Literal["local", "network", "removable", "unknown"]
"""Only ``local`` is trusted with shared memory between processes and with keeping a second file."""

LOCAL = {
    "apfs", "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "overlay", "ramfs",
    "reiserfs", "tmpfs", "ufs", "xfs", "zfs",
}  # fmt: skip
NETWORK = {
    "9p", "afpfs", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
    "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "webdav",
}  # fmt: skip
REMOVABLE = {"exfat", "fuseblk", "iso9660", "msdos", "ntfs", "ntfs3", "udf", "vfat"}


def storage_of(path: Path) -> Storage:
    """The kind of drive that holds a file or will hold it; never raises."""
    folder = path.resolve().parent
    try:
        if sys.platform == "win32":
            return _windows(folder)
        if sys.platform == "darwin":
            return "removable" if folder.is_relative_to("/Volumes") else "local"
        return _linux(folder, Path("/proc/self/mountinfo").read_text(errors="replace"))
    except (OSError, ValueError):
        return "unknown"


def _linux(folder: Path, mounts: str) -> Storage:
    """Find the folder's mount in the text of /proc/self/mountinfo (proc(5))."""
    best, kind, device = "", "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if len(fields) < 5 or not rest:
            continue
        point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        # Of two mounts at one place the later one is seen.
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind, device = point, rest[0], fields[2]
    kind = kind.lower()
    if kind in NETWORK or kind.startswith("fuse."):
        return "network"
    if kind in REMOVABLE or _is_removable(device):
        return "removable"
    return "local" if kind in LOCAL else "unknown"


def _is_removable(device: str) -> bool:
    """Whether a device, major:minor, can be pulled out: it says so, or hangs on USB."""
    node = Path(f"/sys/dev/block/{device}")
    if not device or not node.exists():
        return False
    real = node.resolve()
    if "/usb" in str(real):
        return True
    return any(
        (place / "removable").is_file() and (place / "removable").read_text().strip() == "1"
        for place in (real, real.parent)
    )


def _windows(folder: Path) -> Storage:
    """Ask Windows about the drive letter; a share by its name is a network drive."""
    drive = os.path.splitdrive(folder)[0]
    if drive.startswith("\\\\"):
        return "network"
    import ctypes

    loader = getattr(ctypes, "windll")  # noqa: B009 - only Windows has it
    kind = int(loader.kernel32.GetDriveTypeW(f"{drive}\\"))
    kinds: dict[int, Storage] = {
        2: "removable",
        3: "local",
        4: "network",
        5: "removable",
        6: "local",
    }
    return kinds.get(kind, "unknown")
