"""A stand-in for the rates service, for laptops, tests and experiments: python sandbox/rates.py [PORT].

It keeps to contracts/rates.yaml, and can be told to be slow: PUT /behaviour {"delay": seconds before it answers}.
"""

from __future__ import annotations

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RATES = {"EUR": "0.92", "GBP": "0.79", "JPY": "151.40", "CHF": "0.88", "USD": "1"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one packet
    server: Server

    def do_GET(self) -> None:  # the name that http.server calls
        currency = self.path.rpartition("/")[2]
        known = currency in RATES
        if self.path != "/healthz":
            time.sleep(self.server.delay)
        body = json.dumps({"currency": currency, "rate": RATES[currency]} if known else {"detail": "unknown"})
        self.send_response(200 if known or self.path == "/healthz" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        self.server.delay = float(body["delay"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    delay = 0.0

    def handle_error(self, request: object, client_address: object) -> None:
        # Who asked has given up waiting: what the experiments are about.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8081
    try:
        Server((os.environ.get("HOST", "127.0.0.1"), port), Handler).serve_forever()
    except KeyboardInterrupt:
        pass
