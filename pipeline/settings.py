"""Settings: where Palermo works. Each is an environment variable `PALERMO_<NAME>`, or a line of a file.

The file is YAML and named by `PALERMO_SETTINGS`; a variable wins over a line. Whatever is wrong is refused
before anything is opened, by name and with a remedy, and without the value: it may hold a password.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipeline.confinement import Caps
from pipeline.settings_watch import WatchSettings, find_unusable_channels
from schemas.nearest import ask_nearest, find_nearest
from schemas.plain_yaml import load_plain_yaml
from storage.envelope import KeyCommand, KeyFile
from storage.zone import find_key_file

CHECKOUT = Path(__file__).parents[1]
PREFIX = "PALERMO_"
SETTINGS_FILE = f"{PREFIX}SETTINGS"
# Variables of the tests, which no setting may be named like.
OF_TESTS = (f"{PREFIX}TEST_", f"{PREFIX}REAL_DATA")


class SettingsWrong(Exception):
    """One or more settings cannot be used; the message names each, and what to do."""


class Settings(WatchSettings, BaseSettings):
    """Where the zones, the ledger, the source descriptions and the release policy are."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    home: Path = Field(Path("var"), description="root of the zones; created when it is not there")
    database_url: str | None = Field(
        None,
        description="SQLAlchemy URL of the ledger, postgresql+psycopg://… in production; default is "
        "ledger.sqlite in the root",
        json_schema_extra={"secret": True},
    )
    database_url_file: Path | None = Field(
        None, description="file whose only line is that URL, so that no environment shows its password"
    )
    key_file: Path | None = Field(
        None,
        description="file of the key that wraps all others, never in the root: keep a copy apart, without it "
        "nothing can be read; default is palermo.key in a folder beside the root, `<root>-keys`, made at the "
        "first start",
    )
    key_command: str | None = Field(
        None,
        description="program that wraps and unwraps keys instead of a key file, for a key server or a "
        "security module; see docs/how-to/keys-and-backup.md",
        json_schema_extra={"secret": True},
    )
    sources: Path = Field(CHECKOUT / "sources", description="folder of source descriptions")
    policy: Path = Field(
        CHECKOUT / "anonymize" / "policies" / "public.yml", description="the release policy in force"
    )
    retention: Path = Field(
        CHECKOUT / "pipeline" / "policies" / "retention.yml",
        description="the retention policy in force: how long files as handed in are kept",
    )
    reading_memory_mib: int = Field(
        4096, ge=64, description="most memory of the process that parses a submission's files"
    )
    reading_cpu_seconds: int = Field(1800, ge=1, description="most processor time of that process")
    reading_silence_seconds: int = Field(
        300, ge=1, description="longest wait for that process to say something"
    )
    reading_file_mib: int = Field(1024, ge=1, description="largest file of a format that is read as a whole")
    reading_batch_mib: int = Field(
        16, ge=1, description="size of the batches in which delimited text is read"
    )
    airflow_port: int = Field(
        8080, ge=1, le=65535, description="port of Airflow's web page under `palermo up`, on 127.0.0.1"
    )

    @property
    def caps(self) -> Caps:
        """What reading one submission may take."""
        return Caps(
            memory_mib=self.reading_memory_mib,
            cpu_seconds=self.reading_cpu_seconds,
            silence_seconds=self.reading_silence_seconds,
            file_mib=self.reading_file_mib,
            batch_mib=self.reading_batch_mib,
        )

    @property
    def wrapper(self) -> KeyFile | KeyCommand:
        """What wraps the keys: the command, or the key file."""
        if self.key_command:
            return KeyCommand(self.key_command)
        return KeyFile((self.key_file or find_key_file(self.home)).absolute())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, and that over the file."""
        return init_settings, env_settings, SettingsFile(settings_cls)

    @property
    def ledger_url(self) -> str:
        """Where the ledger is: the given URL, or a SQLite file in the root.

        Raises:
            SettingsWrong: the file with the URL cannot be read.
        """
        if self.database_url_file is not None:
            return _read_line(self.database_url_file, "database_url_file")
        return self.database_url or f"sqlite:///{self.home.resolve() / 'ledger.sqlite'}"

    @property
    def has_server(self) -> bool:
        """Whether the ledger is anywhere else than in the root."""
        return self.database_url is not None or self.database_url_file is not None


class SettingsFile(PydanticBaseSettingsSource):
    """The lines of the file that `PALERMO_SETTINGS` names; none where it names no file."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Not asked: `__call__` gives all lines at once, unknown ones too."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Every line, unknown ones too, which the model refuses.

        Raises:
            SettingsWrong: the file cannot be read, or is no plain YAML of names and values.
        """
        path = os.environ.get(SETTINGS_FILE)
        if not path:
            return {}
        try:
            content = load_plain_yaml(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SettingsWrong(
                f"{SETTINGS_FILE}: the file cannot be read ({type(error).__name__}): name a YAML file with a "
                "line `name: value` for each setting, or unset it"
            ) from None
        if not isinstance(content, dict):
            raise SettingsWrong(
                f"{SETTINGS_FILE}: the file has no lines `name: value`: add some, or unset it"
            )
        return content


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process, every one checked.

    Raises:
        SettingsWrong: a name is unknown, a value is of another kind, or what it names cannot be used.
    """
    problems = _find_unknown(environment)
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsWrong(_join([*problems, *_explain(error)])) from None
    problems += _find_unusable(settings)
    if problems:
        raise SettingsWrong(_join(problems))
    return settings


