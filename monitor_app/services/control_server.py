"""A line-by-line conversation with other programs of this computer, polled by one thread (design.md §7, ``--control``)."""

import ipaddress
import os
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from devices.errors import ConfigError, KnownError

_LONGEST_LINE = 65_536
_MOST_CLIENTS = 8


@dataclass(slots=True)
class _Client:
    connection: socket.socket
    heard: bytearray = field(default_factory=bytearray)
    unsent: bytearray = field(default_factory=bytearray)


def parse_control_address(text: str) -> tuple[str, int]:
    """Return host and port of ``tcp://127.0.0.1:PORT``; port 0 takes a free one.

    :raises ConfigError: it has another form, or other computers could reach it.
    """
    form = "write tcp://127.0.0.1:PORT"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigError(f"'{text}' is no control address: {form}.") from None
    if parts.scheme != "tcp" or port is None or not host or parts.path not in {"", "/"}:
        raise ConfigError(f"'{text}' is no control address: {form}.")
    host = "127.0.0.1" if host == "localhost" else host
    try:
        own = ipaddress.ip_address(host).is_loopback
    except ValueError:
        own = False
    if not own:
        raise ConfigError(f"--control listens on this computer only, not on {host}: {form}.")
    return host, port


class ControlServer:
    """Answers each line of each client with one line. ``open``, ``poll`` and ``close`` belong to one thread.

    Nothing here waits: a client that does not read its answers, or sends a line without an end, is cut off.
    """

    def __init__(self, host: str, port: int, answer: Callable[[str], str]) -> None:
        self._address = host, port
        self._answer = answer
        self._listener: socket.socket | None = None
        self._clients: list[_Client] = []

    @property
    def url(self) -> str:
        """Where it listens, with the port it was given."""
        host, port = self._address
        return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"

    def open(self) -> None:
        """Begin to listen. Raises KnownError when the port is taken."""
        host, _ = self._address
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if os.name != "nt":  # there it would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(self._address)
            listener.listen(_MOST_CLIENTS)
        except OSError as error:
            listener.close()
            raise KnownError(f"{self.url} cannot be used ({error.strerror}): choose another port.") from error
        listener.setblocking(False)
        self._address = host, int(listener.getsockname()[1])
        self._listener = listener

    def poll(self) -> None:
        """Do what can be done now: let clients in, answer what they asked, forget those that left."""
        if self._listener is None:
            return
        sockets = [self._listener, *(client.connection for client in self._clients)]
        ready, _, _ = select.select(sockets, [], [], 0)
        if self._listener in ready:
            self._let_in(self._listener)
        for client in list(self._clients):
            if client.unsent or client.connection in ready:
                self._serve(client, readable=client.connection in ready)

    def close(self) -> None:
        """Stop listening and hang up. Harmless when closed already."""
        for client in list(self._clients):
            self._drop(client)
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _let_in(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # it left before it was let in
        if len(self._clients) >= _MOST_CLIENTS:
            connection.close()
            return
        connection.setblocking(False)
        self._clients.append(_Client(connection))

    def _serve(self, client: _Client, *, readable: bool) -> None:
        try:
            if readable:
                self._hear(client)
            if client.unsent:
                del client.unsent[: client.connection.send(client.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(client)
            return
        if max(len(client.unsent), len(client.heard)) > _LONGEST_LINE:
            self._drop(client)

    def _hear(self, client: _Client) -> None:
        data = client.connection.recv(_LONGEST_LINE)
        if not data:
            raise ConnectionResetError
        client.heard += data
        *lines, rest = bytes(client.heard).split(b"\n")
        client.heard[:] = rest
        for line in lines:
            text = line.decode("utf-8", errors="replace").strip()
            if text:
                client.unsent += self._answer(text).encode() + b"\n"

    def _drop(self, client: _Client) -> None:
        self._clients.remove(client)
        client.connection.close()
