"""avatar models list|pull|rm."""

from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.commands.outcomes import stoppable
from avatar_creator.cli.options import completion
from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption, YesOption
from avatar_creator.cli.render import model_views as views
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import size
from avatar_creator.domain.text import counted, visible
from avatar_creator.engines.local.models import MODELS
from avatar_creator.errors import NotConfigured
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.library.pulls import Pull

app = typer.Typer(add_completion=False, help="See, download and remove models for your own card.")
APPS = {"models": app}

_NAMED = 3
_known = completion.known_values(tuple(MODELS))
ModelArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Model, by name or by its id of the Hub.", autocompletion=_known)
]
MaybeModelArgument = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Model, by name or by its id of the Hub.", autocompletion=_known)
]


@app.command("list")
def list_(*, json_: JsonOption = False, jsonl: JsonLinesOption = False, quiet: QuietOption = False) -> None:
    """List models: licence, size, and whether each is on this disk."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        out.records(library.models.find(), views.model_line, views.models_table)


@app.command()
def pull(
    name: MaybeModelArgument = None,
    *,
    lora: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="LoRA, as owner/name or owner/name/file; none leaves out that of the model.",
            show_default=False,
        ),
    ] = None,
    revision: Annotated[
        str | None, typer.Option(help="Commit, tag or branch of the model.", show_default="main")
    ] = None,
    accept_license: Annotated[bool, typer.Option("--accept-license", help="Accept the licences; do not ask.")] = False,
    yes: YesOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Download a model, and its LoRA. Files that are whole stay, whatever happens."""
    out = Output(as_json=json_, quiet=quiet)
    with (
        open_library() as library,
        library.models.pull(
            name, lora=lora, revision=revision, on_wait=lambda repo: out.note(_waiting(repo))
        ) as pulling,
    ):
        if pulling.pieces_bytes:
            out.note(f"Removed {size(pulling.pieces_bytes)} that interrupted downloads left.")
        if pulling.files:
            _ask(out, pulling, yes=yes, accept_license=accept_license)
        with (
            stoppable("files that are whole stay.", "The same command downloads the others."),
            render.bytes_progress.downloading(out, pulling.name, pulling.bytes) as on_progress,
        ):
            pulled = pulling.download(on_progress)
        out.record(pulled, views.pulled_line, views.pulled_text)
        out.note(_ended(pulling))


@app.command()
def rm(name: ModelArgument, *, yes: YesOption = False, json_: JsonOption = False, quiet: QuietOption = False) -> None:
    """Remove a model and its LoRA from this disk."""
    out = Output(as_json=json_, quiet=quiet)
    with open_library() as library:
        removal = library.models.removal(name)
        if removal.others:
            out.warn(f"{', '.join(removal.others)} needs the same files, which are removed with it.")
        confirm(f"Remove {', '.join(removal.repositories)}, and free {size(removal.bytes)}?", yes=yes)
        out.record(removal.remove(), views.removed_line, views.removed_text)


def _ask(out: Output, pulling: "Pull", *, yes: bool, accept_license: bool) -> None:
    """Say what would be downloaded, show licences that are new, and ask. Raises Cancelled, NotConfigured."""
    here = f"; {size(pulling.here_bytes)} are here already" if pulling.here_bytes else ""
    what = f"{counted(pulling.files, 'file')}, {size(pulling.bytes)}"
    out.note(f"{pulling.name}: {what} to download into {pulling.folder}{here}.")
    if left := pulling.left_out:
        more = ", ..." if len(left) > _NAMED else ""
        files = counted(len(left), "file that can run code is", "files that can run code are")
        out.note(f"{files} left out: {', '.join(map(visible, left[:_NAMED]))}{more}.")
    licenses = pulling.new_licenses
    for line in views.license_lines(licenses):
        out.note(line)
    asking = [each for each in licenses if each.commercial_use != "yes"]  # the others restrict nobody
    if asking and not accept_license and not can_ask():
        raise NotConfigured(
            f"The licence of {asking[0].of} is not accepted.",
            hint=f"Read it{f' at {asking[0].url}' if asking[0].url else ''}, then say --accept-license.",
        )
    question = (
        f"Accept {'its licence' if len(asking) == 1 else 'these licences'} and download" if asking else "Download"
    )
    confirm(
        f"{question} {size(pulling.bytes)}?",
        yes=accept_license or (yes and not asking),
        otherwise="Nothing was downloaded.",
    )
    pulling.accept()


def _waiting(repo: str) -> str:
    return f"Another process downloads {repo}; waiting for it."


def _ended(pulling: "Pull") -> str:
    if pulling.is_offline:
        return "The Hub cannot be asked; what is on this disk is whole."
    return "All of it was here already." if not pulling.files else "It is whole."
