"""How the status of a generation may change: the state machine allows no other, the page for developers lists these."""

from avatar_creator.domain.records import Status

PENDING, PROCESSING = Status.PENDING, Status.PROCESSING
COMPLETED, FAILED, CANCELLED = Status.COMPLETED, Status.FAILED, Status.CANCELLED
MOVES = {
    (PENDING, PROCESSING),  # claim
    (PENDING, CANCELLED),  # cancel
    (PENDING, FAILED),  # what it was to follow was not completed
    (PROCESSING, PENDING),  # release, interrupt
    *((PROCESSING, ended) for ended in (COMPLETED, FAILED, CANCELLED)),
    *((ended, PENDING) for ended in (FAILED, CANCELLED)),  # retry
}
