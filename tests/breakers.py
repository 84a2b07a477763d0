"""A line between a desk and its platform that breaks on purpose: refuse, lose the request, lose the reply, wait."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Iterator

WRITES = (b"PUT ", b"PATCH ", b"POST ")


class Line:
    """Forwards 127.0.0.1:port to `target`. `lose_replies` and `lose_requests` count down over writes; `delay` is in seconds."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.lose_replies = self.lose_requests = 0
        self.delay = 0.0
        self.writes = 0
        self._commands = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._commands[1], selectors.EVENT_READ, None)
        self._peers: dict[socket.socket, socket.socket] = {}
        self._doomed: set[socket.socket] = set()
        self._listener = self._listen(0)
        self.port = self._listener.getsockname()[1]
        self._ended = self._cutting = False
        self._thread = threading.Thread(target=self._run, name="line")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def down(self) -> None:
        """Nobody listens any more: connections are refused, open ones break."""
        self._selector.unregister(self._listener)
        self._listener.close()
        self._cutting = True
        self._commands[0].send(b"!")

    def up(self) -> None:
        self._listener = self._listen(self.port)
        self._commands[0].send(b"!")

    def close(self) -> None:
        self._ended = True
        self._commands[0].send(b"!")
        self._thread.join(5)
        for each in (*self._peers, self._listener, *self._commands):
            each.close()
        self._selector.close()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        self._selector.register(listener, selectors.EVENT_READ, None)
        return listener

    def _run(self) -> None:
        while not self._ended:
            for key, _ in self._selector.select(1.0):
                sock = key.fileobj
                if sock is self._commands[1]:
                    self._commands[1].recv(16)
                    self._cut()
                elif sock is self._listener:
                    self._accept()
                elif isinstance(sock, socket.socket):
                    self._forward(sock, key.data)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            client, _ = self._listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                client.close()
                return
            for one, other, side in ((client, server, "client"), (server, client, "server")):
                self._peers[one] = other
                self._selector.register(one, selectors.EVENT_READ, side)

    def _cut(self) -> None:
        if self._cutting:
            self._cutting = False
            self._drop(*self._peers)

    def _forward(self, sock: socket.socket, side: str) -> None:
        peer = self._peers.get(sock)
        if peer is None:
            return
        try:
            data = sock.recv(1 << 20)
            is_write = side == "client" and data.startswith(WRITES)
            if not data or sock in self._doomed or (is_write and self._breaks(peer)):
                self._drop(sock, peer)
                return
            if side == "server" and self.delay:
                time.sleep(self.delay)
            peer.sendall(data)
        except OSError:
            self._drop(sock, peer)

    def _breaks(self, server: socket.socket) -> bool:
        """Count a write; True when its request is lost. A lost reply dooms what the server answers."""
        self.writes += 1
        if self.lose_requests:
            self.lose_requests -= 1
            return True
        if self.lose_replies:
            self.lose_replies -= 1
            self._doomed.add(server)
        return False

    def _drop(self, *socks: socket.socket) -> None:
        for each in socks:
            self._doomed.discard(each)
            if self._peers.pop(each, None) is not None:
                self._selector.unregister(each)
            each.close()


@contextlib.contextmanager
def broken_line(target: int) -> Iterator[Line]:
    line = Line(target)
    try:
        yield line
    finally:
        line.close()
