"""A stand-in for the mail gateway, for laptops, tests and experiments: python sandbox/gateway.py [PORT].

It keeps to contracts/gateway.yaml, and can be told to misbehave:

    PUT /behaviour {"delay": seconds before it answers, "failing": share that it answers with 503}
    PUT /behaviour {"gone": seconds without anybody at its port}
    GET /deliveries                   how often each text was tried, and how often delivered
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mailbox:
    """What was delivered; survives the server that it stands behind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._receipts: dict[str, str] = {}
        self._deliveries: dict[str, dict[str, int]] = {}
        self.delay = 0.0
        self.failing = 0.0
        self.gone = 0.0

    def take(self, key: str | None, text: str) -> tuple[bool, str]:
        """Deliver a text, unless it came under this key before; return whether it is new, and the receipt."""
        with self._lock:
            counted = self._deliveries.setdefault(text, {"tried": 0, "delivered": 0})
            counted["tried"] += 1
            if key is not None and key in self._receipts:
                return False, self._receipts[key]
            counted["delivered"] += 1
            receipt = f"receipt-{sum(each['delivered'] for each in self._deliveries.values())}"
            if key is not None:
                self._receipts[key] = receipt
            return True, receipt

    def deliveries(self) -> bytes:
        with self._lock:
            return json.dumps(self._deliveries).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one packet
    server: Server

    def do_POST(self) -> None:  # the name that http.server calls
        mailbox, body = self.server.mailbox, self._body()
        if self.path != "/notices":
            self._answer(404, {"detail": "there is no such path"})
        elif random.random() < mailbox.failing:
            self._answer(503, {"detail": "busy"})
        elif not isinstance(body, dict) or "@" not in str(body.get("to", "")) or not body.get("text"):
            self._answer(422, {"detail": "a notice has an address and a text"})
        else:
            new, receipt = mailbox.take(self.headers.get("Idempotency-Key"), str(body["text"]))
            time.sleep(mailbox.delay)  # the notice is on its way, whether or not somebody waits for the answer
            self._answer(201 if new else 200, {"receipt": receipt})

    def do_PUT(self) -> None:
        mailbox, body = self.server.mailbox, self._body()
        if self.path != "/behaviour" or not isinstance(body, dict):
            self._answer(404, {"detail": "there is no such path"})
            return
        mailbox.delay = float(body.get("delay", mailbox.delay))
        mailbox.failing = float(body.get("failing", mailbox.failing))
        self._answer(200, {"status": "ok"})
        if body.get("gone"):
            mailbox.gone = float(body["gone"])
            threading.Timer(0.1, self.server.shutdown).start()  # after this answer

    def do_GET(self) -> None:
        if self.path == "/deliveries":
            self._answer(200, self.server.mailbox.deliveries())
        else:
            self._answer(200 if self.path == "/healthz" else 404, {"status": self.path.strip("/")})

    def _body(self) -> Any:
        try:
            return json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        except ValueError:
            return None

    def _answer(self, code: int, content: dict[str, str] | bytes) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.server.closing:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], mailbox: Mailbox) -> None:
        super().__init__(address, Handler)
        self.mailbox = mailbox
        self.closing = False
        self._connections: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """Take nobody in any more, and end every connection."""
        self.closing = True
        self.server_close()
        for connection in list(self._connections):
            self.shutdown_request(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        # Who asked has given up waiting, or was cut off: what the experiments are about.
        if not isinstance(sys.exc_info()[1], (ConnectionError, ValueError, OSError)):
            super().handle_error(request, client_address)


def main(port: int) -> None:
    mailbox = Mailbox()
    while True:
        server = Server((os.environ.get("HOST", "127.0.0.1"), port), mailbox)
        server.serve_forever(poll_interval=0.05)
        server.cut()
        time.sleep(mailbox.gone)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 8081)
    except KeyboardInterrupt:
        pass
