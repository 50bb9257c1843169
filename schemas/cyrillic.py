"""Serbian in Cyrillic letters, from the same text in Latin letters; what is no Serbian word stays Latin."""

import re

DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
LATIN, CYRILLIC = "abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж"
LETTERS = dict(zip(LATIN, CYRILLIC, strict=True))

# Two letters that meet where a prefix or stem ends are two sounds, not one: in-jekcija, nad-živeti.
APART = re.compile(r"(?<=[iI]n)(?=jekc)|(?<=[kK]on)(?=jug|junk)|(?<=[nN]ad)(?=živ)")
BORDER = "\0"

# Placeholders, names of files and keys of `source.yml`, formats and classifications.
FOREIGN = re.compile(
    r"\{\w+\}|\w+[._]\w+"
    r"|\b(?:many: true|columns|ignored|refused|aliases|lookups|records)\b"
    r"|\b(?:JSON|ISIC|ISO|CSV|XLSX|XLS|ODS|PDF|HTML|ZIP|XML|UTF-8|MiB|NUL|Excel|SPSS|Stata|SAS)\b"
)
LATIN_WORD = re.compile(r"lj|nj|dž|[a-zčćđšž]", re.IGNORECASE)


def write_cyrillic(latin: str) -> str:
    """The text letter by letter, as Serbian spelling has it; placeholders and foreign tokens unchanged."""
    pieces, end = [], 0
    for foreign in FOREIGN.finditer(latin):
        pieces += [_transliterate(latin[end : foreign.start()]), foreign.group()]
        end = foreign.end()
    return "".join([*pieces, _transliterate(latin[end:])])


def _transliterate(latin: str) -> str:
    return LATIN_WORD.sub(_replace, APART.sub(BORDER, latin)).replace(BORDER, "")


def _replace(found: re.Match[str]) -> str:
    letter = found.group()
    cyrillic = DIGRAPHS.get(letter.lower()) or LETTERS.get(letter.lower(), letter)
    return cyrillic if letter == letter.lower() else cyrillic.upper()
