"""What is so of each picture that a batch wants, and what follows from it."""

from collections.abc import Sequence
from typing import NamedTuple

from avatar_creator.domain.batch import State
from avatar_creator.domain.records import Status
from avatar_creator.jobs.batch.rows import Wanted
from avatar_creator.storage.recipes import Known, Recipes

_NOT_ITS_FAULT = frozenset(["interrupted", "cancelled", "after"])  # codes of those that nobody made, or not to the end


class Policy(NamedTuple):
    """What the user wants done with what was made, or failed, before.

    With ``again`` what the batch ``continued`` has made once more is not made another time.
    """

    again: bool = False
    retry_failed: bool = False
    skip_bad: bool = False
    continued: str | None = None


class Found(NamedTuple):
    """A picture that is wanted, and what is known of it: ``avatar`` is the id and the highest version of its row's.

    ``made_again_by`` is the batch that has made it once more, if that one was interrupted or is under way.
    """

    wanted: Wanted
    state: State
    known: Known | None
    avatar: tuple[str, int] | None
    made_again_by: str | None = None

    @property
    def avatar_id(self) -> str | None:
        """The avatar that it is a picture of; None where there is none yet."""
        return self.known.avatar_id if self.known else self.avatar[0] if self.avatar else None


def find_states(recipes: Recipes, project_id: str | None, wanted: Sequence[Wanted], policy: Policy) -> list[Found]:
    """Return what is so of pictures of one project; None is one that is not there yet."""
    if project_id is None:
        return [Found(each, State.NEW, None, None) for each in wanted]
    replaced = [each.row.replaces and each.row.replaces.avatar_id for each in wanted]
    own_known = recipes.find_of((id_, each.recipe) for id_, each in zip(replaced, wanted, strict=True) if id_)
    own_versions = recipes.find_versions(filter(None, replaced))
    hashes = [each.recipe for each in wanted if each.row.replaces is None]
    known = recipes.find(project_id, hashes)
    made_again = dict[str, str]()
    if policy.again:  # what an earlier command has begun to make again is not begun once more
        known |= recipes.find(project_id, hashes, unmade=True)
        made_again = recipes.find_made_again(project_id, hashes, list(_NOT_ITS_FAULT), by=policy.continued)
    ids = [each.persona_id for each in wanted if each.persona_id is not None and each.row.replaces is None]
    avatars = recipes.find_avatars(project_id, ids) if ids else {}
    found = []
    for id_, each in zip(replaced, wanted, strict=True):
        before, avatar = known.get(each.recipe), avatars.get(each.persona_id or "")
        if id_:
            before, avatar = own_known.get((id_, each.recipe)), (id_, own_versions[id_])
        batch_id = made_again.get(each.recipe)
        own = policy._replace(again=policy.again and batch_id is None and not each.was_awaited)
        state = _state(before, avatar, own)
        if state is State.FAILED and before and before.is_current and not id_:
            state = State.EXISTS  # another engine has made it
        found.append(Found(each, state, before, avatar, batch_id))
    return found


def _state(known: Known | None, avatar: tuple[str, int] | None, policy: Policy) -> State:
    if known is None:
        return State.NEW if avatar is None else State.CHANGED
    if known.status in {Status.PENDING, Status.PROCESSING}:
        return State.WAITING
    if known.status is Status.COMPLETED:
        if known.fell_back is not None and (known.fell_back or policy.retry_failed):
            return State.FELL_BACK
        made = State.EXISTS if known.is_current else State.EARLIER
        return State.AGAIN if policy.again else made
    is_blameless = known.status is Status.CANCELLED or known.ends_run or known.error_code in _NOT_ITS_FAULT
    return State.UNFINISHED if is_blameless or policy.retry_failed else State.FAILED
