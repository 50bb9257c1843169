"""Settings: where Palermo works. Every one can be given as an environment variable `PALERMO_<NAME>`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

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

    @property
    def ledger_url(self) -> str:
        """Where the ledger is: the given URL, or a SQLite file in the root."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'ledger.sqlite'}"
