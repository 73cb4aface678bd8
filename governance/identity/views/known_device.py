"""Making the device known on which somebody has signed in, so that guesses elsewhere do not keep them out of it."""

from governance.identity.doorkeeper import Doorkeeper
from governance.web import device
from governance.web.context import current


def remember_device(secret: str) -> None:
    """Have the browser keep that somebody signed in there; nothing, while their second factor is still to be shown.

    Args:
        secret: Of the session that was just opened, or goes on.
    """
    cookie = current().get(Doorkeeper).device_of(secret, device.shown_here())
    if cookie is not None:
        device.keep(cookie)
