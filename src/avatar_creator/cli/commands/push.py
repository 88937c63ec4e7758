"""avatar export --push: a data set, exported and put on the Hub."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.cli.options.counting import counting
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import size, text
from avatar_creator.domain.license import License
from avatar_creator.domain.text import visible
from avatar_creator.library import Library

if TYPE_CHECKING:
    from rich.text import Text

    from avatar_creator.engines.huggingface.dataset_repository import Pushed
    from avatar_creator.library.pushes import Push

_NAMED = 3


def push_dataset(
    out: Output,
    library: Library,
    avatars: Any,
    total: int,
    *,
    push: str,
    public: bool,
    yes: bool,
    output: Path | None,
    as_: str,
    split: str,
    options: Mapping[str, Any],
) -> int:
    """Export avatars as a data set, put it on the Hub if that is wanted, and return how many are left out."""
    if not yes and not can_ask():
        confirm(f"Push to {visible(push)}?", yes=False)  # before anything is drawn
    left_out = 0
    with library.datasets.push(push, output, as_=as_, split=split, public=public) as pushing:
        with counting(out, "Exporting", total) as done:
            for each in pushing.export(avatars, **options):
                done()
                if each.error is not None:
                    left_out += 1
                    out.warn(f"{each.id} is left out: {each.error.message}")
        _say_what_goes(out, pushing, public=public)
        confirm(f"Push to {pushing.repository.url}?", yes=yes, otherwise="Nothing was pushed.")
        with counting(out, "Pushing", len(pushing.files)) as done:
            pushed = pushing.send(done)
    out.record(pushed, _line, _drawn)
    out.note(_ended(pushed))
    return left_out


def _ended(pushed: "Pushed") -> str:
    if pushed.commit is None:
        return "All of it was there already: nothing was changed."
    if pushed.sent < pushed.files:
        return f"Pushed {pushed.sent:,} of {pushed.files:,} files; the others were there already."
    return f"Pushed {pushed.files:,} files."


def _say_what_goes(out: Output, pushing: "Push", *, public: bool) -> None:
    """Say what goes where, who may see it, and what its licences are; on a terminal, before it is asked."""
    repository, card = pushing.repository, pushing.card
    seen = "public: everybody may see it" if repository.public else "private"
    new = "" if repository.exists else "new, "
    count = "1 picture" if card.samples == 1 else f"{card.samples:,} pictures"
    amount = f"{count} in {len(pushing.files):,} files, {size(pushing.bytes)}"
    out.note(f"{repository.id} ({new}{seen}): {amount}, as {pushing.as_}.")
    out.note(f"Licences: {_licences(card.licenses) or 'none recorded'}.")
    if public and not repository.public:
        out.warn(f"{repository.id} is private and stays so. To change it: {repository.url}/settings")
    if repository.public and card.not_commercial:
        works = ", ".join(dict.fromkeys(each.of for each in card.not_commercial))
        out.warn(f"Not for commercial use, as everybody will have to know: {works}. The card says so.")
    if stale := pushing.stale:
        files = "1 file" if len(stale) == 1 else f"{len(stale):,} files"
        names = ", ".join(map(visible, stale[:_NAMED])) + (", ..." if len(stale) > _NAMED else "")
        out.warn(f"{files} of an earlier push stay there: {names}. Remove there what is not wanted.")


def _licences(found: Counter[License]) -> str:
    return ", ".join(dict.fromkeys(str(each.name or f"unknown, of {each.of}") for each in found))


def _line(pushed: "Pushed") -> tuple[object, ...]:
    return pushed.url, pushed.commit, pushed.sent


def _drawn(pushed: "Pushed") -> "Text":
    return text(pushed.commit or pushed.url)
