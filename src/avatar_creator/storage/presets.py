"""The user's own presets, and how often each preset was used."""

import json
from collections.abc import Callable, Collection, Iterable

from avatar_creator.domain.preset import Preset
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.writing import Writer


class Presets(Writer):
    """Presets by their names."""

    def find(self, name: str) -> Preset | None:
        """Return the preset of exactly this name."""
        with translated(self._path):
            row = self._connection.execute("SELECT content FROM presets WHERE name = ?", (name,)).fetchone()
        return None if row is None else _preset(row["content"])

    def find_all(self) -> list[Preset]:
        """Return all, by name."""
        with translated(self._path):
            rows = self._connection.execute("SELECT content FROM presets ORDER BY name").fetchall()
        return [_preset(row["content"]) for row in rows]

    def names(self) -> list[str]:
        with translated(self._path):
            return [row["name"] for row in self._connection.execute("SELECT name FROM presets ORDER BY name")]

    def uses(self) -> dict[str, tuple[int, str]]:
        """Return of each preset that was used, how often and when last; those that come with avatar, too."""
        with translated(self._path):
            rows = self._connection.execute("SELECT * FROM preset_uses").fetchall()
        return {row["name"]: (row["uses"], row["last_used_at"]) for row in rows}

    def add(self, presets: Iterable[Preset], *, replace: bool = False) -> None:
        """Add presets, all or none. Raises InvalidInput for a name that is taken, unless it is to ``replace`` it."""
        with self.together():
            for preset in presets:
                if not replace and self.find(preset.name) is not None:
                    raise taken(preset.name)
                self._put(preset)

    def edit(self, name: str, change: Callable[[Preset], Preset], built_in: Collection[str]) -> Preset:
        """Replace a preset by what ``change`` makes of it, under another name if that has one; return it.

        Raises NotFound, and InvalidInput for a name that another has.
        """
        with self.together():
            preset = self.find(name)
            if preset is None:
                raise gone(name)
            changed = change(preset)
            if changed.name != preset.name:
                if changed.name in built_in or self.find(changed.name) is not None:
                    raise taken(changed.name)
                for table in ("presets", "preset_uses"):
                    self._connection.execute(
                        f"UPDATE OR REPLACE {table} SET name = ? WHERE name = ?", (changed.name, preset.name)
                    )
            self._put(changed)
        return changed

    def remove(self, names: Iterable[str]) -> None:
        """Remove presets and their counts of uses, all or none. Raises NotFound."""
        with self.together():
            for name in names:
                if not self._connection.execute("DELETE FROM presets WHERE name = ?", (name,)).rowcount:
                    raise gone(name)
                self._connection.execute("DELETE FROM preset_uses WHERE name = ?", (name,))

    def _put(self, preset: Preset) -> None:
        at = now()
        self._connection.execute(
            "INSERT INTO presets (name, category, content, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET category = excluded.category, content = excluded.content,"
            " updated_at = excluded.updated_at",
            (preset.name, preset.category, json.dumps(preset.as_json(), ensure_ascii=False), at, at),
        )


def taken(name: str) -> InvalidInput:
    return InvalidInput(
        f"A preset named {name} exists already.",
        hint=f"To change it: avatar preset edit {name}. To see all: avatar preset list",
    )


def gone(name: str) -> NotFound:
    return NotFound(f"There is no preset {name} of yours.", hint="It was deleted meanwhile. See: avatar preset list")


def _preset(content: str) -> Preset:
    return Preset.from_json(json.loads(content))
