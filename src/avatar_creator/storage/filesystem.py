"""What kind of file system a path is on, by the operating system. Every command checks that."""

import ntpath
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

_NETWORK = (
    " afs auristorfs beegfs ceph cifs coda davfs fhgfs glusterfs gpfs lustre ncp ncpfs nfs nfs4 orangefs panfs pvfs2 "
    "smb3 smbfs "
)
_NETWORK_BY_FUSE = (
    " blobfuse blobfuse2 ceph ceph-fuse curlftpfs davfs davfs2 gcsfuse geesefs glusterfs goofys "
    "google-drive-ocamlfuse gvfsd-fuse juicefs lizardfs mfs moosefs mount-s3 mountpoint-s3 onedriver rclone rclonefs "
    "s3fs s3ql seaweedfs smbnetfs sshfs "
)
_ESCAPE = re.compile(r"\\([0-7]{3})")  # how the kernel writes space, tab, line break and backslash
_POINT = 4  # the field of a mount that says where it stands

# macOS's struct statfs: where its flags and its type's name begin, how long the name is, how long all of it.
_FLAGS, _NAME, _NAME_BYTES, _STATFS_BYTES = 64, 72, 16, 2168
_MNT_LOCAL = 0x1000

_DRIVE_REMOTE = 4  # of Windows's GetDriveTypeW
_NETWORK_DRIVE = "network drive"  # Windows says no more


def find_network_type(path: Path) -> str | None:
    """Return the type of the network file system that ``path`` is on; None if it is local or unknown."""
    try:
        return _ask_system(path.resolve())
    except (OSError, RuntimeError, ImportError, AttributeError):  # a loop of links, no /proc, a Python without ctypes
        return None


def is_read_only(folder: Path) -> bool:
    """Return whether nobody can write to the disk that a folder is on."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):  # Windows has none
        return False


def find_in_mounts(mounts: str, path: str) -> str | None:
    """Return what Linux's /proc/self/mountinfo says: the longest mount point counts, and of equals the last."""
    longest, found = 0, ""
    for line in mounts.split("\n"):  # of which a host of containers has hundreds, long ones
        fields = line.split(" ", _POINT + 1)
        if len(fields) <= _POINT:
            continue
        point = fields[_POINT].rstrip("/") + "/"
        if "\\" in point:
            point = _ESCAPE.sub(lambda escape: chr(int(escape[1], 8)), point)
        if len(point) >= longest and f"{path}/".startswith(point):
            longest, found = len(point), line.partition(" - ")[2]
    return _network_type(found)


def find_in_statfs(result: bytes) -> str | None:
    """Return what macOS's statfs says."""
    if int.from_bytes(result[_FLAGS : _FLAGS + 4], sys.byteorder) & _MNT_LOCAL:
        return None
    return result[_NAME : _NAME + _NAME_BYTES].partition(b"\0")[0].decode("ascii", "replace")


def find_by_drive(path: str, drive_type: Callable[[str], int]) -> str | None:
    """Return what Windows says of the path's drive; a share has a server in a drive's place."""
    drive = ntpath.splitdrive(path)[0]
    if drive.upper().startswith("\\\\?\\UNC\\"):
        return _NETWORK_DRIVE
    if drive.startswith(("\\\\?\\", "\\\\.\\")):
        drive = drive[4:]
    if drive.startswith("\\\\") or drive_type(f"{drive}\\") == _DRIVE_REMOTE:
        return _NETWORK_DRIVE
    return None


def _ask_system(path: Path) -> str | None:
    if sys.platform == "linux":
        return find_in_mounts(os.fsdecode(Path("/proc/self/mountinfo").read_bytes()), str(path))
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Linux, where every millisecond is counted, needs none

        return find_by_drive(str(path), ctypes.windll.kernel32.GetDriveTypeW)
    if sys.platform == "darwin":
        import ctypes  # noqa: PLC0415

        libc = ctypes.CDLL(None)
        statfs = getattr(libc, "statfs$INODE64", None) or libc.statfs  # on Intel the plain name returns another struct
        result = ctypes.create_string_buffer(_STATFS_BYTES)
        for place in (path, *path.parents):  # the path itself may not be made yet
            if statfs(os.fsencode(place), result) == 0:
                return find_in_statfs(result.raw)
    return None


def _network_type(system: str) -> str | None:
    """Return the type if it is a network's, from the end of a line of mountinfo: type, source, options."""
    kind, _, rest = system.partition(" ")
    if kind == "fuse":  # says no more of itself, but for davfs2, whose source is a URL
        return kind if "://" in rest.partition(" ")[0] else None
    if kind == "9p":  # Windows's drives in WSL; elsewhere it may be a container's or a virtual machine's own disk
        return kind if "drvfs" in rest else None
    by_fuse = kind.startswith("fuse.") and f" {kind.removeprefix('fuse.')} " in _NETWORK_BY_FUSE
    return kind if by_fuse or f" {kind} " in _NETWORK else None
