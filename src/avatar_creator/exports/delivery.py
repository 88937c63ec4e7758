"""What the pictures of an export are to be: as the library has them, or made for those who show them."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from avatar_creator.domain.choices import member
from avatar_creator.domain.picture import Embed, PictureFormat, Shape
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.pictures.renditions import SIZE_LEAST_PX, SIZE_MOST_PX, Wanted

_SIZES_MOST = 12
_AS_ASKED = "Sizes are sides in pixels, from 32 to 1024: 512,256,128"


class Delivery(NamedTuple):
    """``wanted`` is None where pictures stay byte by byte as they are. ``records``: all that is known of them, too."""

    wanted: Wanted | None = None
    records: bool = True

    @classmethod
    def of(
        cls,
        *,
        sizes: Iterable[int] = (),
        shape: str | None = None,
        format_: str | None = None,
        suffix: PictureFormat | None = None,
        embed: str | None = None,
        records: bool | None = None,
    ) -> Self:
        """``suffix`` is the format that names of files end with. What is made for others says no more than a mark.

        Raises InvalidInput for sizes, shapes and formats that there are not, or that do not go together.
        """
        cut = None if shape is None else member(Shape, "shape", shape.lower())
        wanted = None if format_ is None else member(PictureFormat, "format", format_)
        if wanted and suffix and wanted is not suffix:
            raise InvalidInput(
                f"format is {wanted}, and the names end with .{suffix.extension}.", hint="Leave one of them out."
            )
        wanted = wanted or suffix
        if cut is Shape.CIRCLE and wanted is PictureFormat.JPEG:
            raise InvalidInput(
                "shape is circle, and JPEG has no transparent corners.",
                hint="Say --format png or webp; or leave the circle to the page: border-radius: 50%",
            )
        says = None if embed is None else member(Embed, "embed", embed.lower())
        asked = Wanted(checked_sizes(sizes), cut, wanted, says or Embed.MARK)
        if not (asked.sizes or cut or wanted or says) and records is not False:
            return cls()
        return cls(asked, records=bool(records))


def checked_sizes(given: Iterable[object]) -> tuple[int, ...]:
    """Return sizes, each once, the largest first. Raises InvalidInput for those that are not made."""
    sizes: set[int] = set()
    for size in given:
        if not isinstance(size, int) or not SIZE_LEAST_PX <= size <= SIZE_MOST_PX:
            raise InvalidInput(f"size is {shown(size)}, which is none that is made.", hint=_AS_ASKED)
        sizes.add(size)
    different = tuple(sorted(sizes, reverse=True))
    if len(different) > _SIZES_MOST:
        raise InvalidInput(f"size has {len(different)} values, and {_SIZES_MOST} is the most.", hint=_AS_ASKED)
    return different
