"""Holds the word index to the written rules (docs/search.md, "What a word is").

    exactness.py POSTHOC ARCHIVE WORDS COUNT MBOX...

POSTHOC searches ARCHIVE, into which each MBOX was imported as the list of its name. WORDS is the program
that tells what search knows of a mail; dates come from the archive's answers. Everything else is made
here: a tokenizer, a matcher that looks at every mail for every part of a query, and COUNT queries of
words, phrases, beginnings, fields, dates, sizes, lists, NOT, OR and parentheses, from a fixed seed. Mails
whose Message-ID stands twice are left out on both sides. Prints JSON.
"""

import calendar
import json
import os
import random
import re
import subprocess
import sys
import time
import unicodedata

from mailbox_mails import mails

UNSPACED = [(0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0x2FDF),
            (0x3005, 0x3007), (0x3021, 0x30FF), (0x3105, 0x318F), (0x31A0, 0x31FF), (0x3400, 0x4DBF),
            (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC),
            (0x1B000, 0x1B16F), (0x20000, 0x3FFFF)]
DROPPED = [(0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x640, 0x640),
           (0x64B, 0x65F), (0x670, 0x670), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF)]
JOINS = {0xAD, 0x200C, 0x200D, 0x2060, 0xFF9E, 0xFF9F, *range(0xFE00, 0xFE10)}
FOLDED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t",
          "ı": "i", "þ": "th", "ς": "σ"}
LONGEST, MOST = 64, 200_000


def within(c, ranges):
    return any(low <= ord(c) <= high for low, high in ranges)


def kind(c):
    """w of a word, u of a script without blanks, m a mark, _ joins, or nothing."""
    category = unicodedata.category(c)
    if c == "_":
        return c
    if ord(c) in JOINS or category[0] == "M":
        return "m"
    # Circled letters are letters though they are symbols.
    if category[0] not in "LN" and not 0x24B6 <= ord(c) <= 0x24E9:
        return ""
    return "u" if within(c, UNSPACED) else "w"


KINDS = {}


def kinds(text):
    for c in set(text) - KINDS.keys():
        KINDS[c] = kind(c)
    return [KINDS[c] for c in text]


def fold(word):
    if word.isascii():
        return word.lower()[:LONGEST]
    word = unicodedata.normalize("NFKD", word)
    word = unicodedata.normalize("NFKD", "".join(c.lower() for c in word))
    keep = (c for c in word if not within(c, DROPPED) and (kind(c) in ("w", "u", "m", "_")))
    out = ""
    for c in unicodedata.normalize("NFC", "".join(c for c in keep if ord(c) not in JOINS)):
        c = FOLDED.get(c, c)
        if len((out + c).encode()) > LONGEST:
            break
        out += c
    return out


# The rest of a word that is cut at the end of a line.
CUT = re.compile(r"-\r?\n[ \t]*([^\W\d_](?:[^\W_]|[\u0300-\u036f\u00ad\u200c\u200d\u2060])*)")


def word_of_letters(piece):
    letters = all(c.isalpha() or KINDS.setdefault(c, kind(c)) == "m" for c in piece)
    return letters and len(piece.encode()) <= LONGEST


def tokens(text, query=False):
    """(position, word, single) of every word."""
    sort, at, position = kinds(text), 0, 0
    out = []
    while at < len(text):
        if sort[at] not in ("w", "u"):
            at += 1
            continue
        end = at
        if sort[at] == "u":
            while end < len(text) and sort[end] in ("u", "m"):
                end += 1
            starts = [i for i in range(at, end) if sort[i] == "u"]
            for n, start in enumerate(starts):
                after = starts[n + 2] if n + 2 < len(starts) else end
                last = n + 1 == len(starts)
                if not (query and last and n > 0):
                    out.append((position, fold(text[start:after]), last))
                position += 1
            at = end
            continue
        while end < len(text) and sort[end] in ("w", "m", "_"):
            end += 1
        whole = text[at:end].rstrip("_")
        behind = text[at + len(whole):]
        sign = ""
        if behind.startswith("++") and not behind.startswith("+++"):
            sign = "++"
        elif behind.startswith("#") and len(whole) == 1 and whole.isascii() and whole.isalpha():
            sign = "#"
        if "_" not in whole and not sign:
            word = fold(whole)
            if word:
                out.append((position, word, False))
                cut = CUT.match(behind[:300])
                if cut and not query and cut[1][0].islower() and word_of_letters(whole) and word_of_letters(cut[1]):
                    out.append((position, fold(whole + cut[1]), False))
                position += 1
        else:
            word = fold(whole)
            out.append((position, word + sign if word and len((word + sign).encode()) <= LONGEST else word, False))
            for part in text[at:end].split("_"):
                word = fold(part)
                if word:
                    if not query:
                        out.append((position, word, False))
                    position += 1
        at = end
    return out if query else out[:MOST]


