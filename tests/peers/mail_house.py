"""A mail house of real servers on loopback: a private Postfix that delivers to a private Dovecot.

Needs root and the Debian packages of `make peers`. Nothing leaves it: mail to any other domain is refused.
"""

import os
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "a-password-of-the-peers"
PATIENCE_S = 20
SERVICES = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """\
compatibility_level = 3.6
queue_directory = {place}/spool
data_directory = {place}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.peers.example
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
virtual_mailbox_domains = {domains}
virtual_mailbox_maps =
virtual_alias_maps = inline:{{
  {{ bounces@acme.example = hello@acme.example }},
  {{ unsubscribe@acme.example = hello@acme.example }} }}
recipient_delimiter = +
smtpd_sender_restrictions = check_sender_access regexp:{place}/deferred
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:no mail leaves this house
local_transport = error:no mail stays here
disable_dns_lookups = yes
minimal_backoff_time = 5s
queue_run_delay = 5s
maillog_file = {place}/postfix.log
maillog_file_prefixes = {place}
alias_maps =
alias_database =
biff = no
"""
DOVECOT = """\
base_dir = {place}/run
log_path = {place}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{place}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {place}/users
}}
userdb {{
  driver = passwd-file
  args = {place}/users
  override_fields = uid=mail gid=mail home={place}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class MailHouse:
    """Where the servers of a running mail house are.

    Attributes:
        smtp: Port that takes mail without a login, from loopback alone.
        imap: Port of the mailboxes; every box has the password `PASSWORD`.
        lmtp: Port at which Dovecot takes mail for its boxes, also while Postfix is away.
    """

    place: Path
    smtp: int
    imap: int
    lmtp: int

    def door(self) -> smtplib.SMTP:
        """The way in for mail from outside: Postfix, or while that is away straight to Dovecot."""
        try:
            return smtplib.SMTP("127.0.0.1", self.smtp)
        except ConnectionRefusedError:
            return smtplib.LMTP("127.0.0.1", self.lmtp)

    def log(self) -> str:
        """What both servers wrote, for a failing test."""
        files = (self.place / "postfix.log", self.place / "dovecot.log")
        return "\n".join(file.read_text(errors="replace") for file in files if file.exists())


@contextmanager
def mail_house(place: Path, boxes: tuple[str, ...]) -> Iterator[MailHouse]:
    """Run both servers until the block ends; mail to unknown boxes of known domains bounces.

    Args:
        place: An empty directory that every user may enter.
        boxes: Addresses that have a mailbox.
    """
    smtp, imap, lmtp = free_ports(3)
    _furnish(place, boxes, smtp=smtp, imap=imap, lmtp=lmtp)
    dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(place / "dovecot.conf")])
    try:
        _postfix(place, "start")
        try:
            for port in (smtp, imap, lmtp):
                wait_for(port)
            yield MailHouse(place, smtp, imap, lmtp)
        finally:
            _postfix(place, "stop")
    finally:
        dovecot.terminate()
        dovecot.wait(PATIENCE_S)


@contextmanager
def away(house: MailHouse) -> Iterator[None]:
    """Stop Postfix until the block ends: nobody listens where it was."""
    _postfix(house.place, "stop")
    try:
        yield
    finally:
        _postfix(house.place, "start")
        wait_for(house.smtp)


@contextmanager
def deferring(house: MailHouse) -> Iterator[None]:
    """Have Postfix put off (450) what the company sends until the block ends; others it takes mail from."""
    _defer(house, "/@acme\\.example$/ 450 4.7.1 not now\n", 450)
    try:
        yield
    finally:
        _defer(house, "", 250)


def _defer(house: MailHouse, table: str, code: int) -> None:
    """Put a table in force, and return when Postfix answers the company by it."""
    (house.place / "deferred").write_text(table)
    _postfix(house.place, "reload")
    until = time.monotonic() + PATIENCE_S
    while True:
        with house.door() as door:
            door.ehlo("acme.example")
            door.mail("hello@acme.example")
            if door.rcpt("hello@acme.example")[0] == code:
                return
        assert time.monotonic() < until, f"Postfix does not answer {code}"
        time.sleep(0.05)


def free_ports(many: int) -> list[int]:
    """Find ports of loopback that nobody listens on, and that no outgoing connection is given meanwhile."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found: list[int] = []
    number = lowest - 1 - os.getpid() % 5_000
    while len(found) < many:
        try:
            socket.create_server(("127.0.0.1", number)).close()
            found.append(number)
        except OSError:
            pass
        number -= 1
    return found


def wait_for(port: int) -> None:
    """Return when something listens on a port of loopback."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, f"nothing listens on port {port}"
            time.sleep(0.05)
        else:
            return


def _furnish(place: Path, boxes: tuple[str, ...], *, smtp: int, imap: int, lmtp: int) -> None:
    place.chmod(0o755)
    for name in ("spool", "data", "run", "mail", "postfix"):
        (place / name).mkdir()
    shutil.chown(place / "data", "postfix")
    shutil.chown(place / "mail", "mail", "mail")
    domains = ", ".join(sorted({box.partition("@")[2] for box in boxes}))
    (place / "deferred").write_text("")
    (place / "users").write_text("".join(f"{box}:{{PLAIN}}{PASSWORD}::::::\n" for box in boxes))
    (place / "dovecot.conf").write_text(DOVECOT.format(place=place, imap=imap, lmtp=lmtp))
    (place / "postfix/main.cf").write_text(MAIN.format(place=place, domains=domains, lmtp=lmtp))
    (place / "postfix/master.cf").write_text(SERVICES.format(smtp=smtp))


def _postfix(place: Path, what: str) -> None:
    """Start, stop or reload; its output goes to a file, since a daemon would keep a pipe open for ever."""
    with (place / "postfix-command.log").open("ab") as output:
        subprocess.run(
            ["postfix", "-c", str(place / "postfix"), what],
            stdout=output,
            stderr=output,
            check=True,
            env={**os.environ, "MAIL_CONFIG": str(place / "postfix")},
        )
