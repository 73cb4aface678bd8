"""Requests that leave the house: answered in a few seconds, and not too long, or failed.

The timeouts of a socket begin anew with each byte, so whoever drips holds whoever waits for as long as they like. So an
alarm shuts the connection when the time for all of it is over, and what is dialled is dialled for no longer than is
left of it, however many addresses the name has. A connection that is used again is watched again.

How long the system takes to find the addresses of a name is not ours: its resolver cannot be hung up on, and has a
time of its own (`timeout` and `attempts` in resolv.conf).
"""

import socket
import threading
import time
from typing import Any, Final, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

LARGEST_ANSWER: Final = 1024 * 1024
# To connect, and to wait for a byte; and for all of it. Each of these seconds holds a thread.
_TIMEOUTS: Final = (2, 5)
_IN_ALL: Final = 8.0


class WatchedLine(HTTPAdapter):
    """What a session asks over: each answer is read whole, in time, or there is none."""

    def __init__(self) -> None:
        """Connect to nothing yet."""
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections that the alarm can shut."""
        super().init_poolmanager(*args, **kwargs)
        _let_be_shut(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Make the same ones to a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        _let_be_shut(manager)
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask, and read the whole answer.

        Raises:
            requests.RequestException: If there is none in time, or one that is too long.
        """
        del args
        kwargs |= {"stream": True, "timeout": _TIMEOUTS}
        with _Alarm(_IN_ALL) as alarm:
            answer = super().send(request, **kwargs)
            try:
                content = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
            except (HTTPError, OSError):
                raise requests.ConnectionError from None
            finally:
                answer.close()
            if alarm.rang:
                # A connection that was shut may look like the end of an answer without a length.
                raise requests.ReadTimeout
        if len(content) > LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError
        # What `Response.content` keeps once it was read.
        answer._content, answer._content_consumed = content, True  # noqa: SLF001
        return answer


_ringing: Final = threading.local()


class _Alarm:
    """Shuts what this thread connects, once the time is over."""

    def __init__(self, seconds: float) -> None:
        self._until: Final = time.monotonic() + seconds
        self._timer: Final = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._lock: Final = threading.Lock()
        self._open: Final[list[socket.socket]] = []
        self.rang = False

    def __enter__(self) -> Self:
        _ringing.alarm = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        _ringing.alarm = None
        self._timer.cancel()
        with self._lock:
            for each in self._open:
                each.close()
            self._open.clear()

    def left(self) -> float:
        """Return how many seconds are left."""
        return self._until - time.monotonic()

    def watch(self, connected: socket.socket) -> None:
        """Shut this one too: a copy, for the connection may be closed while its answer is still read."""
        with self._lock:
            self._open.append(connected.dup())
            if self.rang:
                self._shut()

    def _ring(self) -> None:
        with self._lock:
            self.rang = True
            self._shut()

    def _shut(self) -> None:
        for each in self._open:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It was over already.
                continue


class _Connection(HTTPConnection):
    _line: socket.socket | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Ask; where it is connected already, the alarm of this request has yet to learn of it."""
        if self._line is not None:
            _ringing.alarm.watch(self._line)
        super().request(*args, **kwargs)

    def close(self) -> None:
        """Hang up."""
        super().close()
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _new_conn(self) -> socket.socket:
        """Dial each address of the name in turn while there is time; urllib3 would give each the whole of it."""
        alarm: _Alarm = _ringing.alarm
        try:
            connected = self._dial(alarm)
        except (OSError, UnicodeError) as error:
            raise NewConnectionError(self, type(error).__name__) from error
        # A copy, for TLS takes the socket itself over.
        self._line = connected.dup()
        alarm.watch(self._line)
        return connected

    def _dial(self, alarm: _Alarm) -> socket.socket:
        failed: OSError = TimeoutError()
        for *_, address in socket.getaddrinfo(self._dns_host.strip("[]"), self.port, type=socket.SOCK_STREAM):
            left = alarm.left()
            if left <= 0:
                break
            try:
                return create_connection(
                    (str(address[0]), self.port), min(_TIMEOUTS[0], left), self.source_address, self.socket_options
                )
            except OSError as error:
                failed = error
        raise failed


class _SafeConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


def _let_be_shut(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}
