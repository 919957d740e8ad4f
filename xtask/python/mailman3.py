"""Does in Mailman 3 what its users and subscribers do: lists made, mails posted, pages asked for.

Arguments: Mailman's configuration file, then one of

    post LIST FIRST COUNT     mails for a list, made where it is not there, into the queue of the pipeline
    archived-at FILE BASE URL the page that a mail's Archived-At leads to, at URL in the place of BASE

Prints a JSON object.
"""

import json
import sys
import urllib.request

from email import message_from_binary_file, message_from_bytes

# Message-IDs that must be found again, whatever stands in them.
ODD_IDS = [
    "<a/b+c%25d#e?f&g=h@skarv.example>",
    "<blank in it@skarv.example>",
    "no-brackets@skarv.example",
    "\n <folded@skarv.example>",
    "<commented@skarv.example> (added by a gate)",
    "<100%@skarv.example>",
]


def made_up(number, address):
    """A mail whose bytes are easily lost on the way."""
    identity = ODD_IDS[number] if number < len(ODD_IDS) else f"<through-mailman.{number}@skarv.example>"
    long = " ".join(["word"] * 60)
    head = (
        f"From: Ada Example <ada@skarv.example>\nTo: {address}\nSubject: Through Mailman {number}\n"
        f"Date: Mon, 3 Nov 2025 10:{number // 60 % 60:02}:{number % 60:02} +0000\nMessage-ID: {identity}\n"
        f"X-Long: {long}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n"
    )
    body = (
        f"The harbour's mail is number {number}.\n.\nFrom here on: Grüße.\n..two dots\n" + "x" * 1500 + "\n"
    )
    return (head + body).encode()


def post(address, first, count):
    from mailman.app.inject import inject_message
    from mailman.app.lifecycle import create_list
    from mailman.config import config
    from mailman.email.message import Message
    from mailman.interfaces.domain import IDomainManager
    from mailman.interfaces.listmanager import IListManager
    from zope.component import getUtility

    host = address.partition("@")[2]
    if host not in getUtility(IDomainManager):
        getUtility(IDomainManager).add(host)
    mlist = getUtility(IListManager).get(address) or create_list(address)
    config.db.commit()
    for number in range(first, first + count):
        msg = message_from_bytes(made_up(number, address), Message)
        inject_message(mlist, msg, switchboard="pipeline")
    return {"posted": count}


def archived_at(file, base, url):
    with open(file, "rb") as mail:
        header = message_from_binary_file(mail)["Archived-At"] or ""
    address = "".join(header.split()).strip("<>")
    if not address.startswith(base):
        return {"address": address, "page": ""}
    with urllib.request.urlopen(url + address[len(base) :]) as page:
        return {"address": address, "page": page.read().decode()}


def main():
    settings, verb, *words = sys.argv[1:]
    if verb == "archived-at":
        done = archived_at(*words)
    else:
        from mailman.core.initialize import initialize

        initialize(settings)
        address, first, count = words
        done = post(address, int(first), int(count))
    print(json.dumps(done))


main()
