"""SHA-256 without OpenSSL: `hashlib` loads it, for 3 ms that a plan need not pay. The module `random` does the same."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib

try:
    _module = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha256")
except ImportError:  # an interpreter may be built with OpenSSL's alone
    _module = import_module("hashlib")

sha256: "Callable[[bytes], hashlib._Hash]" = _module.sha256
