"""avatar cast."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.commands.batch_run import make_batch
from avatar_creator.cli.commands.plan_file import PlanFile
from avatar_creator.cli.options.cast import number_of_people, with_axes
from avatar_creator.cli.options.making import Batching, Making, with_batching, with_making
from avatar_creator.cli.options.shared import FileText, JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render import batches, casts
from avatar_creator.cli.render.output import Output
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.jobs.batch.plan import BatchPlan
    from avatar_creator.library.casts import Cast

app = typer.Typer(add_completion=False)
APPS = {"cast": app}


@app.command()
@with_making
@with_batching
@with_axes
def cast(
    number: Annotated[str | None, typer.Argument(metavar="N", help="How many people, 1 to 100,000.")] = None,
    *,
    making: Making,
    batching: Batching,
    values: dict[str, str],
    count: Annotated[str | None, typer.Option("--count", "-n", "--number", "--people", "--size", hidden=True)] = None,
    balance: Annotated[
        list[str] | None,
        typer.Option(metavar="AXIS,...", help="Over what people are balanced.", show_default="gender,age,ethnicity"),
    ] = None,
    quota: Annotated[
        str | None,
        typer.Option(
            click_type=FileText(), metavar="FILE", help="How many of each: a YAML or JSON file.", show_default=False
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            click_type=FileText(),
            metavar="FILE",
            help="As the people of a persona file are spread.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed is another cast.", show_default="1")] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            click_type=FileText(),
            metavar="FILE",
            help="Write the people there, .csv, .jsonl, .yaml or - for stdout, and make nothing.",
            show_default=False,
        ),
    ] = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make people by quota: balanced, no two alike, and the same ones each time.

    Ask for more of them later, and only those who are new are made.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    making.later.check(concurrency=batching.concurrency)
    people = number_of_people(number, count)
    suffix = ".jsonl" if jsonl else ".json" if json_ else ".csv"
    with open_library() as library:
        to = None if plan is None else PlanFile.of(library, plan, batching, making, suffix)
        opened = library.casts.open(
            people,
            seed=seed,
            balance=None if balance is None else [axis for text in balance for axis in text.split(",")],
            quota=quota,
            like=like,
            values=values,
            prompt=making.prompt,
            **batching.arguments(),
            **making.choices,
        )
        if to is None:
            make_batch(library, opened.batch, making, batching, out, show_plan=partial(_show_plan, out, opened))
        else:
            to.write(library, opened, out)


def _show_plan(out: Output, cast: "Cast", plan: "BatchPlan") -> None:
    spec = cast.rows.spec
    shown = casts.CastPlan(plan, spec.seed, spec.people, list(cast.rows.margins()))
    if out.drawn and shown.margins:
        out.draw(casts.margins_table(shown.margins))
        out.draw("")
    out.report(shown, lambda _plan: (), lambda cast: batches.plan_table(cast.plan))
