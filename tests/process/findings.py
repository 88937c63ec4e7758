"""What the doctor says of a library: whether an engine lacks a token, or SQLite is old, is not the library's matter."""

from avatar_creator.domain.findings import Level
from avatar_creator.library import Library


def levels(library: Library) -> set[Level]:
    found = library.app.doctor.examine(fix=False).findings
    return {finding.level for finding in found if not finding.subject.startswith(("engine ", "sqlite"))}
