"""The workspace: what every step works with: store, ledger, descriptions, and the day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pipeline.settings import Settings, load_settings
from schemas.correction import Correction, parse_corrections
from schemas.description import parse_policy, parse_retention, parse_source
from schemas.policy import Policy
from schemas.retention import Retention
from schemas.source import SOURCE_ID, Source
from storage.ledger import Ledger
from storage.staging import translate_error
from storage.store import Store

DESCRIPTION = "source.yml"


class PolicyUnreadable(Exception):
    """The release policy is not there, or is no text."""


class UnknownSource(Exception):
    """There is no source description of that name."""


@dataclass(frozen=True)
class Described:
    """A source description with its corrections, and the SHA-256 of both, which every case of it carries."""

    source: Source
    version: str
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Workspace:
    """Settings, store and ledger of one Palermo."""

    settings: Settings

    @cached_property
    def store(self) -> Store:
        """The zones; what a killed run left in the staging folder is swept."""
        store = Store(self.settings.home, self.settings.wrapper)
        store.sweep()
        return store

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, migrated to the newest version.

        Raises:
            StorageFailed: the root of the zones is no folder, or cannot be made.
            LedgerUnavailable: the database cannot be reached, or its URL cannot be used.
        """
        try:
            self.settings.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise translate_error(error) from None
        return Ledger.open(self.settings.ledger_url)

    @cached_property
    def policy(self) -> Policy:
        """The release policy in force.

        Raises:
            InvalidDescription: the policy file is not a policy.
        """
        return parse_policy(self.policy_text)

    @cached_property
    def policy_text(self) -> str:
        """The policy file as it is, comments included.

        Raises:
            PolicyUnreadable: there is no such file, or it is not UTF-8.
        """
        try:
            return self.settings.policy.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise PolicyUnreadable(
                "the policy file cannot be read: PALERMO_POLICY must name a policy in UTF-8"
            ) from None

    @cached_property
    def retention(self) -> Retention:
        """The retention policy in force.

        Raises:
            InvalidDescription: the file is not a retention policy.
            PolicyUnreadable: there is no such file, or it is not UTF-8.
        """
        try:
            return parse_retention(self.settings.retention.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise PolicyUnreadable(
                "the retention policy cannot be read: PALERMO_RETENTION must name one in UTF-8"
            ) from None

    @property
    def policy_version(self) -> str:
        """SHA-256 of the policy file."""
        return sha256(self.policy_text.encode()).hexdigest()

    def describe(self, source_id: str) -> Described:
        """Read a source description.

        Raises:
            UnknownSource: there is none of that name.
            InvalidDescription: the description, or one of its corrections, has an error.
        """
        if source_id not in self.source_ids():
            raise UnknownSource(
                f"there is no source of that id in {self.settings.sources.name}/; see palermo status --all"
            )
        return describe_folder(self.settings.sources / source_id)

    @property
    def is_there(self) -> bool:
        """Whether a ledger was made already; asking does not make one."""
        return self.settings.has_server or (self.settings.home / "ledger.sqlite").is_file()

    def source_ids(self) -> tuple[str, ...]:
        """All source ids, sorted."""
        found = (path.parent.name for path in self.settings.sources.glob("*/source.yml"))
        return tuple(sorted(name for name in found if SOURCE_ID.match(name)))

    def today(self) -> date:
        """The day in UTC."""
        return datetime.now(UTC).date()


def open_workspace() -> Workspace:
    """The workspace that the environment and the settings file describe.

    Raises:
        SettingsWrong: one of them cannot be used.
    """
    return Workspace(load_settings())


def describe_folder(folder: Path) -> Described:
    """Read the source description in a folder, which has the id as its name.

    Raises:
        UnknownSource: there is none, or the folder's name is no id.
        InvalidDescription: the description, or one of its corrections, has an error.
    """
    if not (folder / DESCRIPTION).is_file():
        raise UnknownSource(f"there is no {DESCRIPTION} in the folder; give the id of a source or its folder")
    if not SOURCE_ID.match(folder.name):
        raise UnknownSource(
            f"the folder that {DESCRIPTION} lies in has the id of the source as its name, such as "
            "srb_office_victims: country, publisher and dataset in small letters; rename the folder"
        )
    text = (folder / DESCRIPTION).read_text(encoding="utf-8")
    source = parse_source(folder.name, text)
    if source.template:
        text = f"{text}\0{source.model_dump_json()}"  # what the template asks is part of the description
    if not (folder / "corrections.yml").exists():
        return Described(source, sha256(text.encode()).hexdigest())
    corrected = (folder / "corrections.yml").read_text(encoding="utf-8")
    version = sha256(f"{text}\0{corrected}".encode()).hexdigest()
    return Described(source, version, parse_corrections(source, corrected))
