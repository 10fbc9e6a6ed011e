"""Who is asking: accounts from a file, signed sessions, and a brake on guessing.

Without an accounts file there is one writer, `local`, and no login. The file (NIGAO_ACCOUNTS) holds one account a line,
`name:scrypt$salt$hash`; `python -m assistant.app.accounts FILE NAME` adds one. Knows nothing about Gradio.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import hmac
import os
import secrets
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from assistant.errors import InputError, SettingsError

LOCAL = "local"
COOKIE = "nigao_session"
SESSION_SECONDS = 12 * 3600
FREE_FAILURES = 5
LOCK_SECONDS = 60.0
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def hash_password(password: str, salt: bytes | None = None) -> str:
    """The form in which a password is stored."""
    salt = salt or secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
    return "scrypt$" + "$".join(base64.b64encode(part).decode() for part in (salt, digest))


def matches(password: str, stored: str) -> bool:
    """Whether `password` is the stored one; takes the same time for a wrong one."""
    try:
        _, salt, _ = stored.split("$")
        expected = hash_password(password, base64.b64decode(salt))
    except ValueError:
        return False
    return hmac.compare_digest(expected, stored)


def read_accounts(path: Path) -> dict[str, str]:
    """Names and stored passwords.

    Raises:
        SettingsError: the file cannot be read, or a line is no account.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"读不了账号文件 {path}：{error.strerror}。请检查 NIGAO_ACCOUNTS。") from error
    accounts = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        if not name or stored.count("$") != 2 or not stored.startswith("scrypt$"):
            raise SettingsError(f"账号文件 {path} 第{number}行不是账号：请用 python -m assistant.app.accounts 添加。")
        accounts[name] = stored
    if not accounts:
        raise SettingsError(f"账号文件 {path} 里没有账号：请用 python -m assistant.app.accounts 添加。")
    return accounts


class Throttle:
    """After FREE_FAILURES wrong passwords the name (from that address) waits, twice as long each further time."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, address: str) -> float:
        """Seconds until the next try is let in; 0 when it may come now."""
        with self._lock:
            until = [self._failures.get(key, (0, 0.0))[1] for key in ((name, address), ("", address))]
        return max(0.0, max(until) - time.monotonic())

    def failed(self, name: str, address: str) -> None:
        """Count a wrong password, for the name and (more patiently) for the address."""
        with self._lock:
            for key, free in (((name, address), FREE_FAILURES), (("", address), 4 * FREE_FAILURES)):
                count = self._failures.get(key, (0, 0.0))[0] + 1
                delay = LOCK_SECONDS * 2 ** min(count - free, 6) if count >= free else 0.0
                self._failures[key] = (count, time.monotonic() + delay)

    def passed(self, name: str, address: str) -> None:
        """Forget the name's failures."""
        with self._lock:
            self._failures.pop((name, address), None)


class Accounts:
    """Login and sessions.

    Args:
        stored: names and stored passwords; empty means that everybody is `local`.
        key: signs the session cookies.
    """

    def __init__(self, stored: Mapping[str, str], key: bytes) -> None:
        self._stored = dict(stored)
        self._key = key
        self.throttle = Throttle()
        self._nobody = hash_password(secrets.token_hex())

    @property
    def required(self) -> bool:
        """Whether a writer must log in."""
        return bool(self._stored)

    def login(self, name: str, password: str, address: str) -> str:
        """A session token for the right password.

        Raises:
            InputError: wrong name or password, or too many tries.
        """
        wait = self.throttle.wait(name, address)
        if wait:
            raise InputError(f"密码输错次数太多，请 {int(wait) + 1} 秒后再试。")
        if not matches(password, self._stored.get(name, self._nobody)) or name not in self._stored:
            self.throttle.failed(name, address)
            raise InputError("账号或密码不对，请重新输入。")
        self.throttle.passed(name, address)
        return self._sign(name, int(time.time()) + SESSION_SECONDS)

    def user(self, token: str | None) -> str | None:
        """The account behind a session token, `local` when no login is needed, None when there is none."""
        if not self.required:
            return LOCAL
        quoted, _, expiry = (token or "").rpartition("|")[0].partition("|")
        name = unquote(quoted)
        if not expiry.isdigit() or int(expiry) < time.time() or name not in self._stored:
            return None
        return name if hmac.compare_digest(self._sign(name, int(expiry)), token or "") else None

    def _sign(self, name: str, expiry: int) -> str:
        body = f"{quote(name)}|{expiry}"
        key = self._key + self._stored.get(name, "").encode()  # a new password ends old sessions
        return body + "|" + hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def open_accounts(home: Path) -> Accounts:
    """The accounts of this installation, with a session key kept in `home`.

    Raises:
        SettingsError: NIGAO_ACCOUNTS names an unusable file.
    """
    name = os.environ.get("NIGAO_ACCOUNTS", "").strip()
    return Accounts(read_accounts(Path(name)) if name else {}, _session_key(home))


def _session_key(home: Path) -> bytes:
    path = home / "session.key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()


def main() -> None:
    """Add an account to a file: `python -m assistant.app.accounts FILE NAME`."""
    if len(sys.argv) != 3 or ":" in sys.argv[2] or "|" in sys.argv[2]:
        raise SystemExit("用法：python -m assistant.app.accounts 账号文件 账号名（账号名里不能有 : 和 |）")
    path, name = Path(sys.argv[1]), sys.argv[2]
    password = getpass.getpass("密码：")
    if len(password) < 8 or password != getpass.getpass("再输一次："):
        raise SystemExit("密码至少 8 个字符，两次要一样。")
    old = (
        [line for line in path.read_text("utf-8").splitlines() if not line.startswith(name + ":")]
        if path.exists()
        else []
    )
    path.write_text("\n".join([*old, f"{name}:{hash_password(password)}"]) + "\n", encoding="utf-8")
    path.chmod(0o600)
    print(f"已保存账号 {name}。用 NIGAO_ACCOUNTS={path} 启动后需要登录。")


if __name__ == "__main__":
    main()
