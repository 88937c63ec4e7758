"""Having generations stop, however many."""

from collections.abc import Callable, Iterable

from avatar_creator.storage.generations import Generations
from avatar_creator.storage.portions import in_portions

_PAGE = 100  # generations that are cancelled at once: it takes some milliseconds


def cancel(
    generations: Generations,
    recover: Callable[[], object],
    ids: Iterable[str],
    *,
    at_once: bool = False,
) -> None:
    """Cancel those that wait, and have those that are made stop at their next step or ``at_once``.

    ``recover`` finds those whose process was killed: they are cancelled, too, and not tried again. Of very many an
    interrupt may leave some as they were; each is stopped or not.
    """
    # The newest first: whoever waits for another one is newer, and would fail as soon as that is cancelled.
    newest_first = sorted(ids, reverse=True)
    pages = (newest_first[first : first + _PAGE] for first in range(0, len(newest_first), _PAGE))
    in_portions(pages, generations.together, lambda page: generations.cancel_some(page, at_once=at_once))
    recover()
    generations.fail_followers()
