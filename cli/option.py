"""Options that several commands share."""

import getpass
from typing import Annotated

import typer

from schemas.text import Language

By = Annotated[
    str,
    typer.Option(
        "--by",
        default_factory=getpass.getuser,
        show_default=False,
        help="Who does it, kept on the audit trail; the login name where it is not given.",
    ),
]
SourceId = Annotated[str, typer.Option("--source", help="Id of the source: a folder name under sources/.")]
Period = Annotated[str, typer.Option(help="2019, 2019-06, 2019-Q2 or 2017-2019.")]
ReportLanguage = Annotated[Language, typer.Option("--language", help="Language of the report.")]
