"""What a page tells is wrong with a form, gathered while it is drawn, so that its top and its title say it too.

The macro that draws a field tells its errors here, and the layout, which draws the content before what stands above it,
lists them. No view has to think of it, and no form of the house can forget it.
"""

from dataclasses import dataclass

from flask import Flask, g, has_request_context, request


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One field that could not be taken.

    Attributes:
        id: Of the control, so that a link leads into it.
        label: What it is called, in the reader's language.
        sentence: What is wrong with it, in the reader's language.
    """

    id: str
    label: str
    sentence: str


def init_app(app: Flask) -> None:
    """Let templates tell what is wrong, and ask what was told."""
    app.jinja_env.globals.update(tell_wrong=tell_wrong, tell_refusal=tell_refusal)
    app.jinja_env.globals.update(wrongs_told=wrongs_told, refusal_told=refusal_told)


def tell_wrong(control: str, label: object, sentence: object) -> str:
    """Tell that a field is wrong; nothing is written where it is called."""
    if has_request_context():
        told: list[Wrong] = g.setdefault("wrongs", [])
        wrong = Wrong(id=control, label=str(label), sentence=str(sentence))
        if wrong not in told:
            told.append(wrong)
    return ""


def tell_refusal() -> bool:
    """Tell that what was sent was refused as a whole; say whether it was, and this is the first to say so."""
    if not has_request_context() or request.method != "POST" or g.get("refusal_told"):
        return False
    g.refusal_told = True
    return True


def wrongs_told() -> tuple[Wrong, ...]:
    """Return the fields that were told to be wrong, in the order in which they stand on the page."""
    return tuple(g.get("wrongs", ())) if has_request_context() else ()


def refusal_told() -> bool:
    """Say whether what was sent was refused as a whole."""
    return has_request_context() and bool(g.get("refusal_told"))
