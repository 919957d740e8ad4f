"""Compares our reading of other projects' test mails with what these projects expect of them.

Arguments: the folder of corpora, the program that prints readings. Prints a JSON object: of each suite
how many mails were read, how many have an expectation that is a file, how many agree, and each
disagreement with its class. Expectations that stand in a project's own test programs are not here.
"""

import io
import json
import os
import re
import subprocess
import sys
import tarfile


def suite(folder, name):
    """A suite's files by their paths."""
    path = os.path.join(folder, "suites", name)
    packed = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
    files = {}
    for entry in tarfile.open(fileobj=io.BytesIO(packed)):
        if entry.isfile():
            files[entry.name] = packed[entry.offset_data:entry.offset_data + entry.size]
    return files


def is_mail(path, data):
    if re.search(r"\.(json|ref|html|rtf|tnef|list|jpg|png|cfg|tokens|baseline|test|am)$", path):
        return False
    return bool(re.match(rb"(From [^\n]*\n|\s*\n)?[A-Za-z][A-Za-z0-9-]*[ \t]*:", data))


def squeezed(text):
    return re.sub(r"[\s\x00\ufeff\ufffd]+", "", text or "")


# Stalwart's mail-parser: a JSON file beside each mail.

def stalwart(path, files):
    data = files.get(re.sub(r"\.eml$", ".json", path))
    if not data or not path.endswith(".eml"):
        return None
    found = json.loads(data)
    parts = []

    def walk(message, number, depth):
        part = message["parts"][number]
        kind = next((h["value"]["ContentType"] for h in part["headers"]
                     if h["name"] == "content_type" and "ContentType" in h["value"]), None)
        body = part["body"]
        (form, value), = body.items() if isinstance(body, dict) else ((body, None),)
        named = kind and kind.get("c_subtype") and f"{kind['c_type']}/{kind['c_subtype']}".lower()
        parts.append((depth, named, value if form in ("Text", "Html") else None))
        if form == "Multipart":
            for child in value:
                walk(message, child, depth + 1)
        if form == "Message":
            walk(value, 0, depth + 1)

    walk(found, 0, 0)
    subject = next((h["value"].get("Text") for h in found["parts"][0]["headers"]
                    if h["name"] == "subject" and isinstance(h["value"], dict)), None)
    return {"subject": subject, "parts": parts}


# Perl's MIME-tools: the structure as a Perl literal.

def perl(path, files):
    data = None
    for name, text in files.items():
        # Of a mail with several, the one in which mails within are unpacked in place.
        if name.endswith(".ref") and not re.search(rb'"ExtractNested" => (0|"REPLACE")', text):
            message = re.search(rb'"Message" => "([^"]+)"', text)
            if message and path.endswith("/" + message.group(1).decode()):
                data = text.decode("latin-1")
    if data is None:
        return None
    parts = []
    for name, block in re.findall(r'^  "([A-Za-z0-9_]+)" => \{(.*?)^  \}', data, re.S | re.M):
        kind = re.search(r'"Type" => "([^"]+)"', block)
        if name == "Parser":
            continue
        depth = 0 if name == "Msg" else len(name.split("_")) - 1
        parts.append((name, depth, kind and kind.group(1).lower(), None))
    if not any(part[0] == "Msg" for part in parts):
        parts.append(("Msg", 0, None, None))
    key = lambda part: [] if part[0] == "Msg" else [int(n) for n in part[0].split("_")[1:]]
    parts.sort(key=key)
    return {"subject": None, "parts": [part[1:] for part in parts]}


EXPECTED = {"stalwart-mail-parser.tar.zst": stalwart, "perl-mime-tools.tar.zst": perl}


def compare(ours, expected):
    """The fields in which two readings differ."""
    differ = []
    if expected["subject"] and squeezed(expected["subject"]) != squeezed(ours["subject"]):
        differ.append(("subject", expected["subject"], ours["subject"]))
    mine = [(part["depth"], part["type"], part["text"]) for part in ours["parts"]]
    theirs = expected["parts"]
    if [part[0] for part in mine] != [part[0] for part in theirs]:
        differ.append(("structure", [p[:2] for p in theirs], [p[:2] for p in mine]))
        return differ
    for (_, kind, text), (_, other, value) in zip(mine, theirs):
        if other and "/" in other and kind != other:
            differ.append(("type", other, kind))
        if value is not None and text is not None and squeezed(value) != squeezed(text):
            differ.append(("text", value[:300], text[:300]))
    return differ


def reason(field, value, mine, mail, defects):
    """Why the two differ."""
    if field in ("text", "subject") and defects & {
            "wrong-charset", "undeclared-charset", "unknown-charset", "mojibake", "stripped-escapes", "raw-header"}:
        return "charset missing, wrong or unknown: we guess, they replace"
    if "over-limit" in defects:
        return "deeper or longer than our limits"
    if "bad-multipart" in defects:
        return "multipart without its boundary or end"
    if field == "structure" and re.search(rb"(?i)message/(partial|external-body|delivery-status|global)", mail):
        return "message types other than rfc822 are files to us"
    if field == "structure" and re.search(rb"(?m)^begin [0-7]{3} ", mail):
        return "uuencoded files, which we show in their place in the text"
    if field == "structure" and mine[:len(value)] == value:
        return "we read on where they stop"
    if field == "text" and "bad-transfer-encoding" in defects:
        return "broken transfer encoding"
    if field == "subject" and "bad-encoded-word" in defects:
        return "broken encoded words"
    if defects & {"bad-header", "no-body"}:
        return "broken header"
    return "otherwise"


def main():
    folder, program = sys.argv[1:3]
    run = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    report = {}
    for name in sorted(os.listdir(os.path.join(folder, "suites"))):
        files = suite(folder, name)
        entry = {"mails": 0, "expected": 0, "passed": 0, "differing": {}, "samples": []}
        for path, data in sorted(files.items()):
            if not is_mail(path, data):
                continue
            run.stdin.write(b"%d\n" % len(data) + data)
            run.stdin.flush()
            ours = json.loads(run.stdout.readline())
            entry["mails"] += 1
            expected = EXPECTED.get(name, lambda *_: None)(path, files)
            if not expected:
                continue
            entry["expected"] += 1
            differ = compare(ours, expected)
            entry["passed"] += not differ
            if differ:
                field, value, mine = differ[0]
                why = reason(field, value, mine, data, set(ours["defects"]))
                entry["differing"][why] = entry["differing"].get(why, 0) + 1
                entry["samples"].append([why, path, field, value, mine])
        report[name.split(".")[0]] = entry
    run.stdin.close()
    json.dump(report, sys.stdout, indent=1)


main()
