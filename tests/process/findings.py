"""What the doctor says of a library, but for engines: whether one lacks a token is not the library's matter."""

from avatar_creator.library import Library
from avatar_creator.services.health import Level


def levels(library: Library) -> set[Level]:
    found = library.health.examine(fix=False).findings
    return {finding.level for finding in found if not finding.subject.startswith("engine ")}
