"""Holds the word index to the written rules (docs/search.md, "What a word is").

    exactness.py POSTHOC ARCHIVE WORDS COUNT LIST...

POSTHOC searches ARCHIVE, which has these lists, none with more mails than an answer holds. WORDS is the
program that tells what search knows of a mail, and the stem of a word by Snowball's rules; mails as they
are stored, and their dates, come from the archive's answers. Everything else is made here: a tokenizer, the
place of every word of every part, what a form of a word is, a matcher that answers each leaf of a query by
the written rules with a set of mails and joins the sets, and COUNT queries of words, forms, phrases, beginnings,
fields, dates, sizes, lists, NOT, OR and parentheses, from a fixed seed. An answer that fills the window is
asked for again list by list. Mails whose Message-ID stands twice are left out on both sides. Prints JSON.
"""

import array
import bisect
import calendar
import functools
import json
import random
import re
import subprocess
import sys
import tempfile
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
# The largest window of an answer.
WINDOW = 10_000
ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


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


class Kinds(dict):
    """For str.translate: a letter for each character's kind, so that runs are found in a string."""

    def __missing__(self, code):
        self[code] = kind(chr(code)) or " "
        return self[code]


KINDS = Kinds()
RUN = re.compile("u[um]*|w[wm_]*")


@functools.lru_cache(1 << 20)
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
    letters = all(c.isalpha() or KINDS[ord(c)] == "m" for c in piece)
    return letters and len(piece.encode()) <= LONGEST


def tokens(text, query=False):
    """(position, word, single) of every word."""
    sort, position = text.translate(KINDS), 0
    out = []
    for run in RUN.finditer(sort):
        at, end = run.span()
        if sort[at] == "u":
            starts = [i for i in range(at, end) if sort[i] == "u"]
            for n, start in enumerate(starts):
                after = starts[n + 2] if n + 2 < len(starts) else end
                last = n + 1 == len(starts)
                if not (query and last and n > 0):
                    out.append((position, fold(text[start:after]), last))
                position += 1
            continue
        whole = text[at:end].rstrip("_")
        behind = text[at + len(whole):at + len(whole) + 300]
        sign = ""
        if behind.startswith("++") and not behind.startswith("+++"):
            sign = "++"
        elif behind.startswith("#") and len(whole) == 1 and whole.isascii() and whole.isalpha():
            sign = "#"
        if "_" not in whole and not sign:
            word = fold(whole)
            if word:
                out.append((position, word, False))
                cut = CUT.match(behind)
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
    return out if query else out[:MOST]


PARTS = {"": ["subject", "author", "text", "quoted"], "from": ["author"], "to": ["to"], "cc": ["cc"],
         "subject": ["subject"], "body": ["text", "quoted"], "nq": ["text"], "quoted": ["quoted"],
         "anyone": ["author", "to", "cc"], "filename": ["files"], "type": ["types"], "lang": ["language"]}
PARTS_OF_A_MAIL = sorted(set().union(*PARTS.values()))

HASH = re.compile(r"^(?=.*\d)(?=.*[a-f])[\da-f]{7,39}$", re.I | re.A)


# An entry is a mail's number and a place in its part; a query's places are far fewer than START.
SHIFT, START = 20, 4096


