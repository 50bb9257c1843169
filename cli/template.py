"""The command that writes a form for an agency, and says how a filled one is taken in."""

from pathlib import Path
from typing import Annotated

import typer

from cli.outcome import exit_on_refusal
from schemas.text import Language
from schemas.variant import Variant

DESCRIPTION = """
Write this once, as sources/<iso3>_<office>_<dataset>/source.yml:

  title: ...
  publisher: {{name: ..., country: ...}}
  terms: {{licence: ..., agreement: ...}}
  schedule: {{every: ...}}
  template: {variant}

A filled form, in whichever language it was handed out, is then taken in with
  palermo ingest FILE.xlsx --source <iso3>_<office>_<dataset> --period ..."""


@exit_on_refusal
def template(
    out: Annotated[Path, typer.Option(help="The XLSX file to write; not there yet.")],
    variant: Annotated[
        Variant, typer.Option(help="minimum asks eight questions of a case, full every field.")
    ] = Variant.MINIMUM,
    language: Annotated[
        Language, typer.Option(help="Language of the questions and lists.")
    ] = Language.ENGLISH,
) -> None:
    """Write a form for an agency without a system: every answer is chosen from a list.

    Example: palermo template --variant minimum --language es --out formulario.xlsx
    """
    from pipeline.step import Refusal
    from pipeline.workspace import open_workspace
    from portal.template_workbook import render_template

    content = render_template(variant, language, open_workspace().today().year)
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refusal("there is a file at --out already, perhaps a filled one: name another") from None
    except OSError as error:
        raise Refusal(f"the file cannot be written ({type(error).__name__}): check --out") from None
    typer.echo(out)
    typer.echo(DESCRIPTION.format(variant=variant.value))
