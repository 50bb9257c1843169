"""One small source for tests of single rooms: a key, a word, several words in a cell, a year."""

from schemas.description import parse_source
from schemas.source import Source

ID = "xyz_office_cases"
TEXT = """\
title: Office
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: year}
reader: {format: delimited}
columns:
  number: {key: true}
  sex: {field: gender, lookup: sex}
  year: {field: year_of_registration}
  form: {flags: form, separator: "+"}
constants:
  data_source_type: Hotline
  consent_publication: true
  trafficking_status: ActualVictimOfTrafficking
lookups:
  sex: {ženski: Woman, muški: Man}
  form: {radna: [is_forced_labour], seksualna: [is_sexual_exploit]}
"""


def parse_small_source(more: str = "", column: str = "") -> Source:
    """The source with more statements at its end and one more column."""
    text = TEXT.replace("columns:\n", f"columns:\n  {column}\n" if column else "columns:\n")
    return parse_source(ID, text + more)
