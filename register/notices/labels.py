"""What the words of notices are called on the DPO's pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from register.notices.values import CollectionWay, ToldBy

WAY_LABELS: Final[Mapping[CollectionWay, str]] = {
    CollectionWay.WEBSITE: mark("A form on a website or in an application"),
    CollectionWay.COUNTER: mark("The counter, or a meeting"),
    CollectionWay.TELEPHONE: mark("The telephone"),
    CollectionWay.PAPER: mark("A form on paper"),
    CollectionWay.BOUGHT_FILE: mark("A file that was bought or rented"),
    CollectionWay.PARTNER: mark("A partner"),
    CollectionWay.PUBLIC_SOURCE: mark("A source that is open to the public"),
}
TOLD_BY_LABELS: Final[Mapping[ToldBy, str]] = {
    ToldBy.LETTER: mark("By letter"),
    ToldBy.EMAIL: mark("By e-mail"),
    ToldBy.TEXT_MESSAGE: mark("By text message"),
    ToldBy.TELEPHONE: mark("By telephone"),
    ToldBy.FIRST_MESSAGE: mark("In the first message that was sent to them"),
    ToldBy.KNOWN_ALREADY: mark("They need not be: they know it already (a)"),
    ToldBy.DISPROPORTIONATE: mark("They need not be: impossible, or out of proportion (b)"),
    ToldBy.LAID_DOWN_BY_LAW: mark("They need not be: a law lays the collection down (c)"),
    ToldBy.SECRECY: mark("They must not be: professional secrecy (d)"),
}
