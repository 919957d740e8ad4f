# Copyright 2025-2026 the posthoc contributors
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Mailman 3 hands its lists' mail to posthoc.

1. `Archiver` tells Mailman where a list's archive and a mail's page are, and puts each mail into a queue of
   its own, durable as all of Mailman's. It hands nothing over: what an archiver raises Mailman's archive
   runner only logs, and goes on without the mail.
2. `Runner` empties that queue, in the order in which mail came. A mail leaves it when posthoc has said that it
   is durable; while posthoc cannot be reached, or says "later", it stays, and is tried again. What posthoc
   refuses for good goes to Mailman's shunt queue, from where `mailman unshunt` brings it back.

How to set it up stands in the README beside.
"""

import io
import logging
import os
import re
import shlex
import smtplib
import subprocess
import time

from configparser import Error as ConfigError
from email.generator import BytesGenerator
from mailman.config import config
from mailman.config.config import external_configuration
from mailman.core.runner import Runner as MailmanRunner
from mailman.core.switchboard import Switchboard
from mailman.interfaces.archiver import IArchiver
from mailman.interfaces.configuration import MissingConfigurationFileError
from mailman.interfaces.runner import RunnerInterrupt
from urllib.parse import quote
from zope.interface import implementer

# The archiver, its queue and its runner are called so, as are their sections in mailman.cfg.
NAME = "posthoc"
# How long mail waits that could not be handed over, seconds.
RETRY = 15
# How long posthoc may take for an answer, seconds.
PATIENCE = 300
# Bytes of a Message-ID that posthoc keeps.
ID_BYTES = 1000

log = logging.getLogger("mailman.archiver")


class SettingsError(Exception):
    """The file that [archiver.posthoc] names is not there, or says what cannot be."""


class Later(Exception):
    """posthoc did not take the mail now; it stays in the queue."""


class Unreachable(Later):
    """Nor would posthoc take another one now."""


class Refused(Exception):
    """posthoc will never take the mail as it is."""


class Settings:
    """What the file says that `configuration:` under [archiver.posthoc] names."""

    def __init__(self):
        path = config.archiver.posthoc.configuration
        try:
            parser = external_configuration(path)
            general = dict(parser.items("general", raw=True))
            names = {}
            if parser.has_section("lists"):
                names = dict(parser.items("lists", raw=True))
        except (ConfigError, MissingConfigurationFileError, OSError, UnicodeError) as error:
            raise SettingsError(f"{path}: {error}") from error
        known = {"lmtp", "command", "base_url", "permalink"}
        for key in sorted(general.keys() - known):
            raise SettingsError(f"{path}: there is no {key}; known are {', '.join(sorted(known))}")
        self.lmtp = general.get("lmtp")
        self.command = shlex.split(general.get("command", ""))
        if bool(self.lmtp) == bool(self.command):
            raise SettingsError(f"{path}: one of lmtp and command must say how posthoc gets mail")
        if self.lmtp and not re.fullmatch(r"/.+|.+:[0-9]+", self.lmtp):
            raise SettingsError(f"{path}: lmtp is a socket's path or HOST:PORT, not {self.lmtp}")
        self.base_url = general.get("base_url", "").rstrip("/") or None
        self.permalink = general.get("permalink", "mid.html#")
        if self.permalink not in ("mid.html#", "mid"):
            raise SettingsError(f"{path}: permalink is mid.html# or mid, as in posthoc.toml")
        self._names = names

    def list_name(self, address):
        """The name in posthoc of the list with that address in Mailman: what stands before its @, unless
        [lists] says another."""
        address = address.lower()
        return self._names.get(address, address.rpartition("@")[0]).lower()


def message_id(msg):
    """The Message-ID as posthoc reads it, without brackets, or None."""
    value = msg.get("message-id")
    if value is None:
        return None
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    bracketed = re.search(r"<+([^<>]+)", text)
    text = bracketed.group(1) if bracketed else text
    text = "".join(c for c in text if not c.isspace() and c.isprintable())[:ID_BYTES]
    while len(text.encode("utf-8")) > ID_BYTES:
        text = text[:-1]
    return text or None


@implementer(IArchiver)
class Archiver:
    """See `IArchiver`."""

    name = NAME
    is_enabled = False

    def list_url(self, mlist):
        """See `IArchiver`."""
        settings = Settings()
        if settings.base_url is None:
            return None
        return f"{settings.base_url}/{settings.list_name(mlist.fqdn_listname)}/"

    def permalink(self, mlist, msg):
        """See `IArchiver`. What `posthoc url --list NAME MESSAGE-ID` prints."""
        settings = Settings()
        identity = message_id(msg)
        if settings.base_url is None or identity is None:
            return None
        page = quote(identity, safe="@")
        place = f"mid.html#{page}" if settings.permalink == "mid.html#" else f"mid/{page}/"
        return f"{settings.base_url}/{settings.list_name(mlist.fqdn_listname)}/{place}"

    def archive_message(self, mlist, msg):
        """See `IArchiver`. The mail is in the queue, durable, when this returns; until then it waits, for
        Mailman forgets a mail whose archiver raises. Reads no settings: a mistake in them must cost no mail.
        """
        stopping = False
        while True:
            try:
                queue().enqueue(msg, listid=mlist.list_id, listname=mlist.fqdn_listname)
                return None
            except RunnerInterrupt:
                # Mailman is told to stop; once more, so that the mail is somewhere.
                if stopping:
                    leave()
                stopping = True
                continue
            except Exception:
                log.exception("posthoc: cannot keep %s in the queue", msg["message-id"])
            if stopping:
                leave()
            try:
                time.sleep(RETRY)
            except RunnerInterrupt:
                leave()


def leave():
    """Ends the process: Mailman's archive runner takes the mail up anew when it starts again. An `Exception`
    it would only log."""
    raise SystemExit(1)


def queue():
    """The queue in which mail waits, also where mailman.cfg lacks the runner that empties it."""
    try:
        return config.switchboards[NAME]
    except KeyError:
        log.error("posthoc: mailman.cfg has no section [runner.posthoc]; mail waits until it has")
        return Switchboard(NAME, os.path.join(config.QUEUE_DIR, NAME))


class Runner(MailmanRunner):
    """Hands over what is in the queue."""

    def __init__(self, name, slice=None):
        super().__init__(name, slice)
        # What was the matter in the last round, told once.
        self._trouble = None

    def _one_iteration(self):
        """See `IRunner`. Unlike Mailman's own it leaves a mail where it is when it cannot be handed over:
        written anew it would come behind those that came later, and could be lost to a full disk."""
        done = 0
        trouble = None
        lists = set()
        try:
            with Post(Settings()) as post:
                for filebase in self.switchboard.files:
                    if self._stop:
                        break
                    try:
                        done += self._one(filebase, post, lists)
                    except Unreachable:
                        raise
                    except Later as error:
                        trouble = str(error)
        except (SettingsError, Unreachable) as error:
            trouble = str(error)
        if trouble is not None and trouble != self._trouble:
            waiting = len(self.switchboard.files)
            log.error("posthoc: %s; %d mails wait and are tried every %d s", trouble, waiting, RETRY)
        if trouble is None and self._trouble is not None:
            log.info("posthoc: takes mail again")
        self._trouble = trouble
        return done

    def _one(self, filebase, post, lists):
        """Hands over one mail; answers whether it left the queue. Mail of `lists` has to wait: an earlier one
        of these does."""
        try:
            msg, msgdata = self.switchboard.dequeue(filebase)
        except RunnerInterrupt:
            raise
        except Exception:
            log.exception("posthoc: %s in the queue cannot be read; it is put aside", filebase)
            self.switchboard.finish(filebase, preserve=True)
            return True
        address = msgdata.get("listname", "")
        try:
            if address in lists:
                self._back(filebase)
                return False
            post.hand_over(address, msg)
        except Later:
            lists.add(address)
            self._back(filebase)
            raise
        except RunnerInterrupt:
            self._back(filebase)
            raise
        except Exception as error:
            log.error("posthoc: %s for %s is not taken: %s", msg["message-id"], address, error)
            return self._shunt(filebase, msg, msgdata)
        self.switchboard.finish(filebase)
        return True

    def _back(self, filebase):
        """Undoes `dequeue`."""
        name = os.path.join(self.switchboard.queue_directory, filebase)
        os.rename(name + ".bak", name + ".pck")

    def _shunt(self, filebase, msg, msgdata):
        """Puts a mail where a person has to look at it; answers whether it could."""
        msgdata["whichq"] = self.switchboard.name
        try:
            shunted = config.switchboards["shunt"].enqueue(msg, msgdata)
        except Exception:
            log.exception("posthoc: %s cannot be shunted and stays", filebase)
            self._back(filebase)
            return False
        log.error("SHUNTING: %s", shunted)
        self.switchboard.finish(filebase)
        return True

    def _snooze(self, filecnt):
        """See `IRunner`."""
        if self._trouble is not None:
            time.sleep(max(RETRY, self.sleep_float))
        else:
            super()._snooze(filecnt)


class Post:
    """How posthoc gets mail, for one round: all by one conversation, where it is LMTP."""

    def __init__(self, settings):
        self._settings = settings
        self._lmtp = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._lmtp is not None:
            self._lmtp.close()

    def hand_over(self, address, msg):
        """Returns when posthoc has the mail, durable. Raises `Later`, and for good `Refused`."""
        name = self._settings.list_name(address)
        if self._settings.command:
            self._pipe(name, serialised(msg))
        else:
            self._converse(f"{name}@{address.rpartition('@')[2]}", serialised(msg))

    def _pipe(self, name, mail):
        words = [word.replace("{list}", name) for word in self._settings.command]
        try:
            ran = subprocess.run(words, input=mail, capture_output=True, timeout=PATIENCE)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unreachable(f"{words[0]}: {error}") from error
        if ran.returncode != 0:
            said = ran.stderr.decode("utf-8", "replace").strip()
            raise Later(f"{words[0]} ended with {ran.returncode} for {name}: {said}")

    def _converse(self, recipient, mail):
        # A line that ends in LF alone is none in SMTP, and posthoc refuses it.
        mail = re.sub(rb"(?<!\r)\n", b"\r\n", mail)
        try:
            if self._lmtp is None:
                self._lmtp = connect(self._settings.lmtp)
            self._lmtp.sendmail("", [recipient], mail)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, text),) = error.recipients.values()
            raise answer(code, text) from error
        except smtplib.SMTPResponseException as error:
            raise answer(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            # Also a timeout: posthoc may have the mail then, and knows it when it comes again.
            raise Unreachable(f"{self._settings.lmtp}: {error}") from error


def connect(place):
    """Begins a conversation by LMTP at a socket's path or at HOST:PORT."""
    if place.startswith("/"):
        host, port = place, 0
    else:
        host, _, port = place.rpartition(":")
    return smtplib.LMTP(host.strip("[]"), int(port), local_hostname="localhost", timeout=PATIENCE)


def answer(code, text):
    """What an answer other than 250 means."""
    said = f"posthoc answered {code} {text.decode('utf-8', 'replace')}"
    # 421: the conversation is over.
    if code == 421:
        return Unreachable(said)
    return Refused(said) if 500 <= code < 600 else Later(said)


def serialised(msg):
    """The mail's bytes, with long header lines as they came; Mailman's own `as_bytes` folds them."""
    out = io.BytesIO()
    policy = msg.policy.clone(max_line_length=None)
    try:
        BytesGenerator(out, mangle_from_=False, policy=policy).flatten(msg)
    except (UnicodeError, LookupError):
        # Python's generator fails on some broken mail (bugs.python.org/issue41307), for which Mailman has a way.
        return msg.as_bytes()
    return out.getvalue()
