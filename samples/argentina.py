"""Invented tables in the form of Argentina's hotline 145: reports, and the persons in them."""

from collections.abc import Mapping
from typing import Any

from samples.chance import Chance
from samples.layout import write_delimited

REPORTS = 40
FIRST_NUMBER = 900_000_001  # the real numbers are spread otherwise
BYTE_ORDER_MARK = "utf-8-sig"

SUBJECTS = {
    "Explotación sexual": 28,
    "Explotación laboral": 22,
    "Persona desaparecida": 8,
    "Posible captación": 10,
    "Explotación sexual niñas, niños y adolescentes": 8,
    "Explotación laboral niñas, niños y adolescentes": 4,
    "Oferta laboral engañosa": 5,
    "Reducción a la servidumbre o situaciones análogas": 3,
    "Servidumbre doméstica": 2,
    "Matrimonio forzado": 1,
    # words with commas of their own, joined by commas and in small letters: the order of the real form
    "Explotación sexual niñas, niños y adolescentes, posible captación": 3,
    "Explotación laboral, reducción a la servidumbre o situaciones análogas": 3,
    # typed by hand: the lookup does not know it, and must not
    "Explotación laboral, texto libre inventado": 3,
}
PROVINCES = {"Buenos Aires": 45, "Córdoba": 10, "Santa Fe": 10, "Mendoza": 10, "Tucumán": 5, "": 10}
NATIONALITIES = {"": 60, "Argentina": 25, "Paraguay": 6, "Bolivia": 5, "Sin descripcion": 2, "Venezuela": 2}
VICTIMS = {"Mujer": 65, "Hombre": 22, "": 11, "Travesti": 2}
ACCUSED = {"Hombre": 55, "Mujer": 32, "": 13}
INDIRECT_SHARE = 0.15


def make_tables(chance: Chance) -> dict[str, bytes]:
    """Both tables by file name; every report has one direct victim or two."""
    persons: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    for number in range(FIRST_NUMBER, FIRST_NUMBER + REPORTS):
        call = _call(chance, number)
        calls.append(call)
        persons += [_person(chance, call, "Victima directa", VICTIMS) for _ in range(chance.whole(1, 2))]
        persons += [_person(chance, call, "Acusado", ACCUSED) for _ in range(chance.whole(0, 2))]
        if chance.happens(INDIRECT_SHARE):
            persons.append(_person(chance, call, "Victima indirecta - familiar", VICTIMS))
    return {
        "oficina-rescate-denuncias-referidos-invented.csv": write_delimited(
            persons, encoding=BYTE_ORDER_MARK
        ),
        "rescate-denuncias-invented.csv": write_delimited(calls, encoding=BYTE_ORDER_MARK),
    }


def _call(chance: Chance, number: int) -> dict[str, Any]:
    date = f"{chance.whole(2020, 2021)}-{chance.whole(1, 12):02}-{chance.whole(1, 28):02}"
    return {
        "fecha_ingreso": date,
        "hora_ingreso": "",
        "nro_registro_interno": number,
        "situacion": chance.pick({"Urgencia": 8, "Emergencia": 2}),
        "origen": "Ciudadano",
        "es_anonima": chance.pick({"No": 6, "Si": 4}),
        "tema": "Trata",
        "subtema": chance.pick(SUBJECTS),
        "provincia": chance.pick(PROVINCES),
        "localidad": "Villa Inventada",
        "dependencia_alta": "PNR - Línea 145",
        "via_ingreso": "Línea 145",
        **_referrals(date),
        "denunciante_nacionalidad": "",
        "denunciante_provincia": "",
        "denunciante_localidad": "",
        "denunciante_tipo": "Denunciante - ciudadano",
        "denunciante_como_conocio_la_linea": "",
        "denunciante_genero": chance.pick({"Mujer": 6, "Hombre": 4}),
        "denunciante_edad_aparente": chance.whole(18, 70),
        "provincia_indec_id": "",
    }


def _referrals(date: str) -> dict[str, str]:
    first = {"institucion": "Institución inventada", "fecha": f"{date} 12:00", "judicializa": "Si"}
    columns = {f"derivacion_{name}": value for name, value in first.items()}
    return columns | {f"derivacion{number}_{name}": "" for number in (2, 3) for name in first}


def _person(chance: Chance, call: dict[str, Any], role: str, genders: Mapping[str, float]) -> dict[str, Any]:
    return {
        "nro_registro_interno": call["nro_registro_interno"],
        "fecha_ingreso_denuncia": call["fecha_ingreso"],
        "tema": call["tema"],
        "subtema": call["subtema"],
        "referido_tipo": role,
        "nacionalidad": chance.pick(NATIONALITIES),
        "provincia": call["provincia"],
        "localidad": "",
        "genero": chance.pick(genders),
        "edad_aparente": _age(chance, role, "niñas" in call["subtema"]),
        "embarazada": "No",
        "discapacidad": "",
        "provincia_indec_id": "",
    }


def _age(chance: Chance, role: str, child: bool) -> str:
    """An age as a caller guesses it: often none, sometimes 0 for "no idea"."""
    if chance.happens(0.3):
        return chance.pick({"": 6, "0": 4})
    if role == "Victima directa" and child:
        return str(chance.whole(8, 17))
    return str(chance.whole(18, 60))
