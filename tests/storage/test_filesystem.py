import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.storage.filesystem import find_by_drive, find_in_mounts, find_in_statfs, find_network_type

LOCAL = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
24 27 0:6 / /dev rw,relatime shared:2 - devtmpfs devtmpfs rw,size=12334524k
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
"""
NFS = "60 27 0:52 / /home rw,relatime shared:30 - nfs4 server:/export/home rw,vers=4.2,hard\n"
ENDS = [  # type, source and options of a mount, and whether it is a network's
    ("nfs server:/home rw,vers=3", True),
    ("nfs4 server:/home rw,vers=4.2", True),
    ("cifs //server/share rw,vers=3.1.1", True),
    ("smb3 //server/share rw", True),
    ("afs #root.cell rw", True),
    ("ceph 10.0.0.1:6789:/ rw,name=admin", True),
    ("lustre 10.0.0.1@tcp:/scratch rw", True),
    ("beegfs beegfs_nodev rw,cfgFile=/etc/beegfs/beegfs-client.conf", True),
    ("gpfs gpfs0 rw", True),
    ("fuse.sshfs user@server:/home rw,user_id=1000", True),
    ("fuse.rclone remote: rw,user_id=1000", True),
    ("fuse.s3fs s3fs rw", True),
    ("fuse.gcsfuse bucket rw", True),
    ("fuse.glusterfs server:/volume rw", True),
    ("fuse.ceph-fuse ceph-fuse rw", True),
    ("fuse https://server/dav/ rw,user_id=1000", True),
    ("9p drvfs rw,dirsync,aname=drvfs;path=C:\\;uid=1000,mmap,access=client,trans=fd", True),
    ("9p C:\\134 rw,noatime,dirsync,aname=drvfs;path=C:\\;uid=1000,trans=fd,rfd=8,wfd=8", True),
    ("9p hostshare rw,trans=virtio", False),
    ("sshfs user@server:/home rw", False),  # not a type of the kernel's
    ("fuse.nfs x rw", False),
    ("ext4 /dev/vda rw", False),
    ("btrfs /dev/sda2 rw,subvol=/@home", False),
    ("overlay overlay rw,lowerdir=/nfs,upperdir=/cifs", False),
    ("tmpfs nfs rw", False),
    ("fuse.ntfs-3g /dev/sdb1 rw", False),
    ("fuseblk /dev/sdb1 rw", False),
    ("fuse.encfs encfs rw", False),
    ("fuse /dev/fuse rw", False),
    ("virtiofs home rw", False),
    ("", False),
]


def mount(point: str, end: str = "ext4 /dev/vdb rw") -> str:
    return f"60 27 0:52 / {point} rw,relatime - {end}\n"


@pytest.mark.parametrize(("end", "network"), ENDS, ids=[end[:30] for end, _ in ENDS])
def test_a_network_file_system_is_found_by_the_type_of_its_mount(end: str, network: bool) -> None:
    type_ = end.partition(" ")[0] if network else None
    assert find_in_mounts(LOCAL + mount("/home", end), "/home/ann/avatars") == type_


@pytest.mark.parametrize(
    ("path", "type_"),
    [("/home/ann", "nfs4"), ("/home", "nfs4"), ("/homes/ann", None), ("/hom", None), ("/", None), ("/home2", None)],
)
def test_only_what_is_below_a_mount_stands_on_it(path: str, type_: str | None) -> None:
    assert find_in_mounts(LOCAL + NFS, path) == type_


def test_the_longest_mount_point_counts_wherever_it_stands_in_the_list() -> None:
    below = mount("/home/ann/disk")
    for mounts in (LOCAL + NFS + below, below + NFS + LOCAL):
        assert find_in_mounts(mounts, "/home/ann/disk/avatars") is None
        assert find_in_mounts(mounts, "/home/ann/diskette") == "nfs4"


def test_a_later_mount_hides_an_earlier_one() -> None:
    assert find_in_mounts(LOCAL + NFS + mount("/home"), "/home/ann") is None
    assert find_in_mounts(LOCAL + mount("/home", "autofs systemd-1 rw,fd=40") + NFS, "/home/ann") == "nfs4"
    assert find_in_mounts(LOCAL + mount("/", "nfs server:/root rw"), "/home/ann") == "nfs"


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("/my\\040disk", "/my disk"),
        ("/tab\\011", "/tab\t"),
        ("/line\\012end", "/line\nend"),
        ("/back\\134slash", "/back\\slash"),
        ("/not\\134040space", "/not\\040space"),
        ("/Zoë", "/Zoë"),
        ("/odd\udcff", "/odd\udcff"),  # a byte that is no UTF-8
    ],
)
def test_the_kernels_escapes_are_read(written: str, point: str) -> None:
    mounts = LOCAL + mount(written, "nfs4 server:/a\\040b rw")
    assert find_in_mounts(mounts, f"{point}/avatars") == "nfs4"
    assert find_in_mounts(mounts, f"{point}s") is None


@given(st.text(st.sampled_from("/ -\\04\nnfs"), max_size=60), st.text(max_size=9))
def test_a_list_that_makes_no_sense_is_no_failure(mounts: str, path: str) -> None:
    assert find_in_mounts(mounts, path) in {None, "nfs"}


@pytest.mark.parametrize(
    ("flags", "name", "type_"), [(0x1000, b"apfs", None), (0x0480D000, b"apfs", None), (0x18, b"smbfs", "smbfs")]
)
def test_macos_has_a_flag_for_it(flags: int, name: bytes, type_: str | None) -> None:
    answer = bytes(64) + flags.to_bytes(4, sys.byteorder) + bytes(4) + name.ljust(16, b"\0") + b"/Volumes/x".ljust(2080)
    assert find_in_statfs(answer) == type_


@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("C:\\Users\\Ann\\avatars", False),
        ("Z:\\avatars", True),
        ("\\\\server\\share\\avatars", True),
        ("\\\\wsl.localhost\\Debian\\home", True),
        ("\\\\?\\UNC\\server\\share\\avatars", True),
        ("\\\\?\\C:\\Users", False),
        ("\\\\?\\Z:\\Users", True),
    ],
)
def test_windows_has_a_type_of_drive_for_it(path: str, network: bool) -> None:
    def drive_type(root: str) -> int:
        return {"C:\\": 3, "Z:\\": 4}[root]

    assert find_by_drive(path, drive_type) == ("network drive" if network else None)


def test_what_cannot_be_found_out_counts_as_local(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert find_network_type(tmp_path / "loop" / "library.db") is None


@pytest.mark.skipif(not Path("/dev/shm").is_mount(), reason="only Linux has memory for a file system")  # noqa: S108
def test_this_machines_own_list_is_read(tmp_path: Path) -> None:
    (tmp_path / "memory").symlink_to("/dev/shm")  # noqa: S108
    assert find_network_type(tmp_path / "memory" / "not" / "there") is None
