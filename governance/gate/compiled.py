"""The loop over a page, compiled for one plan: the gate's hot path.

What a row costs is Python's overhead around a few calls of AES and one of BLAKE2b, so the loop is written for each
program: every box in lines of its own, all constants local, no object made that is not in the answer. It opens plain
rows only: active people of the expected kinds who do not object and, where consent is asked for, have given it; boxes
of today's shape. Any other row, and any row where something does not fit, goes to the `RowOpener`, whose answers this
loop must equal byte for byte (a test compares them). See docs/adr/0062.

The source is put together from the lines below and numbers only. Names and values of the plan are handed over in the
namespace, never written into the source.
"""

import linecache
import struct
from binascii import hexlify
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.probe import GIVEN_CODE, KIND, LAYOUT, NEVER
from governance.gate.program import BoxRecipe, Program, Recipe
from governance.gate.raw_forms import raw_form
from governance.gate.row_macs import prekeyed_row
from governance.vault.attest import Attestor
from governance.vault.boxes import NONCE_END, NONCE_START, TAIL
from governance.vault.errors import KeyMissingError
from governance.vault.keyring import EpochKeys
from governance.vault.macs import MAC_VERSION
from governance.vault.models import MAC_BYTES, SubjectState
from governance.vault.subject_keys import AAD_MARKS, NONCE_BYTES

Heads = Iterable[Any]
Fast = Callable[[Sequence[Any], Heads, EpochKeys, int, Callable[[Any], bytes | None]], list[bytes | None]]

# Up to so many values of a box are cut out where they stand; with more, decoding it is cheaper.
_FEW: Final = 3
# What is kept of notices that rows were found under.
_KEPT: Final = 1_000
_UUID_PARTS: Final = struct.Struct("8s4s4s4s12s")
# Sources stay at hand for tracebacks, so many of them at most.
_numbers: Final = cycle(range(1_000))


class _UnusualError(Exception):
    """A row that does not fit the loop; carried to its end, never out of it."""


# What anything that does not fit raises: `RowOpener` then says what it is.
_EXPECTED: Final = (
    InvalidTag,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    KeyMissingError,
    struct.error,
    _UnusualError,
)


