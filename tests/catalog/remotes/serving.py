"""A host on 127.0.0.1: git's smart HTTP by `git http-backend`, and the APIs of GitHub, GitLab and Gitea."""

import base64
import hashlib
import json
import os
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from catalog.gitcommand import environment

LONG_AGO = "2024-05-01T10:00:00Z"


class Forge:
    """The host. `git/` below its folder are its repositories; `rules` answer a path's beginning otherwise."""

    def __init__(self, folder: Path, tls: tuple[Path, Path] | None = None) -> None:
        self.folder = folder
        (folder / "git").mkdir(parents=True)
        self.token: str | None = None
        self.groups: dict[str, list[dict[str, Any]]] = {}
        self.users: dict[str, list[dict[str, Any]]] = {}
        self.requests: list[str] = []
        self.sent: list[dict[str, str]] = []
        self.rules: dict[str, Callable[[Any], None]] = {}
        self.etags = True
        self.page = 100
        self.ahead = 0.0
        forge = self

        class Handler(_Handler):
            host = forge

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{scheme}://{self.host}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def bare(self, name: str) -> Path:
        """The folder of a repository."""
        return self.folder / "git" / f"{name}.git"

    def address(self, name: str) -> str:
        return f"{self.url}/git/{name}.git"

    def has(self, group: str, id_: int, name: str, *, pushed: str = LONG_AGO, **more: Any) -> dict[str, Any]:
        """Let a group have a repository; `name` is its path on this host."""
        item = {"id": id_, "name": name, "pushed": pushed, "branch": "main", "archived": False, "fork": False}
        self.groups.setdefault(group, []).append(item | more)
        return self.groups[group][-1]

    def asked_of_git(self) -> list[str]:
        return [path for path in self.requests if path.startswith("/git/")]


class _Handler(BaseHTTPRequestHandler):
    host: Forge
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def version_string(self) -> str:
        return "forge"

    def date_time_string(self, timestamp: float | None = None) -> str:
        moment = datetime.fromtimestamp(time.time() + self.host.ahead, UTC)
        return format_datetime(moment, usegmt=True)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)  # a whole address where we are asked as a proxy
        path = parts.path
        self.host.requests.append(path)
        self.host.sent.append({k.lower(): v for k, v in self.headers.items()} | {":url": self.path})
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        for beginning, rule in self.host.rules.items():
            if path.startswith(beginning):
                rule(self)
                return
        if not self._allowed():
            self.reply(401, b"", {"WWW-Authenticate": 'Basic realm="forge"'})
        elif path.startswith("/git/"):
            self._git(path, parts.query)
        else:
            self._api(unquote(path), {k: v[0] for k, v in parse_qs(parts.query).items()})

    def _allowed(self) -> bool:
        token = self.host.token
        if token is None:
            return True
        said = self.headers.get("Authorization", "")
        if said.startswith("Basic "):
            return base64.b64decode(said[6:]).decode().partition(":")[2] == token
        return token in (said.partition(" ")[2], self.headers.get("PRIVATE-TOKEN"))

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _git(self, path: str, query: str) -> None:
        env = environment() | {
            "GIT_PROJECT_ROOT": str(self.host.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": unquote(path),
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(self.body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=self.body, env=env, capture_output=True, check=False
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        self.reply(status, body, headers)

    def _api(self, path: str, query: dict[str, str]) -> None:
        words = path.strip("/").split("/")
        kind = {"api/v4": "gitlab", "api/v1": "gitea"}.get("/".join(words[:2]), "github")
        words = words if kind == "github" else words[2:]
        held = {"orgs": self.host.groups, "groups": self.host.groups, "users": self.host.users}.get(
            words[0], {}
        )
        items = held.get("/".join(words[1:-1]))
        if items is None:
            self.reply(404, b'{"message": "Not Found"}')
            return
        size, number = self.host.page, int(query.get("page", "1"))
        part = items[(number - 1) * size : number * size]
        body = json.dumps([getattr(self, f"_{kind}")(item) for item in part]).encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        headers = {"Content-Type": "application/json", "ETag": etag} if self.host.etags else {}
        if number * size < len(items):
            more = (
                urlsplit(self.path)
                ._replace(query="&".join(f"{k}={v}" for k, v in (query | {"page": str(number + 1)}).items()))
                .geturl()
            )
            headers["Link"] = f'<{self.host.url}{more}>; rel="next", <{self.host.url}/last>; rel="last"'
        if self.host.etags and self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
        else:
            self.reply(200, body, headers)

    def _urls(self, item: dict[str, Any]) -> tuple[str, str]:
        return item.get(
            "url", self.host.address(item["name"])
        ), f"ssh://git@{self.host.host}/{item['name']}.git"

    def _github(self, item: dict[str, Any]) -> dict[str, Any]:
        https, by_ssh = self._urls(item)
        return {
            "id": item["id"],
            "full_name": item["name"],
            "clone_url": https,
            "ssh_url": by_ssh,
            "archived": item["archived"],
            "fork": item["fork"],
            "pushed_at": item["pushed"],
            "default_branch": item["branch"],
        }

    def _gitlab(self, item: dict[str, Any]) -> dict[str, Any]:
        https, by_ssh = self._urls(item)
        return {
            "id": item["id"],
            "path_with_namespace": item["name"],
            "http_url_to_repo": https,
            "ssh_url_to_repo": by_ssh,
            "archived": item["archived"],
            **({"forked_from_project": {"id": 1}} if item["fork"] else {}),
            "last_activity_at": item["pushed"],
            "default_branch": item["branch"],
        }

    def _gitea(self, item: dict[str, Any]) -> dict[str, Any]:
        https, by_ssh = self._urls(item)
        return {
            "id": item["id"],
            "full_name": item["name"],
            "clone_url": https,
            "ssh_url": by_ssh,
            "archived": item["archived"],
            "fork": item["fork"],
            "updated_at": item["pushed"],
            "mirror_updated": "0001-01-01T00:00:00Z",
            "default_branch": item["branch"],
        }


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        str(key),
        "-out",
        str(made),
    ]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ})
    return made, key
