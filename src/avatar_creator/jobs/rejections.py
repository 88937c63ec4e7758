"""What becomes of a generation whose picture failed its check: another one is made, or it has failed."""

from avatar_creator import quality
from avatar_creator.domain.check import Check, Fault
from avatar_creator.engines.table import draws
from avatar_creator.errors import AvatarError, InvalidInput, LimitReached, Rejected
from avatar_creator.jobs.attempt import Saved
from avatar_creator.jobs.failures import ends_run, failure_of
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.storage.leases import Leases


class Rejections:
    """Writes pictures that failed their check, and has others made in their place."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases

    def checked(self, flight: InFlight, saved: Saved) -> Saved:
        """Return a picture with what its check found, and that it looks like another avatar's if it does."""
        lease, picture = flight.lease, saved.avatar.picture
        if saved.faults or flight.task.request.check is not Check.FACE or draws(lease.engine) or picture is None:
            return saved
        alike = self._leases.find_alike(lease, picture.perceptual_hash)
        return saved if alike is None else saved._replace(faults=quality.judging.twin(alike.name, alike.id, alike.bits))

    def write(self, flight: InFlight, saved: Saved) -> None:
        """Add the picture to the rejects. The next one is made with another seed, as often as was asked for.

        After that, or where a limit refuses to pay for the next one, the generation has failed.
        """
        lease, rerolls = flight.lease, flight.task.request.rerolls
        made = lease.rejected % (rerolls + 1) + 1  # in this try: who tries again has them all again
        calls, error = flight.report.calls_ended, None
        flight.error = None
        if made <= rerolls:
            try:
                held = self._leases.reject(lease, saved.avatar, saved.faults, calls_ended=calls)
            except (LimitReached, InvalidInput) as refused:
                error = _unpaid(refused, saved.faults)
            else:
                flight.waits_again = held
                flight.notice = f"{saved.avatar.name}: {_said(saved.faults)} It is made again ({made} of {rerolls})."
                return
        if error is None:
            many = "Its picture" if made == 1 else f"All {made} pictures of it"
            hint = f"Look at what was made: avatar rejects {lease.id}"
            error = Rejected(f"{many} failed the check. {_said(saved.faults)}", hint=hint)
        flight.error = error
        self._leases.reject(
            lease, saved.avatar, saved.faults, failure_of(error), ends_run=ends_run(error), calls_ended=calls
        )


def _said(faults: tuple[Fault, ...]) -> str:
    return " ".join(fault.said for fault in faults)


def _unpaid(refused: AvatarError, faults: tuple[Fault, ...]) -> AvatarError:
    return type(refused)(f"Its picture failed the check. {_said(faults)} {refused.message}", hint=refused.hint)
