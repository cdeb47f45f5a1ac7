"""What a host asks of those who read it: tokens, certificates, proxies, keys. Told to git by its environment.

A token is read from an environment variable or a file each time it is used. It never stands in an address,
on a command line, in a log, in the database or in a mirror: git gets it from a credential helper that prints
a variable of git's own environment, and only for the host that it belongs to.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog.gitcommand import environment
from catalog.remotes.address import Address

_LOOPBACK = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?")
_HELPER = (
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" '
    '"$HANDRAIL_GIT_USER" "$HANDRAIL_GIT_TOKEN"; }; f'
)
_SSH = (
    "ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=20 -o ServerAliveInterval=15"
    " -o ClearAllForwardings=yes -o ForwardAgent=no -o PermitLocalCommand=no -o ControlMaster=no"
)
UPLOAD_PACK = (
    "GIT_ALLOW_PROTOCOL=none GIT_NO_LAZY_FETCH=1 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory "
    "GIT_CONFIG_VALUE_0='*' git-upload-pack"
)
"""What serves a `file://` address: git runs it beside the repository, whose configuration it then reads."""


@dataclass(frozen=True, slots=True)
class Host:
    """What was configured for a host; every field may be left out."""

    token_env: str | None = None
    token_file: Path | None = None
    user: str = "x-access-token"
    """The name that goes with the token over HTTP; GitHub, GitLab and Gitea take any."""
    ca_file: Path | None = None
    proxy: str | None = None
    ssh_key: Path | None = None
    known_hosts: Path | None = None


class NoToken(Exception):
    """A token that was configured cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Access:
    """The hosts that something was configured for, by name."""

    hosts: Mapping[str, Host] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        """What is configured for a host; `api.github.com` is `github.com`."""
        return self.hosts.get("github.com" if name == "api.github.com" else name, _ANY)

    def token(self, name: str) -> str | None:
        """The host's token, None where there is none; `NoToken` where one was configured and is not there.

        Without configuration it is the variable `HANDRAIL_TOKEN_` and the host's name in capitals, with `_`
        for everything else: `HANDRAIL_TOKEN_GITHUB_COM`.
        """
        host = self.host(name)
        if host.token_file is not None:
            try:
                token = host.token_file.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                why = getattr(error, "strerror", None) or "it is not text"
                raise NoToken(f"the token file {host.token_file} cannot be read: {why}") from error
        else:
            variable = host.token_env or _variable("github.com" if name == "api.github.com" else name)
            token = os.environ.get(variable, "").strip()
            if host.token_env and not token:
                raise NoToken(f"the environment variable {host.token_env} is not set")
        if not re.fullmatch(r"[\x21-\x7e]{0,8000}", token):
            raise NoToken(f"the token for {name} holds characters that no token has")
        return token or None

    def certificates(self, name: str) -> str | None:
        """The file of certificate authorities to trust, None for those of the system."""
        host = self.host(name)
        return str(host.ca_file) if host.ca_file else os.environ.get("SSL_CERT_FILE")

    def environment(self, address: Address, home: Path) -> dict[str, str]:
        """Git's environment to fetch from this address: one transport, nobody to ask, nothing of the user's.

        `home` stands for the user's home folder, where git would look for configuration and passwords.
        """
        env = environment() | {
            "GIT_ALLOW_PROTOCOL": address.scheme,
            "GIT_ASKPASS": "false",
            "SSH_ASKPASS": "false",
            "SSH_ASKPASS_REQUIRE": "never",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
        }
        settings = {"credential.helper": "", "http.lowSpeedLimit": "1000", "http.lowSpeedTime": "30"}
        if address.scheme == "ssh":
            env |= {"GIT_SSH_COMMAND": self._ssh(address.host), "GIT_SSH_VARIANT": "ssh"}
        elif address.scheme in ("http", "https"):
            host = self.host(address.host)
            token = self.token(address.host)
            if token and sent_safely(address.scheme, address.host):
                settings[f"credential.{address.scheme}://{address.host}.helper"] = _HELPER
                env |= {"HANDRAIL_GIT_USER": host.user, "HANDRAIL_GIT_TOKEN": token}
            if certificates := self.certificates(address.host):
                env["GIT_SSL_CAINFO"] = certificates
            if host.proxy:
                settings["http.proxy"] = host.proxy
        for number, (key, value) in enumerate(settings.items()):
            env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return env | {"GIT_CONFIG_COUNT": str(len(settings))}

    def _ssh(self, name: str) -> str:
        host, command = self.host(name), _SSH
        if host.ssh_key:
            command += f" -o IdentitiesOnly=yes -i {_quoted(host.ssh_key)}"
        if host.known_hosts:
            command += f" -o UserKnownHostsFile={_quoted(host.known_hosts)}"
        return command

    def redacted(self, text: str, name: str) -> str:
        """The text without the host's token, whoever put it there."""
        try:
            token = self.token(name)
        except NoToken:
            token = None
        return text.replace(token, "***") if token else text


_ANY = Host()


def sent_safely(scheme: str, host: str) -> bool:
    """Whether a token may be sent there: encrypted, or not leaving this machine."""
    return scheme == "https" or _LOOPBACK.fullmatch(host) is not None


def _variable(host: str) -> str:
    return "HANDRAIL_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", host.upper())


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"
