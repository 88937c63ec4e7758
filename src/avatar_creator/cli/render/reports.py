"""How reports are shown: plan, usage, stats, settings, health, and what a file says of itself."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from avatar_creator import domain
from avatar_creator.cli.render.widgets import age, card, nothing, row, size, table, text
from avatar_creator.domain.text import counted, visible
from avatar_creator.domain.tokens import tokens_about, words_in

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from avatar_creator.domain.findings import Finding, Report
    from avatar_creator.domain.price import Price
    from avatar_creator.domain.records import Avatar
    from avatar_creator.domain.spending import SpendingReport, SpentBy
    from avatar_creator.domain.stats import Charged, Stats, Usage
    from avatar_creator.jobs.plan import Plan
    from avatar_creator.settings.origins import Origin
    from avatar_creator.storage.pictures.inspection import FileMarks

Lines = Iterator[Sequence[object]]

_LEVEL_STYLE = {"ok": "green", "note": "yellow", "problem": "bold red", "fixed": "cyan"}


def plan_lines(plan: "Plan") -> Lines:
    for name, value in _plan_pairs(plan):
        yield name.replace(" ", "_"), value


def plan_card(plan: "Plan") -> "RenderableType":
    return card(*_plan_pairs(plan))


def _plan_pairs(plan: "Plan") -> Iterator[tuple[str, object]]:
    request = plan.request
    yield "engine", f"{request.engine} ({plan.engine.model})"
    if plan.makers.sharers:
        yield "shared", ", ".join(f"{each['engine']} ({each['model']})" for each in plan.makers.sharers)
    yield "project", request.project
    yield "name", request.name
    yield "full prompt", request.prompt.full
    yield "prompt length", f"{words_in(request.prompt.full)} words, about {tokens_about(request.prompt.full)} tokens"
    yield "negative prompt", request.prompt.negative
    yield "size", f"{request.width_px}x{request.height_px} {request.format.value}"
    yield "seeds", ", ".join(map(str, plan.seeds))
    for name, value in plan.engine.sent.items():
        yield f"sent {name}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    for license_ in plan.engine.licenses:
        yield "licence", license_
    for name, words in (plan.engine.drawn or {}).items():
        yield f"drawn {name.replace('_', ' ')}", words
    for remark in plan.engine.remarks:
        yield "remark", remark
    if plan.cost is not None:
        yield "cost", plan.cost


def shared_by(sharers: "Sequence[Mapping[str, Any]]") -> str:
    """Say who shares pictures."""
    names = [each["engine"] for each in sharers]
    paid = [each["engine"] for each in sharers if each["paid"]]
    cost = f" The cost is that of all by {' or '.join(paid)}, and what is free goes first." if paid else ""
    return f"Shared by {' and '.join(names)}: whichever is free makes a picture.{cost}"


def usage_lines(usage: "Usage") -> Lines:
    for app in usage.summary:
        yield "app", app.app, app.count, app.last_used_at
    for event in usage.events:
        yield "event", event.id, event.created_at, event.app, event.action, event.reference


def usage_card(usage: "Usage") -> "RenderableType":
    from rich.console import Group

    if not usage.events:
        return nothing("Never used.", f"avatar use {usage.avatar_id} --app NAME --action WHAT")
    summary = table("app", ">uses", ">last")
    for app in usage.summary:
        row(summary, app.app, app.count, age(app.last_used_at))
    events = table("when", "app", "action", "reference")
    for event in usage.events:
        row(events, event.created_at, event.app, event.action, event.reference)
    return Group(summary, "", events)


def used_line(avatar: "Avatar") -> Sequence[object]:
    return avatar.id, avatar.usage_count, avatar.last_used_at


def used_card(avatar: "Avatar") -> "RenderableType":
    return card(("id", avatar.id), ("name", avatar.name), ("used", f"{avatar.usage_count} x"))


def stats_lines(stats: "Stats") -> Lines:
    yield "avatars", stats.avatars
    yield "projects", stats.projects
    for count in stats.generations:
        yield "generations", count.count, count.status.value, count.engine
    for charged in stats.charged:
        yield (
            *("charged", charged.pictures, charged.engine, charged.provider, charged.model, charged.rerolled),
            *(charged.usd, charged.unpriced),
        )
    yield "recent", stats.recent
    yield "usage", stats.usage
    yield "average_usage", stats.average_usage
    for avatar in stats.most_used:
        yield "most_used", avatar.usage_count, avatar.id, avatar.name
    yield "picture_bytes", stats.picture_bytes
    yield "database_bytes", stats.database_bytes
    spending = stats.spending
    for period in ("total", "day", "month"):
        yield "spent", period, *getattr(spending, period)
    if spending.reserved is not None:
        yield "reserved", *spending.reserved[:-1]
    for limit in spending.limits:
        yield "limit", *limit


def stats_card(stats: "Stats") -> "RenderableType":
    counts = ", ".join(f"{c.count} {c.status.value} ({c.engine})" for c in stats.generations)
    used = ", ".join(f"{avatar.name} {avatar.usage_count} x" for avatar in stats.most_used)
    return card(
        ("avatars", stats.avatars),
        ("projects", None if stats.project_id else stats.projects),
        ("generations", counts or "none"),
        ("charged", ", ".join(map(_charged, stats.charged))),
        ("last 7 days", counted(stats.recent, "avatar")),
        ("used", f"{stats.usage} x, {stats.average_usage} an avatar"),
        ("most used", used),
        ("on disk", f"{size(stats.picture_bytes)} pictures, {size(stats.database_bytes)} database"),
        *_spending(stats.spending),
    )


def _charged(charged: "Charged") -> str:
    rerolled = f", {charged.rerolled} of them re-rolled" if charged.rerolled else ""
    paid = domain.price.cost(charged.usd, charged.pictures, charged.unpriced)
    return f"{charged.pictures} by {charged.provider} ({charged.model}){rerolled}, {paid}"


def _spending(spending: "SpendingReport") -> Iterator[tuple[str, object] | None]:
    """Yield what was spent, where anything is ever paid for."""
    if not (spending.total or spending.reserved or spending.limits):
        return
    yield None
    yield "paid in all", spending.total
    yield "today (UTC)", spending.day
    yield "this month", spending.month
    if spending.reserved:
        yield "reserved", spending.reserved
    for limit in spending.limits:
        yield "limit", limit


def spent_line(spent: "SpentBy") -> Sequence[object]:
    return spent


def spent_table(spent: Sequence["SpentBy"]) -> "RenderableType":
    if not spent:
        return nothing("Nothing was paid for.", "avatar stats")
    rows = table("", ">pictures", ">cost")
    for each in spent:
        row(rows, each.name, each.pictures, domain.price.cost(each.usd, each.pictures, each.unpriced))
    pictures, unpriced = (sum(getattr(each, name) for each in spent) for name in ("pictures", "unpriced"))
    all_of_them = domain.price.cost(sum(each.usd or 0.0 for each in spent), pictures, unpriced)
    row(rows, text("all", "bold"), pictures, all_of_them)
    return rows


def setting_line(origin: "Origin") -> Sequence[object]:
    value = origin.value
    return origin.key, "; ".join(map(_one_of, value)) if isinstance(value, tuple) else value, origin.source


def setting_table(origins: Sequence["Origin"]) -> "RenderableType":
    def shown(value: object) -> object:
        if value is None or value == ():
            return text("not set", "dim")
        if isinstance(value, tuple):
            return text("").append("\n").join(text(_one_of(each)) for each in value)
        return value

    rows = table("setting", "value", "from")
    for origin in origins:
        row(rows, origin.key, shown(origin.value), origin.source)
    return rows


def _one_of(value: "Price | str") -> str:
    return value if isinstance(value, str) else _priced(value)


def _priced(price: "Price") -> str:
    return f"{price.provider} {price.model}: {price}"


def health_lines(report: "Report") -> Lines:
    for finding in report.findings:
        yield finding.level.value, finding.subject, finding.message, finding.hint


def health_table(report: "Report") -> "RenderableType":
    def said(finding: "Finding") -> "Text":
        message = text(finding.message)
        return message.append("\n").append(visible(finding.hint), "dim") if finding.hint else message

    rows = table("", "", "")
    rows.show_header = False
    rows.columns[-1].overflow = "fold"  # a path or a hint cut short helps nobody
    for finding in report.findings:
        level = text(finding.level.value, _LEVEL_STYLE[finding.level.value])
        row(rows, level, finding.subject, said(finding))
    return rows


def marks_lines(marks: "FileMarks") -> Lines:
    for name, value in marks.as_json().items():
        if isinstance(value, (bool, dict)):
            yield name, json.dumps(value, ensure_ascii=False)
        elif value is not None:
            yield name, value


def marks_card(marks: "FileMarks") -> "RenderableType":
    def yes(value: bool) -> str | None:
        return "yes" if value else None

    source = marks.digital_source_type
    if source and marks.digital_source_meaning:
        source = f"{source}: {marks.digital_source_meaning}"
    camera: Any = " ".join(filter(None, (marks.camera_make, marks.camera_model, marks.camera_serial)))
    return card(
        ("picture", f"{marks.width_px}x{marks.height_px} {marks.format.value}"),
        ("source type", source or "not stated"),
        ("creator tool", marks.creator_tool),
        ("title", marks.title),
        ("alt text", marks.alt_text),
        ("credit", marks.credit.text if marks.credit else None),
        ("C2PA", "a manifest is there; it was not verified" if marks.c2pa else None),
        None,
        ("generator", marks.generator),
        ("prompt", marks.prompt),
        ("negative prompt", marks.negative_prompt),
        ("seed", marks.seed),
        ("model", marks.model),
        ("recipe", "complete, see --json" if marks.recipe else None),
        None,
        ("place (GPS)", yes(marks.gps)),
        ("camera", camera),
        ("software", marks.software),
    )