PARTS = {"": ["subject", "author", "text", "quoted"], "from": ["author"], "to": ["to"], "cc": ["cc"],
         "subject": ["subject"], "body": ["text", "quoted"], "nq": ["text"], "quoted": ["quoted"],
         "anyone": ["author", "to", "cc"], "filename": ["files"], "type": ["types"], "lang": ["language"]}


HASH = re.compile(r"^(?=.*\d)(?=.*[a-f])[\da-f]{7,39}$", re.I | re.A)


class Mail:
    def __init__(self, told):
        self.told = told
        self.parts = {}

    def part(self, name):
        if name not in self.parts:
            places = {}
            for position, word, _ in tokens(self.told[name]):
                places.setdefault(word, set()).add(position)
            self.parts[name] = places
        return self.parts[name]


def sequence(mail, field, text):
    asked = tokens(text, query=True)
    if all(single for _, _, single in asked):
        return all(any(w.startswith(word) for p in PARTS[field] for w in mail.part(p))
                   for _, word, _ in asked)
    asked = [(position, word) for position, word, single in asked if not single]
    for part in PARTS[field]:
        places = mail.part(part)
        starts = None
        for position, word in asked:
            here = {p - position for p in places.get(word, ())}
            starts = here if starts is None else starts & here
        if starts:
            return True
    return False


def begins(mail, field, text):
    *others, (_, last, _) = tokens(text, query=True)
    return any(all(word in mail.part(part) for _, word, single in others if not single)
               and any(word.startswith(last) for word in mail.part(part)) for part in PARTS[field])


def holds(query, mail):
    what, *of = query
    if what == "and":
        return all(holds(inner, mail) for inner in of)
    if what == "or":
        return any(holds(inner, mail) for inner in of)
    if what == "not":
        return not holds(of[0], mail)
    if what == "words":
        if " " not in of[1] and HASH.match(of[1]):
            return begins(mail, *of)
        return sequence(mail, *of)
    if what == "begins":
        return begins(mail, *of)
    if what == "dated":
        return of[0] <= mail.told["date"] < of[1]
    if what == "sized":
        return of[0] <= mail.told["size"] <= of[1]
    if what == "list":
        return mail.told["list"] == of[0]
    if what == "has":
        return of[0] in mail.told["marks"].split()
    return mail.told["id"] == of[0]


def written(query):
    what, *of = query
    if what in ("and", "or"):
        return "(" + (" " if what == "and" else " OR ").join(written(q) for q in of) + ")"
    if what == "not":
        return "NOT " + written(of[0])
    field = of[0] + ":" if what in ("words", "begins") and of[0] else ""
    if what == "words":
        return field + (f'"{of[1]}"' if " " in of[1] else of[1])
    if what == "begins":
        return field + of[1] + "*"
    return of[-1] if what == "dated" else {
        "sized": "size:{}..{}", "list": "list:{}", "has": "has:{}", "id": "mid:<{}>"}[what].format(*of)


def dated(chance):
    year, month = chance.randint(1998, 2023), chance.randint(1, 12)
    begin = calendar.timegm((year, month, 1, 0, 0, 0))
    if chance.random() < 0.5:
        return "dated", calendar.timegm((year, 1, 1, 0, 0, 0)), calendar.timegm((year + 1, 1, 1, 0, 0, 0)), f"date:{year}"
    later = year + chance.randint(0, 3)
    return "dated", begin, calendar.timegm((later + 1, 1, 1, 0, 0, 0)), f"date:{year}-{month:02}..{later}"