def heads_of(program: Program, row_ids: Iterable[bytes]) -> Heads:
    """Return, for each row, the identifier it is shown under, as the loop takes it."""
    if program.plan.opaque:
        hide, table_id = program.veil.hide, program.table.id
        return [hide(table_id, row_id) for row_id in row_ids]
    return _UUID_PARTS.iter_unpack(hexlify(b"".join(row_ids)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the loop verifies with."""

    attestor: Attestor
    aad_prefix: bytes


def compile_loop(program: Program, secrets: Secrets) -> Fast | None:
    """Return the loop over pages of a program: from rows and their heads to JSON objects, None for rows left out.

    It takes the rows, their heads, the epoch keys, the seconds since 1970 by which consents are judged, and what opens
    rows that are not plain. Where the plan gives nothing of the kinds that the map expects, there is no loop.
    """
    recipe = program.recipe(program.usual)
    # Rows of adopted tables say nothing of notices, so that none is plain where those count.
    if recipe is None or (program.asks_notices and program.format.mac is None):
        return None
    writer = _Writer(program, recipe, secrets)
    source = "\n".join(writer.lines()) + "\n"
    name = f"<plan {next(_numbers)}>"
    # For tracebacks, which quote the source and never a value.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace = writer.namespace
    exec(compile(source, name, "exec"), namespace)  # noqa: S102 -- our own lines, and numbers
    loop: Fast = namespace["open_rows"]
    return loop


class GivenWhole(dict[bytes, bool]):
    """Whether a row with these notices behind its MAC is given whole; worked out once for each, after it is verified.

    There are as many as there are notices, and few more where people were given several.
    """

    def __init__(self, program: Program) -> None:
        """Start with none."""
        super().__init__()
        self._program: Final = program

    def __missing__(self, given: bytes) -> bool:
        """Work it out, for people of the kinds that the map expects."""
        if len(self) >= _KEPT:
            self.clear()
        whole = self[given] = self._program.given(self._program.usual) <= self._program.opened(given)
        return whole


class _Writer:
    """Puts the loop together."""

    def __init__(self, program: Program, recipe: Recipe, secrets: Secrets) -> None:
        self._program: Final = program
        self._recipe: Final = recipe
        self._secrets: Final = secrets
        self._opened: Final = {box.slot.link for box in recipe.boxes}
        self._pieces: Final[dict[int, list[str]]] = {}
        self.namespace: Final[dict[str, Any]] = {}

    def lines(self) -> list[str]:
        """The source, line by line."""
        body = list(self._body())
        # Locals are read faster than globals; the body has named them all by now.
        names = sorted(self.namespace)
        links = range(len(self._program.format.links))
        return [
            "def open_rows(rows, heads, keys, now, unusual):",
            "    opened = []; emit = opened.append",
            *(f"    {name}_ = {name}" for name in names),
            "    unwrapping = None",
            *(f"    memo{link} = {{}}" for link in links if self._memoised(link)),
            f"    for row, ({self._head()}) in zip(rows, heads):",
            *_indented(body, 2),
            "    return opened",
        ]

    def _body(self) -> Iterator[str]:
        yield f"{self._tuple()} = row"
        yield f"if {self._is_plain()}:"
        yield "    try:"
        yield from _indented(self._mac(), 2)
        for link in range(len(self._program.format.links)):
            yield from _indented(self._consent(link), 2)
            yield from _indented(self._person(link), 2)
        yield from _indented(self._notices(), 2)
        for number, box in enumerate(self._recipe.boxes):
            yield from _indented(self._box(number, box), 2)
        yield from _indented(self._clear(), 2)
        yield f"        emit({self._answer()})"
        yield "        continue"
        yield f"    except {self._local('EXPECTED', _EXPECTED)}:"
        yield "        pass"
        yield "emit(unusual(row))"

    def _local(self, name: str, value: Any) -> str:
        """Hand a constant over and return what the loop calls it."""
        self.namespace[name] = value
        return f"{name}_"

    def _head(self) -> str:
        return "h" if self._program.plan.opaque else "h0, h1, h2, h3, h4"

    def _tuple(self) -> str:
        names = ["row_id"]
        for number, link in enumerate(self._program.format.links):
            names += [f"{mark}{number}" for mark in ("s", "kind", "state", "objections", "version", "epoch", "key")]
            if link.consent is not None:
                names += [f"{part}{number}" for part in ("given", "expires", "sequence", "mac")]
        names += [f"clear{slot.position}" for slot in self._program.format.clear]
        for slot in self._program.format.boxes:
            names += [f"box{slot.position}", f"revision{slot.position + 1}"]
        mac = self._program.format.mac
        if mac is not None:
            names += ["row_mac", *(f"revision{mac.position + number}" for number in range(1, len(mac.others) + 1))]
        return ", ".join(names)

    def _is_plain(self) -> str:
        conditions = []
        active = SubjectState.ACTIVE.code
        for number, link in enumerate(self._program.format.links):
            kind = f"kind{number} == {link.kind.code}"
            conditions.append(f"state{number} == {active} and {kind} and not objections{number}")
            if link.consent is not None:
                unexpired = f"(expires{number} is None or expires{number} > now)"
                conditions.append(f"given{number} == {GIVEN_CODE} and {unexpired}")
        return " and ".join(conditions) or "True"

    def _mac(self) -> Iterator[str]:
        mac = self._program.format.mac
        if mac is None:
            return
        keyed = self._local("KEYED_ROW", prekeyed_row(self._secrets.attestor).copy)
        pack, version = self._local("ROW", mac.layout.pack), self._local("VERSION", MAC_VERSION)
        parts = [str(self._program.table.id), "row_id"]
        for link, revisions in enumerate(mac.revisions):
            parts += [f"s{link}", *(f"revision{at} or 0" for at in revisions)]
        yield f"keyed = {keyed}(); given_ = row_mac[{MAC_BYTES}:]"
        yield f"keyed.update({pack}({', '.join(parts)}) + given_)"
        yield f"if {version} + keyed.digest() + given_ != row_mac: raise {self._local('Unusual', _UnusualError)}"

    def _notices(self) -> Iterator[str]:
        """Hand over each row of which something is withheld as older data: most are given whole, or not at all."""
        if self._program.asks_notices:
            whole = self._local("GIVEN_WHOLE", GivenWhole(self._program))
            yield f"if not {whole}[given_]: raise {self._local('Unusual', _UnusualError)}"

    def _consent(self, link: int) -> Iterator[str]:
        rule = self._program.plan.consent
        if rule is None or self._program.format.links[link].consent is None:
            return
        keyed = self._local("KEYED", self._secrets.attestor.prekeyed(KIND).copy)
        pack, version = self._local("CONSENT", LAYOUT.pack), self._local("VERSION", MAC_VERSION)
        expires = f"{NEVER} if expires{link} is None else expires{link}"
        about = f"s{link}, {self._program.plan.purpose.id}, {rule.channel.code}, {GIVEN_CODE}"
        yield f"keyed = {keyed}()"
        yield f"keyed.update({pack}({about}, {expires}, sequence{link}))"
        # Not in constant time: who could measure a page of decryptions that finely would still have to write the row.
        yield f"if {version} + keyed.digest() != mac{link}: raise {self._local('Unusual', _UnusualError)}"

    def _person(self, link: int) -> Iterator[str]:
        prefix, pack = self._local("PREFIX", self._secrets.aad_prefix), self._local("MARKS", AAD_MARKS.pack)
        marks = f"{prefix} + {pack}(s{link}, kind{link}, state{link}, version{link}, epoch{link})"
        wrapped = f"key{link}[:{NONCE_BYTES}], key{link}[{NONCE_BYTES}:]"
        unwrapped = f"unwrap({wrapped}, {marks})"
        yield f"if epoch{link} != unwrapping: unwrap = keys[epoch{link}].decrypt; unwrapping = epoch{link}"
        opens = link in self._opened
        if opens:
            unwrapped = f"open{link} = {self._local('AESGCM', AESGCM)}({unwrapped}).decrypt"
            yield f"sealed_at{link} = None"
        if not self._memoised(link):
            yield unwrapped
            return
        known, opener = f"memo{link}[s{link}]", f"open{link}"
        yield f"if s{link} in memo{link}: {f'{opener} = {known}' if opens else 'pass'}"
        yield f"else: {unwrapped}; {known} = {opener if opens else 'True'}"

    def _memoised(self, link: int) -> bool:
        return self._program.format.links[link].repeated

    def _box(self, number: int, recipe: BoxRecipe) -> Iterator[str]:
        slot, link = recipe.slot, recipe.slot.link
        box, revision = f"box{slot.position}", f"revision{slot.position + 1}"
        header = slot.current.header
        first, behind = self._local(f"HEADER{number}", header), self._local(f"BEHIND{number}", _next(header))
        bound = self._local(f"BOUND{number}", slot.current.prefix)
        tail = f"{self._local('TAIL', TAIL.pack)}(row_id, s{link}, version{link}, {revision})"
        cut = not recipe.whole and not recipe.dropped and len(recipe.transforms) <= _FEW
        yield f"if {box} is {revision}: {self._nothing(number, recipe, cut=cut)}"
        yield "else:"
        # Whatever begins with the header lies between it and the next one; calling `startswith` takes thrice as long.
        yield f"    if not {first} <= {box} < {behind}: raise {self._local('Unusual', _UnusualError)}"
        yield f"    if {revision} != sealed_at{link}: sealed_at{link} = {revision}; tail{link} = {tail}"
        parts = f"{box}[{NONCE_START}:{NONCE_END}], {box}[{NONCE_END}:]"
        yield f"    plain{number} = open{link}({parts}, {bound} + tail{link})"
        if not recipe.whole:
            yield from _indented(self._cut(number, recipe) if cut else self._decoded(number, recipe), 1)

    def _nothing(self, number: int, recipe: BoxRecipe, *, cut: bool) -> str:
        if not cut:
            return f"plain{number} = {self._local(f'NOTHING{number}', recipe.nothing)}"
        pieces = self._pieces[number] = [f"piece{number}_{place}" for place in range(2 * len(recipe.transforms) + 1)]
        inside = self._local(f"NOTHING{number}", recipe.nothing[1:-1])
        return f"{pieces[0]} = {inside}; {' = '.join(pieces[1:])} = b''"

    def _cut(self, number: int, recipe: BoxRecipe) -> Iterator[str]:
        """Cut a box into pieces around the few values that are replaced, so that nothing is decoded.

        The plaintext is canonical and its values are no objects, so an unescaped quote begins or ends a name or a text:
        `"name":` stands at its field alone, and `,"next":` at the one behind.
        """
        names, plain, pieces = recipe.slot.current.fields, f"plain{number}", self._pieces[number]
        end = "1"
        for place, (name, transform) in enumerate(recipe.transforms):
            key, following = orjson.dumps(name) + b":", names[names.index(name) + 1 :]
            rewrite = self._local(f"FORM{number}_{place}", raw_form(recipe.kinds[name], transform))
            start = f"{plain}.index({self._local(f'FIELD{number}_{place}', key)}) + {len(key)}"
            yield f"start = {start if names.index(name) else len(key) + 1}"
            yield f"{pieces[2 * place]} = {plain}[{end}:start]"
            end = f"end{place}" if following else "-1"
            if following:
                behind = self._local(f"NEXT{number}_{place}", b"," + orjson.dumps(following[0]) + b":")
                yield f"{end} = {plain}.index({behind}, start)"
            yield f"{pieces[2 * place + 1]} = {rewrite}({plain}[start:{end}])"
        yield f"{pieces[-1]} = {plain}[{end}:-1]"

    def _decoded(self, number: int, recipe: BoxRecipe) -> Iterator[str]:
        yield f"values = {self._local('loads', orjson.loads)}(plain{number})"
        for place, name in enumerate(recipe.dropped):
            yield f"del values[{self._local(f'DROPPED{number}_{place}', name)}]"
        for place, (name, transform) in enumerate(recipe.transforms):
            value = f"values[{self._local(f'FIELD{number}_{place}', name)}]"
            yield f"{value} = {self._local(f'FORM{number}_{place}', transform)}({value})"
        yield f"plain{number} = {self._local('dumps', orjson.dumps)}(values)"

    def _clear(self) -> Iterator[str]:
        items = []
        for place, recipe in enumerate(self._recipe.clear):
            value = f"clear{recipe.slot.position}"
            if recipe.give is not None:
                value = f"{self._local(f'GIVE{place}', recipe.give)}({value})"
            items.append(f"{self._local(f'COLUMN{place}', recipe.slot.field.name)}: {value}")
        if items:
            yield f"columns = {self._local('dumps', orjson.dumps)}({{{', '.join(items)}}})"

    def _answer(self) -> str:
        head = "%b" if self._program.plan.opaque else "%b-%b-%b-%b-%b"
        template, values = f'{{"id":"{head}"', [self._head()]
        # Each box is a JSON object; the braces between them go, so that one object stays.
        for number in range(len(self._recipe.boxes)):
            pieces = self._pieces.get(number, [f"plain{number}[1:-1]"])
            template, values = template + "," + "%b" * len(pieces), [*values, *pieces]
        if self._recipe.clear:
            template, values = template + ",%b", [*values, "columns[1:-1]"]
        return f"b'{template}}}' % ({', '.join(values)},)"


def _indented(lines: Iterable[str], depth: int) -> Iterator[str]:
    return (f"{'    ' * depth}{line}" for line in lines)


def _next(header: bytes) -> bytes:
    return (int.from_bytes(header, "big") + 1).to_bytes(len(header), "big")
