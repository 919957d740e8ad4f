"""Looks for known mails with notmuch and with SQLite's FTS5.

    relevance.py QUERIES FOLDER MBOX...

QUERIES has a line for each: list, Message-ID, words, with tabs between. Each MBOX is called after its
list. Prints JSON: for each engine the rank of every mail, from 1, or 0 when it is not among the first
hundred. notmuch is asked for all words, in its own order (newest first; its command has no other).
FTS5 is asked for all words, filled up with any of them, by BM25 with the subject weighted three times.
"""

import email
import email.policy
import json
import os
import re
import sqlite3
import subprocess
import sys

from mailbox_mails import mails

DEEP = 100


def header(message, name):
    try:
        return str(message[name] or "")
    except Exception:
        return ""


def texts(message):
    for part in message.walk():
        if part.get_content_maintype() == "text":
            body = part.get_payload(decode=True) or b""
            charset = part.get_content_charset("utf-8")
            try:
                yield body.decode(charset, "replace")
            except LookupError:
                yield body.decode("latin-1")


def enter(raw, list_name, number, database, folder):
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    whole = email.message_from_bytes(raw[:20000], policy=email.policy.default)
    words = (header(whole, "subject"), header(whole, "from"), "\n".join(texts(message)))
    ident = header(message, "message-id").strip().strip("<>")
    row = (list_name, ident, *(w.encode("utf-8", "replace").decode() for w in words))
    database.execute("INSERT INTO mails VALUES (?, ?, ?, ?, ?)", row)
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
    asked = ["folder:/^" + re.escape(list_name) + "/ and"] + quoted(words)
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
    for mbox in mboxes:
        name = os.path.basename(mbox).removesuffix(".mbox")
        for number, raw in enumerate(mails(mbox)):
            enter(raw, name, number, database, store)
    database.commit()
    settings = os.path.join(folder, "notmuch.conf")
    with open(settings, "w") as file:
        file.write(f"[database]\npath={store}\n[new]\ntags=\n[user]\nname=a\nprimary_email=a@b.example\n")
    config = {**os.environ, "NOTMUCH_CONFIG": settings}
    subprocess.run(["notmuch", "--config", settings, "new", "--quiet"], env=config, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ranks = {"notmuch": [], "fts5": []}
    with open(queries) as file:
        for line in file:
            list_name, ident, words = line.rstrip("\n").split("\t")
            ranks["notmuch"].append(rank(notmuch(config, list_name, words.split()), ident))
            ranks["fts5"].append(rank(fts5(database, list_name, words.split()), ident))
    print(json.dumps(ranks))


main()