def leaf(chance, mails, lists):
    roll = chance.random()
    if roll < 0.06:
        return dated(chance)
    if roll < 0.09:
        least = chance.choice([0, 1000, 3000, 10000])
        return "sized", least, least + chance.choice([1000, 5000, 100000])
    if roll < 0.12:
        return "list", chance.choice(lists)
    if roll < 0.14:
        return "has", chance.choice(["attachment", "patch"])
    mail = chance.choice(mails).told
    if roll < 0.16 and not set(mail["id"]) & set('<>"() '):
        return "id", mail["id"]
    field = chance.choice(["", "", "", "", "subject", "body", "nq", "quoted", "from", "to", "cc", "anyone",
                           "filename", "type", "lang"])
    words = mail[chance.choice(PARTS[field])].replace('"', " ").split()
    plain = [w for w in words if tokens(w, query=True)
             and not set(w) & set('():*<>') and not w.startswith("-") and w not in ("OR", "AND", "NOT")
             and not ("@" in w and not field)]
    if not plain:
        return "words", field, "zqnothing"
    if chance.random() < 0.3:
        at = chance.randrange(len(words))
        phrase = " ".join(words[at:at + chance.randint(2, 4)])
        if len(tokens(phrase, query=True)) > 1 and " " in phrase:
            return "words", field, phrase
    word = chance.choice(plain)
    letters = tokens(word, query=True)[-1][1]
    if chance.random() < 0.25 and word.isascii() and word.isalnum() and len(letters) > 3:
        return "begins", field, word[:chance.randint(3, len(word))]
    return "words", field, word


def query(chance, mails, lists, depth=0):
    roll = chance.random()
    if depth > 2 or roll < 0.4:
        return leaf(chance, mails, lists)
    inner = [query(chance, mails, lists, depth + 1) for _ in range(chance.randint(2, 3))]
    if roll < 0.65:
        return "and", *inner
    return ("or", *inner) if roll < 0.85 else ("and", inner[0], ("not", inner[1]))


def read(words, mbox):
    program = subprocess.Popen([words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for mail in mails(mbox):
        # An empty line before the next separator is not the mail's.
        mail = mail[:-1] if mail.endswith(b"\n\n") else mail
        program.stdin.write(b"%d\n" % len(mail) + mail)
        program.stdin.flush()
        yield json.loads(program.stdout.readline())
    program.stdin.close()
    program.wait()


def main():
    posthoc, archive, words, count, *mboxes = sys.argv[1:]

    def search(*more):
        command = [posthoc, "-q", "-a", archive, "search", "--limit", "10000", *more]
        done = subprocess.run(command, capture_output=True)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode())
        return done.stdout

    mails, lists = [], []
    for mbox in mboxes:
        name = os.path.basename(mbox).removesuffix(".mbox")
        lists.append(name)
        known = json.loads(search("--format", "json", "--list", name, "--", "*"))["hits"]
        dates = {}
        for hit in known:
            stamp = time.strptime(hit["date"], "%Y-%m-%dT%H:%M:%SZ")
            dates.setdefault(hit["id"], []).append(calendar.timegm(stamp))
        for told in read(words, mbox):
            if len(dates.get(told["id"], ())) == 1:
                mails.append(Mail({**told, "list": name, "date": dates[told["id"]][0]}))
    often = {}
    for mail in mails:
        often[mail.told["id"]] = often.get(mail.told["id"], 0) + 1
    mails = [mail for mail in mails if often[mail.told["id"]] == 1]
    ids = {mail.told["id"] for mail in mails}
    chance = random.Random(7)
    differ, nonempty, asked = [], 0, 0
    while asked < int(count):
        tree = query(chance, mails, lists)
        typed = written(tree)
        if len(typed.encode()) > 900:
            continue
        asked += 1
        found = set(search("--format", "ids", "--", typed).decode().split("\n")) & ids
        right = {mail.told["id"] for mail in mails if holds(tree, mail)}
        nonempty += bool(right)
        # More than fit into an answer cannot be compared; those are asked with a narrower list.
        if found != right and len(found) < 9_000:
            differ.append({"query": typed, "missing": sorted(right - found)[:3], "more": sorted(found - right)[:3]})
    print(json.dumps({"mails": len(mails), "queries": asked, "nonempty": nonempty, "differ": differ}))


main()
