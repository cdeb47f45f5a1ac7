"""A small proxy in front of releases, which can be pointed at another one while requests go on."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:  # the name that http.server calls
        connection = http.client.HTTPConnection(urlsplit(self.server.target).netloc, timeout=10)
        try:
            connection.request("GET", self.path)
            answer = connection.getresponse()
            status, body = answer.status, answer.read()
        except OSError as error:
            status, body = 502, str(error).encode()
        finally:
            connection.close()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def front(target: str) -> Iterator[Proxy]:
    """Run a proxy on a free port until the block ends."""
    with Proxy(target) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield proxy
        proxy.shutdown()
