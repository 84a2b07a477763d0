"""A line between a desk and its platform that breaks on purpose: refuse, lose the request, lose the reply, wait."""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import threading
import time
from collections.abc import Iterator, Sequence

WRITES = (b"PUT ", b"PATCH ", b"POST ")
REQUESTS = (*WRITES, b"GET ", b"HEAD ")
#: What a faulty line does to a request: nothing of it arrives, its answer is lost, its answer is cut in the middle, it comes late.
FAULTS = ("dropped", "lost", "cut", "delayed")


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
                server = socket.create_connection(("127.0.0.1", self._chosen()), 5)
            except OSError:
                client.close()
                return
            for one, other, side in ((client, server, "client"), (server, client, "server")):
                self._peers[one] = other
                self._selector.register(one, selectors.EVENT_READ, side)

    def _chosen(self) -> int:
        """The port that a new connection goes to."""
        return self.target

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
            if not data or sock in self._doomed or (side == "client" and data.startswith(REQUESTS) and self._breaks(data, peer)):
                self._last_words(data, sock, peer)
                self._drop(sock, peer)
                return
            if side == "server" and self.delay:
                time.sleep(self.delay)
            peer.sendall(data)
        except OSError:
            self._drop(sock, peer)

    def _last_words(self, data: bytes, sock: socket.socket, peer: socket.socket) -> None:
        """What still passes before a connection breaks."""

    def _breaks(self, data: bytes, server: socket.socket) -> bool:
        """Count a write; True when its request is lost. A lost reply dooms what the server answers."""
        if not data.startswith(WRITES):
            return False
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


class FaultyLine(Line):
    """Of all requests, reads too, `share` meet a fault at random; each connection goes to one of `targets`. `hits` counts the faults."""

    def __init__(self, targets: Sequence[int], seed: str, share: float = 0.3) -> None:
        self.targets, self.share = tuple(targets), share
        self.requests, self.is_counted = 0, False
        self.hits = dict.fromkeys(FAULTS, 0)
        self._random = random.Random(seed)
        self._cutting_short: set[socket.socket] = set()
        super().__init__(self.targets[0])

    def _chosen(self) -> int:
        return self._random.choice(self.targets)

    def _breaks(self, data: bytes, server: socket.socket) -> bool:
        self.requests += self.is_counted
        if self._random.random() >= self.share:
            return False
        fault = self._random.choice(FAULTS)
        self.hits[fault] += 1
        if fault == "delayed":
            time.sleep(self._random.uniform(0.02, 0.2))
        if fault in {"lost", "cut"}:
            self._doomed.add(server)
        if fault == "cut":
            self._cutting_short.add(server)
        return fault == "dropped"

    def _last_words(self, data: bytes, sock: socket.socket, peer: socket.socket) -> None:
        if sock in self._cutting_short:
            self._cutting_short.discard(sock)
            peer.sendall(data[: len(data) // 2])


@contextlib.contextmanager
def broken_line(target: int) -> Iterator[Line]:
    line = Line(target)
    try:
        yield line
    finally:
        line.close()