class Stems:
    """The English stems of words, asked of WORDS."""

    def __init__(self, words):
        self.program = subprocess.Popen([words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.known = {}

    def __getitem__(self, word):
        if word not in self.known:
            self.program.stdin.write(b"=" + word.encode() + b"\n")
            self.program.stdin.flush()
            self.known[word] = self.program.stdout.readline().decode().rstrip("\n")
        return self.known[word]


class Mails:
    """All mails, and where each word stands in each part."""

    def __init__(self, told, stems):
        self.told, self.stems = told, stems
        self.all = set(range(len(told)))
        self.parts = {part: {} for part in PARTS_OF_A_MAIL}
        for part, entries in self.parts.items():
            for number, mail in enumerate(told):
                first = (number << SHIFT) + START
                for position, word, _ in tokens(mail[part]):
                    if word not in entries:
                        entries[word] = array.array("Q")
                    entries[word].append(first + position)
        self.words = {part: sorted(entries) for part, entries in self.parts.items()}

    def where(self, test):
        return {number for number, mail in enumerate(self.told) if test(mail)}

    def having(self, part, word):
        return {entry >> SHIFT for entry in self.parts[part].get(word, ())}

    def beginning(self, part, letters):
        words, found = self.words[part], set()
        for at in range(bisect.bisect_left(words, letters), len(words)):
            if not words[at].startswith(letters):
                break
            found |= self.having(part, words[at])
        return found

    def forms(self, part, word):
        """Words of a part that are forms of a word, which is one itself."""
        stem = self.stems[word]
        begin, words, found = stem[:-1] if len(stem) > 2 else stem, self.words[part], {word}
        if len(stem) < 2:
            return found
        for at in range(bisect.bisect_left(words, begin), len(words)):
            if not words[at].startswith(begin):
                break
            if words[at].isalpha() and self.stems[words[at]] == stem:
                found.add(words[at])
        return found

    def word(self, field, text):
        """Mails with a word or, in texts, one of its forms."""
        asked = tokens(text, query=True)
        if len(asked) != 1 or asked[0][2] or len(asked[0][1]) < 3 or not asked[0][1].isalpha():
            return self.sequence(field, text)
        word, found = asked[0][1], set()
        for part in PARTS[field]:
            forms = self.forms(part, word) if part in ("subject", "text", "quoted") else {word}
            found = found.union(*(self.having(part, form) for form in forms))
        return found

    def sequence(self, field, text):
        asked = tokens(text, query=True)
        if all(single for _, _, single in asked):
            found = [set().union(*(self.beginning(part, word) for part in PARTS[field])) for _, word, _ in asked]
            return set.intersection(self.all, *found)
        asked = [(position, word) for position, word, single in asked if not single]
        found = set()
        for part in PARTS[field]:
            starts = None
            for position, word in asked:
                here = {entry - position for entry in self.parts[part].get(word, ())}
                starts = here if starts is None else starts & here
            found |= {entry >> SHIFT for entry in starts}
        return found

    def begins(self, field, text):
        *others, (_, last, _) = tokens(text, query=True)
        found = set()
        for part in PARTS[field]:
            with_others = [self.having(part, word) for _, word, single in others if not single]
            found |= set.intersection(self.beginning(part, last), *with_others)
        return found

    def answer(self, query):
        what, *of = query
        if what == "and":
            return set.intersection(*map(self.answer, of))
        if what == "or":
            return set.union(*map(self.answer, of))
        if what == "not":
            return self.all - self.answer(of[0])
        if what == "begins" or what == "words" and " " not in of[1] and HASH.match(of[1]):
            return self.begins(*of)
        if what == "words":
            return self.sequence(*of) if " " in of[1] else self.word(*of)
        if what == "exact":
            return self.sequence(*of)
        if what == "dated":
            return self.where(lambda mail: of[0] <= mail["date"] < of[1])
        if what == "sized":
            return self.where(lambda mail: of[0] <= mail["size"] <= of[1])
        if what == "has":
            return self.where(lambda mail: of[0] in mail["marks"].split())
        return self.where(lambda mail: mail[what] == of[0])


def written(query):
    what, *of = query
    if what in ("and", "or"):
        return "(" + (" " if what == "and" else " OR ").join(written(q) for q in of) + ")"
    if what == "not":
        return "NOT " + written(of[0])
    field = of[0] + ":" if what in ("words", "exact", "begins") and of[0] else ""
    if what == "exact":
        return f'{field}"{of[1]}"'
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
    mail = chance.choice(mails)
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
    return ("exact" if chance.random() < 0.2 else "words"), field, word


def query(chance, mails, lists, depth=0):
    roll = chance.random()
    if depth > 2 or roll < 0.4:
        return leaf(chance, mails, lists)
    inner = [query(chance, mails, lists, depth + 1) for _ in range(chance.randint(2, 3))]
    if roll < 0.65:
        return "and", *inner
    return ("or", *inner) if roll < 0.85 else ("and", inner[0], ("not", inner[1]))


def read(words, mbox):
    """What WORDS knows of the mails of an mboxrd file."""
    program = subprocess.Popen([words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for mail in mails(mbox):
        # An empty line before the next separator is not the mail's.
        mail = ESCAPED.sub(rb"\1", mail[:-1] if mail.endswith(b"\n\n") else mail)
        program.stdin.write(b"%d\n" % len(mail) + mail)
        program.stdin.flush()
        yield json.loads(program.stdout.readline())
    program.stdin.close()
    program.wait()


def unique(told):
    often = {}
    for mail in told:
        often[mail["id"]] = often.get(mail["id"], 0) + 1
    return [mail for mail in told if often[mail["id"]] == 1]


def main():
    posthoc, archive, words, count, *lists = sys.argv[1:]

    def search(*more):
        command = [posthoc, "-q", "-a", archive, "search", "--limit", str(WINDOW), *more]
        done = subprocess.run(command, capture_output=True)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode())
        return done.stdout

    def ids(typed, *more):
        return search("--format", "ids", *more, "--", typed).decode().split("\n")[:-1]

    told = []
    for name in lists:
        known = json.loads(search("--format", "json", "--list", name, "--", "*"))["hits"]
        dates = {}
        for hit in known:
            stamp = time.strptime(hit["date"], "%Y-%m-%dT%H:%M:%SZ")
            dates.setdefault(hit["id"], []).append(calendar.timegm(stamp))
        with tempfile.NamedTemporaryFile() as mbox:
            mbox.write(search("--format", "mbox", "--list", name, "--", "*"))
            mbox.flush()
            for mail in read(words, mbox.name):
                if len(dates.get(mail["id"], ())) == 1:
                    told.append({**mail, "list": name, "date": dates[mail["id"]][0]})
    archived = Mails(unique(told), Stems(words))
    known = {mail["id"] for mail in archived.told}
    chance = random.Random(7)
    differ, nonempty, asked, by_list, cut = [], 0, 0, 0, 0
    while asked < int(count):
        tree = query(chance, archived.told, lists)
        typed = written(tree)
        if len(typed.encode()) > 900:
            continue
        asked += 1
        answers = [ids(typed)]
        if len(answers[0]) >= WINDOW:
            by_list += 1
            answers = [ids(typed, "--list", name) for name in lists]
            cut += any(len(answer) >= WINDOW for answer in answers)
        found = known & set().union(*answers)
        right = {archived.told[number]["id"] for number in archived.answer(tree)}
        nonempty += bool(right)
        if found != right:
            differ.append({"query": typed, "missing": sorted(right - found)[:3], "more": sorted(found - right)[:3]})
    print(json.dumps({"mails": len(archived.told), "queries": asked, "nonempty": nonempty, "by_list": by_list,
                      "cut": cut, "differ": differ}))


main()
