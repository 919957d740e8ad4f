"""Compares our reading of mails with Python's `email` (policy default).

Arguments: the folder of corpora, the program that prints readings, mails of each mailbox at most.
Prints a JSON object: how many mails were compared, and each class of disagreement with its count and
a few samples (the place of the mail, and both readings).
"""

import email
import email.policy
import email.utils
import json
import os
import re
import subprocess
import sys
import tarfile
import io


# `read` sets so much memory aside before it reads, in bytes.
LARGEST_MAILBOX = 1 << 30


def mails_of_mailbox(mailbox):
    start = 0
    for found in re.finditer(rb"\n\n(?=From [^\n]*\d\d:\d\d)", mailbox):
        yield mailbox[start:found.end()]
        start = found.end()
    yield mailbox[start:]


def corpora(folder, most):
    """Every mail with its place."""
    lists = os.path.join(folder, "lists")
    for name in sorted(os.listdir(lists)):
        path = os.path.join(lists, name)
        program = "zstd" if name.endswith(".zst") else "gzip"
        run = subprocess.Popen([program, "-dcq", path], stdout=subprocess.PIPE)
        # A mailbox of a few hundred megabytes is read as far as it is needed.
        mailbox = run.stdout.read(min(most * 40_000, LARGEST_MAILBOX))
        run.stdout.close()
        run.wait()
        for number, mail in enumerate(mails_of_mailbox(mailbox)):
            if number >= most:
                break
            yield f"{name}:{number}", mail.split(b"\n", 1)[-1] if mail.startswith(b"From ") else mail
    for shelf in ["suites", "maildir"]:
        for name in sorted(os.listdir(os.path.join(folder, shelf))):
            path = os.path.join(folder, shelf, name)
            packed = subprocess.run(["zstd", "-dcq", path], capture_output=True).stdout
            number = 0
            for entry in tarfile.open(fileobj=io.BytesIO(packed)):
                mail = entry.isfile() and tarfile_bytes(packed, entry)
                if not mail or not re.match(rb"[A-Za-z-]+: ", mail) or number >= most:
                    continue
                number += 1
                yield f"{name}:{entry.name}", mail


def tarfile_bytes(packed, entry):
    return packed[entry.offset_data:entry.offset_data + entry.size]


def squeezed(text):
    return re.sub(r"[\s>\x00-\x1f\x7f-\x9f\u200b\ufeff]+", "", text or "")


def unmarked(text):
    """A text without what quotes are marked with."""
    return re.sub(r"[:|}%#+*-]+|[A-Za-z]{1,4}>", "", squeezed(re.sub(r"(?m)^[A-Za-z]{1,4}>", "", str(text))))


def theirs(mail):
    """Python's reading, field by field; a field that it refuses is an exception."""
    message = email.message_from_bytes(mail, policy=email.policy.default)

    def subject():
        return str(message["subject"] or "")

    def author():
        header = message["from"]
        first = header.addresses[0] if header and header.addresses else None
        return (first.display_name, first.addr_spec) if first else ("", "")

    def date():
        value = message["date"]
        return int(email.utils.parsedate_to_datetime(str(value)).timestamp()) if value else None

    def text():
        body = message.get_body(preferencelist=("plain",))
        return body.get_content() if body else None

    def names():
        return [part.get_filename() for part in message.walk() if part.get_filename()]

    reading = {}
    for name, read in [("subject", subject), ("author", author), ("date", date), ("text", text), ("names", names)]:
        try:
            reading[name] = read()
        except Exception as error:
            reading[name] = error
    return reading


def classes(mail, ours, other):
    """Yields the class of each disagreement, with both values."""
    defects = set(ours["defects"])
    for field in ["subject", "author", "date", "text", "names"]:
        value = other[field]
        mine = {
            "subject": ours["subject"] or "",
            "author": (ours["name"], ours["address"]),
            "date": ours["date"],
            "text": ours["text"],
            "names": ours["names"],
        }[field]
        if isinstance(value, Exception) or not agree(field, mine, value):
            yield reason(field, mail, mine, value, defects), field, repr(value)[:200], repr(mine)[:200]


def agree(field, mine, value):
    if field == "text":
        return value is None or squeezed(value) in squeezed(mine)
    if field == "author":
        return all(squeezed(a).strip("\"'") == squeezed(b).strip("\"'") for a, b in zip(mine, value))
    if field == "names":
        return [squeezed(n) for n in mine] == [squeezed(n) for n in value]
    if field == "subject":
        return squeezed(mine) == squeezed(value)
    return mine == value


def reason(field, mail, mine, value, defects):
    """Why the two differ: one class for each kind of damage."""
    header = re.split(rb"\r?\n\r?\n", mail, maxsplit=1)[0]
    if defects & {"bad-header", "no-body", "bad-multipart"} and field != "date":
        return "broken structure or transfer encoding"
    if field == "date":
        return "dates in broken forms"
    if field == "author" and re.search(rb"(?im)^from:\s*\S+ [a-z\xe0-\xff\xc3\xa0]{1,4} ", header):
        return "what Pipermail made of a mail"
    if field in ("subject", "author", "names") and re.search(rb"[\x80-\xff]", header):
        return "raw 8-bit header"
    if field == "names" and re.search(rb"(?i)content-type: *message/partial", mail):
        return "file names unquoted or in message/partial"
    if field in ("author", "names", "subject") and b"=?" in mail:
        return "broken encoded words"
    if field == "author":
        return "addresses that break the standard"
    if field == "names":
        return "file names unquoted or in message/partial"
    if isinstance(value, Exception) or defects & {"undeclared-charset", "wrong-charset", "unknown-charset", "mojibake"}:
        return "charset missing, wrong or unknown"
    if re.search(rb"(?m)^(begin(-base64)? [0-7]{3}|=ybegin|\(This file must)", mail):
        return "files in old encodings"
    if re.search("[\x80-\x9f]", str(value)):
        return "charset missing, wrong or unknown"
    if field == "text" and re.search(rb"(?m)^-{10,} [^\n]{3,40} -{10,}\s*$|/attachments/\d{8}/", mail):
        return "what Pipermail made of a mail"
    signed_or_two = re.search(rb"BEGIN PGP SIGNED|(?i:multipart/alternative)", mail)
    if field == "text" and (signed_or_two or unmarked(value) in unmarked(mine)):
        return "the text in a better form"
    if "bad-transfer-encoding" in defects:
        return "broken structure or transfer encoding"
    return "otherwise"


def main():
    folder, program, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    run = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    found, count, wrong = {}, 0, 0
    for place, mail in corpora(folder, most):
        run.stdin.write(b"%d\n" % len(mail) + mail)
        run.stdin.flush()
        ours = json.loads(run.stdout.readline())
        count += 1
        different = list(classes(mail, ours, theirs(mail)))
        wrong += bool(different)
        for name, field, value, mine in different:
            entry = found.setdefault(name, {"count": 0, "samples": []})
            entry["count"] += 1
            if len(entry["samples"]) < 10:
                entry["samples"].append([place, field, value, mine])
    run.stdin.close()
    json.dump({"mails": count, "differing": wrong, "classes": found}, sys.stdout, indent=1)


main()
