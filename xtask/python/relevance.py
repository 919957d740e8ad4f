"""Looks for known mails with notmuch and with SQLite's FTS5.

    relevance.py QUERIES FOLDER MBOX...

QUERIES has a line for each: list, Message-ID, words, with tabs between. Each MBOX is called after its
list. Prints JSON: for each engine the rank of every mail, from 1, or 0 when it is not among the first
hundred. notmuch is asked for all words, in its own order (newest first; its command has no other).
FTS5 is asked for all words, filled up with any of them, by BM25 with the subject weighted three times.
"""

import email
import email.errors
import email.header
import json
import os
import re
import sqlite3
import subprocess
import sys

from mailbox_mails import mails

DEEP = 100


def header(message, name):
    # Not by email's newer policy, whose parser of addresses takes milliseconds.
    value = str(message[name] or "")
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return value


def texts(message):
    for part in message.walk():
        if part.get_content_maintype() == "text":
            body = part.get_payload(decode=True) or b""
            charset = part.get_content_charset("utf-8")
            try:
                yield body.decode(charset, "replace")
            except LookupError:
                yield body.decode("latin-1")


def row(raw, list_name):
    message = email.message_from_bytes(raw)
    words = (header(message, "subject"), header(message, "from"), "\n".join(texts(message)))
    ident = header(message, "message-id").strip().strip("<>")
    return (list_name, ident, *(w.encode("utf-8", "replace").decode() for w in words))


def lay_down(raw, list_name, number, folder):
    below = os.path.join(folder, list_name, str(number // 1000))
    os.makedirs(below, exist_ok=True)
    with open(os.path.join(below, f"{number}.eml"), "wb") as file:
        file.write(raw)


def quoted(words):
    # FTS5 takes no marks outside quotation marks.
    return ['"' + word.replace('"', '""') + '"' for word in words if re.search(r"\w", word)]


def fts5(database, list_name, words):
    found = []
    for between in (" AND ", " OR "):
        asked = f"list : {json.dumps(list_name)} AND (" + between.join(quoted(words)) + ")"
        rows = database.execute(
            "SELECT id FROM mails WHERE mails MATCH ? ORDER BY bm25(mails, 0, 0, 3, 1, 1) LIMIT ?",
            (asked, DEEP),
        )
        found.extend(row[0] for row in rows if row[0] not in found)
    return found


def notmuch(config, list_name, words):
    # As a prefix, not as a regular expression, which is held to every folder.
    asked = [f'path:"{list_name}/**" and'] + quoted(words)
    command = ["notmuch", "search", "--output=messages", f"--limit={DEEP}", " ".join(asked)]
    out = subprocess.run(command, env=config, capture_output=True, text=True, check=True).stdout
    return [line.removeprefix("id:").strip('"') for line in out.splitlines()]


def rank(found, wanted):
    found = found[:DEEP]
    return found.index(wanted) + 1 if wanted in found else 0


def main():
    queries, folder, *mboxes = sys.argv[1:]
    store = os.path.join(folder, "mails")
    database = sqlite3.connect(os.path.join(folder, "fts.db"))
    database.execute("CREATE VIRTUAL TABLE mails USING fts5(list, id UNINDEXED, subject, author, body)")
    lists = [(os.path.basename(mbox).removesuffix(".mbox"), mbox) for mbox in mboxes]
    for name, mbox in lists:
        for number, raw in enumerate(mails(mbox)):
            lay_down(raw, name, number, store)
    settings = os.path.join(folder, "notmuch.conf")
    with open(settings, "w") as file:
        file.write(f"[database]\npath={store}\n[new]\ntags=\n[user]\nname=a\nprimary_email=a@b.example\n")
    config = {**os.environ, "NOTMUCH_CONFIG": settings}
    # notmuch reads the mails while FTS5 is given them.
    new = subprocess.Popen(["notmuch", "--config", settings, "new", "--quiet"], env=config,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name, mbox in lists:
        rows = (row(raw, name) for raw in mails(mbox))
        database.executemany("INSERT INTO mails VALUES (?, ?, ?, ?, ?)", rows)
    database.commit()
    if new.wait():
        raise SystemExit(f"notmuch new: status {new.returncode}")
    ranks = {"notmuch": [], "fts5": []}
    with open(queries) as file:
        for line in file:
            list_name, ident, words = line.rstrip("\n").split("\t")
            ranks["notmuch"].append(rank(notmuch(config, list_name, words.split()), ident))
            ranks["fts5"].append(rank(fts5(database, list_name, words.split()), ident))
    print(json.dumps(ranks))


main()
