"""Columns that look by their content like data of people, in an adopted database, and that no map in force describes.

The gate cannot reach them; whatever else reads that database can. GDPR Art. 5(2), 30(1)(c).
"""

from collections.abc import Iterator

from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.looks import columns_in, source_of_place
from governance.oversight.drift.values import Finding, Kind, Severity


def undeclared(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each table, by the worker's last look and the map of now."""
    described = {
        (table.source, table.schema, table.physical.casefold(), column.casefold())
        for table in ground.snapshot.catalogue.tables.values()
        for column in (
            *table.key,
            *(name for link in table.links.values() for name in link.columns),
            *(field.column for field in table.fields.values()),
        )
    }
    for place, look in ground.looks.items():
        source = source_of_place(place)
        if source is None:
            continue
        for table in columns_in(look):
            left = [
                each
                for each in table.columns
                if (source, table.schema, table.physical.casefold(), each.name.casefold()) not in described
            ]
            if left:
                yield Finding(
                    kind=Kind.UNDECLARED,
                    severity=Severity.SERIOUS if any(each.guarded for each in left) else Severity.SETTLE,
                    key=(source, table.schema or "", table.physical),
                    concerns=Role.DPO,
                    name=table.physical,
                    place=source,
                    columns=tuple(sorted(each.name for each in left)),
                    count=len(left),
                    at=look.looked_at,
                )
