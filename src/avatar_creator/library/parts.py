"""The parts of a library, each imported when it is first used."""

from functools import cached_property
from typing import TYPE_CHECKING, Self

from avatar_creator import services, settings
from avatar_creator.app import App
from avatar_creator.home import Home
from avatar_creator.library.generations import Generations
from avatar_creator.library.versions import Versions

if TYPE_CHECKING:
    from avatar_creator.domain.preset import Preset
    from avatar_creator.library.archives import Archives
    from avatar_creator.library.batches import Batches
    from avatar_creator.library.casts import Casts
    from avatar_creator.library.checks import Checks
    from avatar_creator.library.config import Config
    from avatar_creator.library.datasets import Datasets
    from avatar_creator.library.galleries import Galleries
    from avatar_creator.library.models import Models, Opened
    from avatar_creator.library.presets import Presets
    from avatar_creator.library.projects import Projects
    from avatar_creator.library.shards import Shards
    from avatar_creator.library.sheets import Sheets
    from avatar_creator.library.twins import Twins
    from avatar_creator.library.verification import Verification
    from avatar_creator.library.worker import LibraryWorker


class Parts:
    """What `Library` has beside its verbs."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.app = App(home)
        self.generations = Generations(self.app)
        self.versions = Versions(self.app)

    def close(self) -> None:
        """Close the database, in all threads; what is asked for afterwards opens it again. For any thread."""
        self.app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def projects(self) -> "Projects":
        from avatar_creator.library.projects import Projects

        return Projects(self.app)

    @cached_property
    def archives(self) -> "Archives":
        from avatar_creator.library.archives import Archives

        return Archives(self.app)

    @cached_property
    def datasets(self) -> "Datasets":
        from avatar_creator.library.datasets import Datasets

        return Datasets(self.app)

    @cached_property
    def galleries(self) -> "Galleries":
        from avatar_creator.library.galleries import Galleries

        return Galleries(self.app)

    @cached_property
    def checks(self) -> "Checks":
        from avatar_creator.library.checks import Checks

        return Checks(self.app)

    @cached_property
    def twins(self) -> "Twins":
        from avatar_creator.library.twins import Twins

        return Twins(self.app)

    @cached_property
    def verification(self) -> "Verification":
        from avatar_creator.library.verification import Verification

        return Verification(self.app)

    @cached_property
    def sheets(self) -> "Sheets":
        from avatar_creator.library.sheets import Sheets

        return Sheets()

    @cached_property
    def batches(self) -> "Batches":
        from avatar_creator.library.batches import Batches

        return Batches(self.app, self._find_preset)

    @cached_property
    def shards(self) -> "Shards":
        from avatar_creator.library.shards import Shards

        return Shards(self.app, self.batches)

    @cached_property
    def casts(self) -> "Casts":
        from avatar_creator.library.casts import Casts

        return Casts(self.app, self.batches, self._find_preset)

    @cached_property
    def models(self) -> "Models":
        from avatar_creator.library.models import Models

        return Models(self.app, self._open_pull)

    @staticmethod
    def _open_pull() -> "Opened":
        from avatar_creator.library.pulls import opened

        return opened

    @cached_property
    def presets(self) -> "Presets":
        from avatar_creator.library.presets import Presets

        return Presets(self.app)

    def _find_preset(self, name: str) -> "Preset":
        return self.presets.get(name)

    @cached_property
    def worker(self) -> "LibraryWorker":
        from avatar_creator.library.worker import LibraryWorker

        return LibraryWorker(self.app)

    @cached_property
    def config(self) -> "Config":
        from avatar_creator.library.config import Config

        return Config(self.app)

    @cached_property
    def whole_backups(self) -> "services.whole_backup.WholeBackups":
        return services.whole_backup.WholeBackups(self.home, self.backups, settings.values.SECRETS)

    @cached_property
    def backups(self) -> "services.backup.Backups":
        return services.backup.Backups(self.home)
