"""A forgotten password: the page that asks whose, and the one that says, always alike, that a letter is on its way."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from governance.actor import open_to_anyone
from governance.identity import service
from governance.identity.forms import ForgottenForm
from governance.identity.service import AskForReset
from governance.identity.views.pages import blueprint
from governance.settings import Settings
from governance.web.context import current
from governance.web.limits import limited


@blueprint.route("/forgotten", methods=["GET", "POST"])
@open_to_anyone
@limited("5 per hour")
def forgotten() -> ResponseReturnValue:
    """Ask for the e-mail address; where no mail is set up, say whom to ask."""
    context = current()
    form = ForgottenForm()
    mail = context.get(Settings).smtp is not None
    if request.method != "POST" or not mail:
        return render_template("identity/forgotten.html", form=form, mail=mail)
    if not form.validate():
        return render_template("identity/forgotten.html", form=form, mail=mail), 422
    command = AskForReset(email=form.email.data, address=request.remote_addr)
    service.ask_for_reset(context.session, context.clock, context.ids, command)
    return redirect(url_for("identity.forgotten_sent"), code=303)


@blueprint.get("/forgotten/sent")
@open_to_anyone
def forgotten_sent() -> ResponseReturnValue:
    """Say what happens now, whoever asked."""
    return render_template("identity/forgotten_sent.html")
