"""Settings: where Palermo works. Every one can be given as an environment variable `PALERMO_<NAME>`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.confinement import Caps

CHECKOUT = Path(__file__).parents[1]


class Settings(BaseSettings):
    """Where the zones, the ledger, the source descriptions and the release policy are."""

    model_config = SettingsConfigDict(env_prefix="PALERMO_", frozen=True)

    home: Path = Field(Path("var"), description="root of the zones; created when it is not there")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL of the ledger; default is ledger.sqlite in the root"
    )
    sources: Path = Field(CHECKOUT / "sources", description="folder of source descriptions")
    policy: Path = Field(
        CHECKOUT / "anonymize" / "policies" / "public.yml", description="the release policy in force"
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
    def ledger_url(self) -> str:
        """Where the ledger is: the given URL, or a SQLite file in the root."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'ledger.sqlite'}"
