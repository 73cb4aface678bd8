"""Registers kept as tables, by hand: their headings are nobody's."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import openpyxl

from register.exchange.tables.asked import AskedColumns
from register.exchange.tables.columns import Field

OURS: Mapping[str, str] = {
    "Ce que nous faisons": "Paie des équipes",
    "À quoi cela sert": "Verser les salaires; Déclarer les cotisations",
    "Pourquoi c’est permis": "Art. 6.1.c",
    "Rôle": "Responsable",
    "De qui": "Salariés",
    "Quoi": "Identité; RIB",
    "Jusqu’à quand": "5 ans après la fin du contrat",
    "Chez qui": "Paie Exemple",
    "Où": "États-Unis",
    "Protégé par": "Clauses contractuelles types",
    "Pour se plaindre": "Écrire au DPO",
    "Couleur du classeur": "bleu",
    "Code": "secret",
}
ASKED = AskedColumns(
    columns={
        "Ce que nous faisons": Field.NAME,
        "À quoi cela sert": Field.PURPOSES,
        "Pourquoi c’est permis": Field.BASIS,
        "Rôle": Field.CAPACITY,
        "De qui": Field.PEOPLE,
        "Quoi": Field.DATA,
        "Jusqu’à quand": Field.PERIOD,
        "Chez qui": Field.PROCESSORS,
        "Où": Field.TRANSFERS,
        "Protégé par": Field.SAFEGUARD,
        "Pour se plaindre": Field.RIGHTS,
        "Code": Field.LEFT_OUT,
    }
)


def a_csv(*rows: Mapping[str, str]) -> bytes:
    """Return a CSV file of these lines."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def a_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Collection[str] = ()) -> bytes:
    """Return a workbook with these sheets, some of them hidden."""
    workbook = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
