"""What to do with a file that is no table of personas, by what it is."""

import shlex

_UNPACK = {
    "a gzip archive": "gzip -dc",
    "a bzip2 archive": "bzip2 -dc",
    "an xz archive": "xz -dc",
    "a zstd archive": "zstd -dc",
}
_CONVERT = "Write it as CSV or Parquet first: pandas reads most files of data."
_BY_KIND = {
    "web page": "Such a page often comes in place of a file, to ask who you are. Download the file itself.",
    "archive": "Unpack it, and name the table that is in it.",
    "document": "Copy the table in it into a spreadsheet, and save that as CSV.",
    "presentation": "Copy the table in it into a spreadsheet, and save that as CSV.",
    "downloaded": "Download the file itself: git lfs pull",
    "database": _CONVERT,
    "file": _CONVERT,
    "array": _CONVERT,
}


def advice(what: str, file: str) -> str | None:
    """Return what to do with a file of that kind, as `signatures.described` calls it; None where it is unknown."""
    if what in _UNPACK:
        unpacked = _UNPACK[what] if file == "-" else f"{_UNPACK[what]} {shlex.quote(file)}"
        return f"Unpack it on the way: {unpacked} | avatar batch -"
    if "picture" in what and file != "-":
        return f"A picture is added with: avatar upload {shlex.quote(file)}"
    return next((said for kind, said in _BY_KIND.items() if what.endswith(kind)), None)
