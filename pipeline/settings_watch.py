"""The settings of watching: whom to tell, what is too much, where measures go. Nothing by default."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

ADDRESSES = {"metrics_url": ("https", "http"), "lineage_url": ("https", "http", "file")}


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class WatchSettings(BaseModel):
    """What Palermo watches, and whom it tells."""

    alert_mail_server: str | None = Field(
        None, description="name of the mail server that takes alerts; without it none are sent by mail"
    )
    alert_mail_port: int = Field(587, ge=1, le=65535, description="its port")
    alert_mail_security: MailSecurity = Field(
        MailSecurity.STARTTLS,
        description="how the way to it is protected; `none` is for a server on the same machine",
    )
    alert_mail_user: str | None = Field(None, description="user at the mail server, where it asks for one")
    alert_mail_password_file: Path | None = Field(None, description="file whose only line is its password")
    alert_mail_from: str | None = Field(None, description="address that alerts come from")
    alert_mail_to: str | None = Field(None, description="addresses that alerts go to, with commas between")
    alert_webhook_file: Path | None = Field(
        None, description="file whose only line is the address that alerts are posted to as JSON, https://…"
    )
    alert_held_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="share of the rows of a delivery that may wait before people are told; a source may say "
        "another in bounds.max.held_share",
    )
    backup_days: int = Field(
        8, ge=1, description="days after which the last backup, on record or in its folder, is old"
    )
    backup_folder: Path | None = Field(
        None,
        description="folder in which backups lie, the --to of `palermo backup`; the newest is verified every "
        "week; without it none is",
    )
    trail_days: int = Field(35, ge=1, description="days within which the audit trail is to be verified")
    disk_free_gib: int = Field(5, ge=0, description="free space of the zones below which people are told")
    metrics_url: str | None = Field(
        None,
        description="address of an OpenTelemetry collector, such as https://host:4318; without it no metrics "
        "are sent",
    )
    lineage_url: str | None = Field(
        None,
        description="where OpenLineage events go, such as https://host or file:///folder/file; without it "
        "none are sent",
    )


def find_unusable_channels(settings: WatchSettings) -> Iterator[tuple[str, str]]:
    """Settings that are written rightly and do not fit each other: the setting, and what to do."""
    if settings.alert_mail_server is not None:
        if settings.alert_mail_from is None:
            yield "alert_mail_from", "there is a mail server and no sender: name an address"
        if not list_receivers(settings):
            yield "alert_mail_to", "there is a mail server and nobody to write to: name one address or more"
        is_open = settings.alert_mail_security is MailSecurity.NONE
        if is_open and settings.alert_mail_user is not None:
            yield "alert_mail_security", "a password would be sent unprotected: use starttls or tls"
    if (settings.alert_mail_user is None) is not (settings.alert_mail_password_file is None):
        yield "alert_mail_user", "user and password file go together: give both or neither"
    for name, schemes in ADDRESSES.items():
        address = getattr(settings, name)
        if address is not None and urlsplit(address).scheme not in schemes:
            begins = " or ".join(f"{scheme}://" for scheme in schemes)
            yield name, f"write an address that begins with {begins}"


def list_receivers(settings: WatchSettings) -> list[str]:
    """Whom alerts are mailed to."""
    return [each.strip() for each in (settings.alert_mail_to or "").split(",") if each.strip()]