def read_secret(settings: Settings, name: str) -> str | None:
    """The only line of the file that a setting names; None where it names none.

    Raises:
        SettingsWrong: the file cannot be read.
    """
    path: Path | None = getattr(settings, name)
    return None if path is None else _read_line(path, name)


def name_variable(setting: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{setting.upper()}"


def _find_unknown(environment: Iterable[str]) -> list[str]:
    known = {name_variable(name) for name in Settings.model_fields}
    given = {name for name in environment if name.startswith(PREFIX) and not name.startswith(OF_TESTS)}
    unknown = sorted(given - known - {SETTINGS_FILE})
    return [f"{name}: there is no such setting{_ask(name.removeprefix(PREFIX))}" for name in unknown]


def _ask(name: str) -> str:
    near = ask_nearest(map(name_variable, find_nearest(name, Settings.model_fields)))
    return near or "; docs/reference/settings.md lists all; unset it"


def _explain(error: ValidationError) -> list[str]:
    """A line for each problem, without what was given."""
    lines = []
    for problem in error.errors(include_input=False, include_context=False, include_url=False):
        name = str(problem["loc"][0])
        if problem["type"] == "extra_forbidden":
            lines.append(f"{name}: there is no such setting{_ask(name)}")
        else:
            meaning = Settings.model_fields[name].description
            lines.append(f"{name_variable(name)}: {problem['msg'].lower()}; it is the {meaning}")
    return lines


def _find_unusable(settings: Settings) -> list[str]:
    """What is written rightly and names something that is not there."""
    problems = []
    if settings.home.exists() and not settings.home.is_dir():
        problems.append(f"{name_variable('home')}: it is a file: name a folder, which may be new")
    if not settings.sources.is_dir():
        problems.append(f"{name_variable('sources')}: there is no such folder: name that of the descriptions")
    if not settings.policy.is_file():
        problems.append(f"{name_variable('policy')}: there is no such file: name a release policy in YAML")
    if not settings.retention.is_file():
        problems.append(f"{name_variable('retention')}: there is no such file: name a retention policy")
    if settings.database_url is not None and settings.database_url_file is not None:
        problems.append(f"{name_variable('database_url')} and its _FILE are both given: unset one of them")
    elif settings.database_url_file is not None:
        problems += _try_line(settings.database_url_file, "database_url_file")
    for name in ("alert_mail_password_file", "alert_webhook_file"):
        path = getattr(settings, name)
        problems += [] if path is None else _try_line(path, name)
    if not problems and settings.alert_webhook_file is not None:
        problems += _try_address(read_secret(settings, "alert_webhook_file") or "")
    problems += [f"{name_variable(name)}: {why}" for name, why in find_unusable_channels(settings)]
    return [*problems, *_find_unsafe_key(settings), *_find_backup_inside(settings)]


def _find_unsafe_key(settings: Settings) -> list[str]:
    name, path = name_variable("key_file"), settings.key_file
    if path is None:
        return []
    if settings.key_command:
        return [f"{name} and {name_variable('key_command')} are both given: unset one of them"]
    if path.resolve().is_relative_to(settings.home.resolve()):
        return [f"{name}: it is in the root: name a file apart, so that no copy of the root holds its key"]
    return []


def _find_backup_inside(settings: Settings) -> list[str]:
    """A folder that is not there now may be mounted later: only the check of backups asks for it."""
    folder = settings.backup_folder
    if folder is None or not folder.resolve().is_relative_to(settings.home.resolve()):
        return []
    return [f"{name_variable('backup_folder')}: it is in the root: name the folder that backups are made to"]


def _try_line(path: Path, setting: str) -> list[str]:
    try:
        _read_line(path, setting)
    except SettingsWrong as wrong:
        return [str(wrong)]
    return []


def _try_address(address: str) -> list[str]:
    """The address is a secret, and goes over the network in the open without TLS."""
    parts = urlsplit(address)
    if parts.hostname and (parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")):
        return []
    return [f"{name_variable('alert_webhook_file')}: its line is no address: write https://…"]


def _read_line(path: Path, setting: str) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(
            f"{name_variable(setting)}: the file cannot be read ({type(error).__name__}): name one that this "
            "user may read"
        ) from None


def _join(problems: Iterable[str]) -> str:
    lines = list(problems)
    return lines[0] if len(lines) == 1 else "\n  ".join((f"{len(lines)} settings are wrong", *lines))
