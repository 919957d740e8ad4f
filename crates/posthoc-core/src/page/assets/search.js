// Search without a server. The page of a query that no server has answered looks into the files under
// shards/ (docs/formats.md), loads what the query needs of them, and shows the mails that answer. What
// a query means and what a word is are as in posthoc_core::query, which the tests hold this to.
"use strict";
(function () {
  const doc = document, PER_PAGE = 25, LINES = 8, IMPACT = 31;
  // Subject, author, text, quoted text; what a word weighs there.
  const WEIGHTS = [3, 2, 1, 0.3], ID = 4;
  const { floor, max, min, clz32, imul } = Math, guide = doc.getElementById("guide");
  const args = new URLSearchParams(location.search);
  const typed = (args.get("q") || "").replace(/[\p{Cc}\s]+/gu, " ").trim().slice(0, 1000);
  if (!typed) return;
  const order = args.get("order") || "relevance";
  const offset = max(0, parseInt(args.get("offset"), 10) || 0);

  // What a word is.

  const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]/u;
  const MARK = /[\p{M}\u00ad\u200c\u200d\u2060\ufe00-\ufe0f\uff9e\uff9f]/u;
  const ALNUM = /[\p{Alphabetic}\p{N}]/u;
  const DROPPED = /[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]|[^\p{Alphabetic}\p{N}\p{M}_]/u;
  const FOLDED = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "þ": "th", "ς": "σ" };

  // "w" of a word, "u" of a script without blanks, "m" belongs to what is before, "_", or "" otherwise.
  function kind(c) {
    if (c < "\u0080") return /[a-z0-9]/i.test(c) ? "w" : c === "_" ? c : "";
    if (MARK.test(c)) return "m";
    return !ALNUM.test(c) ? "" : UNSPACED.test(c) ? "u" : "w";
  }

  const bytes = new TextEncoder();
  // Words are compared as they are sorted: by the bytes of their UTF-8.
  const utf8 = text => String.fromCharCode(...bytes.encode(text));

  function fold(word) {
    const small = [...word.normalize("NFKD")].map(c => c.toLowerCase()).join("").normalize("NFKD");
    const kept = [...small].filter(c => !DROPPED.test(c)).join("").normalize("NFC");
    let folded = "", length = 0;
    for (let c of kept) {
      c = FOLDED[c] || c;
      length += bytes.encode(c).length;
      if (length > 64) break;
      folded += c;
    }
    return folded;
  }

  // The words of a text: all that an index holds, or what a query asks for.
  function tokens(text, all) {
    const chars = [...text], kinds = chars.map(kind), places = [0], found = [];
    for (const c of chars) places.push(places.at(-1) + c.length);
    let at = 0, position = 0;
    const until = (from, end, stop) => { while (from < end && !stop(kinds[from])) from++; return from; };
    const endOf = (from, end) => from < end ? until(from + 1, end, k => k !== "m") : end;
    const give = (from, to, shown, sign = "") => {
      let word = fold(chars.slice(from, to).join(""));
      if (word && bytes.encode(word + sign).length <= 64) word += sign;
      const single = kinds[from] === "u" && endOf(from, chars.length) >= to;
      if (word && shown) found.push({ word, position, single, from: places[from], to: places[to] + sign.length });
      return word ? 1 : 0;
    };
    for (;;) {
      at = until(at, chars.length, k => k === "w" || k === "u");
      if (at === chars.length) return found;
      if (kinds[at] === "u") {
        const end = until(at, chars.length, k => k !== "u" && k !== "m");
        for (let paired = false; at < end; paired = true, position++) {
          const second = endOf(at, end);
          if (second < end || !paired || all) give(at, endOf(second, end), true);
          at = second;
        }
        continue;
      }
      const end = until(at, chars.length, k => k === "u" || !k);
      let to = end;
      while (chars[to - 1] === "_") to--;
      // `C++` and `C#` are words, and `c` within them.
      const after = chars.slice(to, to + 3).join("");
      const sign = /^\+\+(?!\+)/.test(after) ? "++" : to === at + 1 && /[a-z]/i.test(chars[at]) && after[0] === "#" ? "#" : "";
      if (!sign && !kinds.slice(at, to).includes("_")) {
        position += give(at, to, true);
      } else {
        give(at, to, true, sign);
        for (let from = at; from < end;) {
          from = until(from, end, k => k !== "_");
          const next = until(from, end, k => k === "_");
          if (from < next) position += give(from, next, all);
          from = next;
        }
      }
      at = end;
    }
  }

  // FNV-1a.
  function hash(word, value = 0x811c9dc5) {
    for (let i = 0; i < word.length; i++) value = imul(value ^ word.charCodeAt(i), 0x01000193);
    return value >>> 0;
  }
  const hex = value => value.toString(16).padStart(8, "0");
  const idWord = id => "@" + hex(hash(utf8(id))) + hex(hash(utf8(id), 0x01234567)).slice(0, 2);

  // What a query means.

  const DATE = "@hint-date";
  const QUOTE_IT = "@hint-quote-it";
  const TEXTS = [0, 1, 2, 3];
  const PARTS = { subject: [0], s: [0], from: [1], f: [1], body: [2, 3], b: [2, 3], nq: [2], quoted: [3], q: [3] };
  const FIELDS = { ...PARTS, list: "list", l: "list", date: "date", d: "date", after: "after", since: "after", before: "before", mid: "mid", m: "mid" };
  // These ask what is not in the files.
  for (const name of "to t cc c recipient tc anyone a tcf filename n type lang language has is thread size".split(" ")) FIELDS[name] = "live";

  const fail = (at, what, hint) => { throw { at, what, hint }; };

  const bareId = text => text.replace(/^[<\s]+|[>\s]+$/g, "");
  function asId(word) {
    const id = bareId(word), at = id.lastIndexOf("@");
    return at > 0 && at + 1 < id.length ? id : null;
  }

  // Words side by side. Single letters of a script without blanks are starts of words.
  function sequence(parts, text) {
    const words = tokens(text, false), whole = words.filter(t => !t.single);
    if (!whole.length) return { and: words.map(t => ({ parts, begins: t.word, others: [] })) };
    const first = whole[0].position;
    return { parts, words: whole.map(t => [t.position - first, t.word]) };
  }

  // The same where addresses are written with `at`.
  function phrases(parts, text) {
    if (!/\S@\S/.test(text)) return sequence(parts, text);
    return { or: [sequence(parts, text), { ifAt: sequence(parts, text.replace(/@/g, " at ")) }] };
  }

  function term(parts, text) {
    // Hashes are found by seven digits or more.
    if (/^(?=.*\d)(?=.*[a-f])[\da-f]{7,39}$/i.test(text)) return { parts: parts || TEXTS, begins: text.toLowerCase(), others: [] };
    const asked = phrases(parts || TEXTS, text), id = parts ? null : asId(text);
    return id ? { or: [{ id: idWord(id) }, asked] } : asked;
  }

  const day = (y, m, d) => {
    const date = new Date(0);
    date.setUTCFullYear(y, m - 1, d);
    return date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? floor(date / 864e5) : null;
  };

  // The first day of a date and the one after the last; null when it is none.
  function when(text) {
    const now = new Date(), today = day(now.getFullYear(), now.getMonth() + 1, now.getDate());
    const small = text.toLowerCase();
    if (small === "today") return [today, today + 1];
    if (small === "yesterday") return [today - 1, today];
    let match = /^(\d{1,4})([dwmy])$/.exec(small);
    if (match) {
      let first = today - match[1] * (match[2] === "w" ? 7 : 1);
      if (match[2] === "m" || match[2] === "y") {
        const month = now.getFullYear() * 12 + now.getMonth() - match[1] * (match[2] === "y" ? 12 : 1);
        first = null;
        for (let d = now.getDate(); first === null; d--) first = day(floor(month / 12), month % 12 + 1, d);
      }
      return [first, first + 1];
    }
    match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text) || /^(\d{4})(\d\d)(\d\d)$/.exec(text);
    if (!match) return null;
    const [y, m, d] = [+match[1], match[2] && +match[2], match[3] && +match[3]];
    const first = day(y, m ?? 1, d ?? 1);
    if (first === null || y < 1) return null;
    const end = d ? first + 1 : m ? day(m === 12 ? y + 1 : y, m % 12 + 1, 1) : day(y + 1, 1, 1);
    return [first, end];
  }

  const whenAt = (at, text) => when(text) || fail(at, filled("@query-no-date(typed)", text), DATE);

  function dates(at, text) {
    const cut = text.indexOf("..");
    if (cut < 0) return { days: whenAt(at, text) };
    const from = text.slice(0, cut), to = text.slice(cut + 2);
    if (!from && !to) fail(at, "@query-endless", DATE);
    const first = from ? whenAt(at, from) : [-Infinity], last = to ? whenAt(at + cut + 2, to) : [0, Infinity];
    if (last[1] <= first[0]) fail(at, "@query-backwards", filled("@hint-write(words)", to + ".." + from));
    return { days: [first[0], last[1]] };
  }

  function parse(text) {
    let at = 0, terms = 0;
    const rest = () => text.slice(at);
    const blanks = () => { while (/\s/.test(text[at])) at++; };
    const sees = operator => text.startsWith(operator, at) && /^([\s()\x22]|$)/.test(text.slice(at + operator.length));
    const one = (items, many) => items.length === 1 ? items[0] : { [many]: items };

    function or(depth, parts) {
      const items = [and(depth, parts)];
      while (sees("OR")) {
        at += 2;
        items.push(and(depth, parts));
      }
      return one(items, "or");
    }

    function and(depth, parts) {
      const items = [];
      let wants = true;
      blanks();
      const begin = at;
      for (;;) {
        blanks();
        if (!text[at] || text[at] === ")" && depth > 0 || sees("OR")) break;
        if (text[at] === ")") fail(at, "@query-nothing-open", QUOTE_IT);
        if (sees("AND")) {
          if (wants) fail(at, "@query-lonely-and", QUOTE_IT);
          at += 3;
          wants = true;
          continue;
        }
        const item = unary(depth, parts);
        if (item) items.push(item);
        wants = false;
      }
      if (wants) {
        fail(at, !text[at] ? "@query-unfinished" : text[at] === ")" ? "@query-empty-parentheses" : "@query-lonely-or", QUOTE_IT);
      }
      if (!items.length) fail(begin, "@query-nothing-to-look-for");
      return one(items, "and");
    }

    function unary(depth, parts) {
      const begin = at;
      let not = false;
      for (;;) {
        if (sees("NOT")) {
          at += 3;
          blanks();
        } else if (/^-[^\s)-]/.test(rest())) {
          at += 1;
        } else {
          break;
        }
        not = !not;
      }
      const negated = at > begin;
      const empty = () => fail(begin, "@query-nothing-to-leave-out");
      if (negated && (!text[at] || text[at] === ")" || sees("OR") || sees("AND"))) empty();
      const item = atom(depth, parts);
      if (negated && !item) empty();
      return not ? { not: item } : item;
    }

    function atom(depth, parts) {
      if (text[at] === "(") return group(depth, parts);
      if (++terms > 64) fail(at, "@query-too-many-words");
      const begin = at;
      if (text[at] === "\"") return found(parts, phrase());
      const named = /^([a-z]+):/i.exec(rest()), field = named && named[1].toLowerCase();
      if (field && Object.hasOwn(FIELDS, field)) {
        at += named[0].length;
        return value(begin, field, depth);
      }
      const id = parts ? null : angled();
      if (id) return { id: idWord(id) };
      const wordAt = at, taken = word();
      if (taken === "*" && !parts) return { every: true };
      return words(wordAt, parts, taken);
    }

    function group(depth, parts) {
      const open = at;
      if (depth >= 16) fail(open, "@query-too-deep");
      at += 1;
      const inner = or(depth + 1, parts);
      blanks();
      if (text[at] !== ")") fail(open, "@query-parenthesis-open");
      at += 1;
      return inner;
    }

    function phrase() {
      const open = at, end = text.indexOf("\"", at + 1);
      if (end < 0) fail(open, "@query-quote-open");
      at = end + 1;
      return text.slice(open + 1, end);
    }

    function angled() {
      const match = /^<([^<>\s]*)>/.exec(rest());
      if (!match || !asId(match[1])) return null;
      at += match[0].length;
      return match[1];
    }

    function word() {
      const begin = at;
      for (let open = 0; text[at]; at++) {
        const c = text[at];
        if (c === "(") open++;
        else if (c === ")" && open > 0) open--;
        else if (c === ")" || c === "\"" || /\s/.test(c)) break;
      }
      return text.slice(begin, at);
    }

    const found = (parts, words) => tokens(words, false).length ? phrases(parts || TEXTS, words) : null;

    // A word or a beginning; null when there is empty in it to look for.
    function words(begin, parts, taken) {
      const stem = taken.endsWith("*") ? taken.slice(0, -1) : null, list = stem === null ? [] : tokens(stem, false);
      const last = list.pop();
      if (!last || last.to !== stem.length) return tokens(taken, false).length ? term(parts, taken) : null;
      if (!last.single && [...last.word].length < 2) fail(begin, "@query-short-beginning");
      return { parts: parts || TEXTS, begins: last.word, others: list.filter(t => !t.single).map(t => t.word) };
    }

    function value(begin, field, depth) {
      blanks();
      const start = at, kind = FIELDS[field], parts = PARTS[field];
      if (kind === "live") fail(begin, filled("@query-live-only(field)", field));
      if (parts && text[at] === "(") return group(depth, parts);
      if (kind === "mid") {
        const id = angled();
        if (id) return { id: idWord(id) };
      }
      const quoted = text[at] === "\"", taken = quoted ? phrase() : word();
      const empty = () => fail(parts ? start : begin, filled("@query-empty-field(field)", field));
      if (!taken.trim()) empty();
      if (parts) return (quoted ? found(parts, taken) : words(start, parts, taken)) || empty();
      if (kind === "list") return { list: taken.trim().toLowerCase() };
      if (kind === "mid") return { id: idWord(bareId(taken) || empty()) };
      if (kind === "date") return dates(start, taken.trim());
      const [first] = whenAt(start, taken.trim());
      return { days: kind === "before" ? [-Infinity, first] : [first, Infinity] };
    }

    return or(0, null);
  }

  // Files.

  const loads = new Map();
  let given;
  window.posthoc = function (content) { given = content; };

  // A file's content, each once. A script runs just before its load event, so what was given is its own.
  function load(path) {
    if (!loads.has(path)) {
      loads.set(path, new Promise(function (resolve, reject) {
        const script = doc.createElement("script");
        script.src = path;
        script.onload = () => { script.remove(); const mine = given; given = undefined; mine === undefined ? reject(path) : resolve(mine); };
        script.onerror = () => { script.remove(); reject(path); };
        doc.head.append(script);
      }));
    }
    return loads.get(path);
  }

  // Numbers in the bits of a file.
  class Bits {
    constructor(letters) {
      const value = i => { const c = letters.charCodeAt(i); return c - 32 - (c > 34) - (c > 38) - (c > 60) - (c > 92); };
      this.bytes = new Uint8Array((letters.length / 2 * 13 >> 3) + 5);
      this.at = 0;
      let held = 0, bits = 0, to = 0;
      for (let i = 0; i < letters.length; i += 2) {
        held = (held << 13 | value(i) * 91 + value(i + 1)) & 0xfffff;
        bits += 13;
        while (bits >= 8) this.bytes[to++] = held >> (bits -= 8);
      }
      this.end = to * 8;
    }
    peek() {
      const i = this.at >> 3, b = this.bytes;
      if (this.at > this.end) throw 0;
      return (b[i] << 24 | b[i + 1] << 16 | b[i + 2] << 8 | b[i + 3]) << (this.at & 7);
    }
    bits(count) {
      if (!count) return 0;
      const value = this.peek() >>> (32 - count);
      this.at += count;
      return value;
    }
    number(k) {
      const zeros = clz32(this.peek());
      this.at += zeros;
      return (this.bits(zeros + 1) - 1) * (1 << k) + this.bits(k);
    }
    word(before) {
      let word = before.slice(0, this.number(2));
      for (let more = this.number(2); more > 0; more--) word += String.fromCharCode(this.bits(8));
      return word;
    }
  }

  // The order of stands, from what impact and count tell of a part's length; whole numbers as in Rust.
  function orderOf(part, impact, count) {
    const square = max(impact, 1) ** 2, mean = part < 2 ? 8 : 100;
    const norm = floor(count * (IMPACT ** 2 - square) * 1000 / square);
    const words = max(0, floor(norm * mean / 900) - floor(mean / 3));
    const step = floor(floor(words / (count + 1)) * 11 / 16);
    return min(14, 31 - clz32(max(step, 1)));
  }

  // A span of a list's mails.
  class Span {
    constructor(list, [from, to, , name]) {
      Object.assign(this, { list, from, size: to - from, folder: list.folder + name + "/", chunks: new Map() });
    }

    async open() {
      if (!this.firsts) {
        const bits = new Bits(await load(this.folder + "d.js")), firsts = [], beside = [];
        let word = "";
        for (let count = bits.number(5); count > 0; count--) {
          if (bits.bits(1)) beside.push(firsts.length);
          firsts.push(word = bits.word(word));
        }
        this.beside = beside;
        this.firsts = firsts;
      }
      return this.firsts;
    }

    chunkOf(word) {
      let low = 0, high = this.firsts.length;
      while (high - low > 1) {
        const middle = low + high >> 1;
        if (this.firsts[middle] <= word) low = middle; else high = middle;
      }
      return low;
    }

    async chunk(number) {
      if (!this.chunks.has(number)) {
        const bits = new Bits(await load(this.folder + number + ".js")), words = [];
        let word = "";
        for (let count = bits.number(5); count > 0; count--) {
          word = bits.word(word);
          const mask = bits.bits(5), parts = [];
          for (let part = 0; part < 5; part++) parts.push(mask >> part & 1 ? this.mailsIn(bits) : null);
          words.push({ word, parts });
        }
        this.chunks.set(number, words);
      }
      return this.chunks.get(number);
    }

    mailsIn(bits) {
      const count = bits.number(0) + 1, k = count > 1 ? bits.bits(4) : 0;
      const places = new Uint16Array(count), worth = new Uint8Array(count);
      for (let i = 0, next = 0; i < count; i++) {
        places[i] = next + (count > 1 ? bits.number(k) : bits.bits(14));
        next = places[i] + 1;
        worth[i] = bits.bits(5);
      }
      return { places, worth };
    }

    // The mails that have a word, by part; null when none has.
    async find(word) {
      await this.open();
      const number = this.chunkOf(word), words = await this.chunk(number);
      const at = words.findIndex(entry => entry.word === word);
      return at < 0 ? null : { number, at, parts: words[at].parts };
    }

    // All words that begin so.
    async beginning(word) {
      await this.open();
      const from = this.chunkOf(word), to = this.chunkOf(word + "\u00ff");
      if (to - from > 12) fail(0, "@query-many-beginnings");
      const chunks = [];
      for (let number = from; number <= to; number++) chunks.push(this.chunk(number));
      return (await Promise.all(chunks)).flat().filter(entry => entry.word.startsWith(word));
    }

    // Where a word stands in a part: of each mail its stands.
    async stands({ number, at }, wanted) {
      const file = max(...this.beside.filter(first => first <= number));
      const bits = new Bits(await load(this.folder + "p" + file + ".js")), lengths = [];
      for (let count = bits.number(2); count > 0; count--) lengths.push(bits.number(12));
      for (let before = file; before < number; before++) bits.at += lengths[before - file];
      const words = this.chunks.get(number), found = new Map();
      for (let i = 0; i <= at; i++) {
        for (let part = 0; part < ID; part++) {
          const of = words[i].parts[part], mine = i === at && part === wanted;
          if (of) of.places.forEach((place, n) => {
            const count = bits.number(0) + 1, here = [];
            for (let next = 0, k = orderOf(part, of.worth[n], count); here.length < count;) {
              const step = bits.number(k);
              here.push(next + step);
              next += step + 1;
              k = k * 3 + 32 - clz32(step) >> 2;
            }
            if (mine) found.set(place, here);
          });
          if (mine) return found;
        }
      }
      return found;
    }

    // Which numbers are mails, and their days.
    async numbers() {
      if (!this.days) {
        const bits = new Bits(await load(this.folder + "n.js")), k = bits.bits(4);
        this.days = new Int32Array(this.size).fill(-0x80000000);
        for (let i = 0, day = 0; i < this.size; i++) {
          if (!bits.bits(1)) continue;
          const step = bits.number(k);
          this.days[i] = day += step >>> 1 ^ -(step & 1);
        }
      }
      return this.days;
    }

    async line(place) {
      const rows = await load(this.folder + "t" + (place / LINES | 0) + ".js");
      // A text that is that of the mail before is told by a 0.
      rows.forEach((row, n) => row.forEach((text, i) => { if (i > 1 && text === 0) row[i] = rows[n - 1][i]; }));
      return rows.find(row => row[0] === this.from + place);
    }
  }

  // Finding.

  function leaves(node, each, wanted = true) {
    const inner = node.and || node.or || (node.ifAt && [node.ifAt]) || (node.not && [node.not]);
    if (!inner) each(node, wanted);
    else for (const item of inner) leaves(item, each, wanted !== !!node.not);
  }

  // Words of a query, as files have them.
  function wordsOf(plan) {
    const words = new Set(), starts = new Set();
    leaves(plan, leaf => {
      for (const [, word] of leaf.words || []) words.add(utf8(word));
      for (const word of leaf.others || []) words.add(utf8(word));
      if (leaf.id) words.add(leaf.id);
      if (leaf.begins) starts.add(utf8(leaf.begins));
    });
    return { words, starts };
  }

  // The lists of a site that may have an answer, as far as files tell which lists have a word.
  async function havingAll(lists, files, plan) {
    const having = new Map(), first = Math.log2(files.length);
    await Promise.all([...wordsOf(plan).words].filter(word => files.length && word[0] !== "@").map(async (word) => {
      const bits = new Bits(await load("shards/" + files[hash(word) >>> 32 - first]));
      let count = bits.number(8), at = 0;
      for (const k = bits.bits(4); count > 0; count--) {
        at += bits.number(k);
        const here = new Set();
        for (let more = bits.number(0) + 1, next = 0; more > 0; more--) here.add(next += bits.number(1)), next++;
        if (at === hash(word) << first >>> 8 + first) having.set(word, here);
      }
    }));
    const has = (word, n) => !files.length || having.get(utf8(word))?.has(n);
    const may = (node, n) => node.and ? node.and.every(item => may(item, n))
      : node.or ? node.or.some(item => may(item, n))
      : node.ifAt ? lists[n].at && may(node.ifAt, n)
      : node.list ? lists[n].list === node.list
      : (node.words || []).every(([, word]) => has(word, n)) && (node.others || []).every(word => has(word, n));
    return lists.filter((list, n) => may(plan, n));
  }

  const mailsOf = lists => lists.flatMap(list => list.stretches).reduce((sum, row) => sum + row[2], 0);
  const fresh = size => ({ hit: new Uint8Array(size), score: new Float32Array(size) });

  // What a mail's age adds to its rank, by its day.
  const today = floor(Date.now() / 864e5);
  const freshness = day => day > today + 1 ? 1 : 1 + 0.25 / (1 + max(0, today - day) / 365);

  class Question {
    constructor(lists, plan) {
      this.plan = plan;
      this.spans = lists.flatMap(list => list.stretches.map(row => new Span(list, row)));
      this.mails = mailsOf(lists);
      this.rare = new Map();
    }

    async answer() {
      const { words, starts } = wordsOf(this.plan);
      await Promise.all(this.spans.flatMap(span => {
        span.found = new Map();
        const loads = [];
        for (const word of words) loads.push(span.find(word).then(found => span.found.set(word, found)));
        for (const word of starts) loads.push(span.beginning(word).then(found => span.found.set(word + "*", found)));
        loads.push(span.numbers());
        return loads;
      }));
      const hits = await Promise.all(this.spans.map(async (span) => {
        const { hit, score } = await this.of(span, this.plan, null), hits = [];
        for (let place = 0; place < span.size; place++) {
          if (hit[place]) hits.push({ span, place, score: score[place] * freshness(span.days[place]) });
        }
        return hits;
      }));
      return hits.flat();
    }

    // How rare a word is in a part: BM25's weight of it.
    idf(word, part) {
      const key = word + part;
      if (!this.rare.has(key)) {
        let mails = 0;
        for (const { found } of this.spans) {
          mails += found.get(word)?.parts[part]?.places.length || 0;
        }
        this.rare.set(key, 2.2 * Math.log(1 + (this.mails - mails + 0.5) / (mails + 0.5)));
      }
      return this.rare.get(key);
    }

    // Which mails of a span answer a part of the query, and how well. Only those within count.
    async of(span, node, within) {
      const result = fresh(span.size), { hit, score } = result;
      const where = is => { for (let i = 0; i < hit.length; i++) if (is(i)) hit[i] = 1; };
      const here = i => span.days[i] !== -0x80000000;
      if (node.and) {
        // Phrases last, and only of what has the words: their files are the largest.
        const dear = item => (item.words && item.words.length > 1) || item.or || item.ifAt ? 1 : 0;
        const items = node.and.filter(item => !item.not).sort((a, b) => dear(a) - dear(b));
        let left = within;
        for (const item of items) {
          const one = await this.of(span, item, left), before = left;
          left = one.hit.map((is, i) => is && (!before || before[i]) ? 1 : 0);
          one.score.forEach((more, i) => { score[i] += more; });
        }
        where(i => items.length ? left[i] : here(i));
        for (const item of node.and.filter(item => item.not)) {
          (await this.of(span, item.not, hit)).hit.forEach((out, i) => { if (out) hit[i] = 0; });
        }
      } else if (node.or) {
        for (const item of node.or) {
          const one = await this.of(span, item, within);
          where(i => one.hit[i]);
          one.score.forEach((more, i) => { score[i] += more; });
        }
      } else if (node.not) {
        const out = (await this.of(span, node.not, within)).hit;
        where(i => here(i) && !out[i]);
      } else if (node.ifAt) {
        return span.list.at ? this.of(span, node.ifAt, within) : result;
      } else if (node.every) {
        where(here);
      } else if (node.days) {
        where(i => here(i) && span.days[i] >= node.days[0] && span.days[i] < node.days[1]);
      } else if (node.list) {
        where(i => here(i) && span.list.list === node.list);
      } else if (node.id) {
        span.found.get(node.id)?.parts[ID]?.places.forEach(place => { hit[place] = 1; score[place] = 10; });
      } else if (node.begins) {
        for (const part of node.parts) this.begins(span, node, part, result);
      } else {
        for (const part of node.parts) await this.words(span, node, part, within, result);
      }
      return result;
    }

    // Adds the mails in whose part a word is; answers where it is.
    word(span, word, part, { hit, score }) {
      const of = span.found.get(word)?.parts[part];
      if (!of) return;
      const weight = WEIGHTS[part] * this.idf(word, part);
      of.places.forEach((place, i) => {
        hit[place] = 1;
        score[place] += weight * (of.worth[i] / IMPACT) ** 2;
      });
    }

    begins(span, node, part, result) {
      const begun = new Uint8Array(span.size);
      for (const { parts } of span.found.get(utf8(node.begins) + "*")) {
        parts[part]?.places.forEach(place => { begun[place] = 1; });
      }
      const others = node.others.map(word => {
        const one = fresh(span.size);
        this.word(span, utf8(word), part, one);
        return one;
      });
      for (let i = 0; i < begun.length; i++) {
        if (!begun[i] || others.some(one => !one.hit[i])) continue;
        result.hit[i] = 1;
        result.score[i] += WEIGHTS[part] + others.reduce((sum, one) => sum + one.score[i], 0);
      }
    }

    async words(span, node, part, within, result) {
      const words = node.words.map(([, word]) => utf8(word));
      if (words.length === 1) return this.word(span, words[0], part, result);
      const found = words.map(word => span.found.get(word)), of = found.map(entry => entry?.parts[part]);
      if (of.some(entry => !entry)) return;
      const counts = new Uint8Array(span.size);
      of.forEach((entry, n) => entry.places.forEach(place => { if (counts[place] === n && (!within || within[place])) counts[place]++; }));
      const both = of[0].places.filter(place => counts[place] === words.length);
      if (!both.length) return;
      const stands = await Promise.all(found.map(entry => span.stands(entry, part)));
      const weight = WEIGHTS[part] * words.reduce((sum, word) => sum + this.idf(word, part), 0);
      for (const place of both) {
        const first = stands[0].get(place), rest = stands.slice(1).map(of => new Set(of.get(place)));
        const count = first.filter(at => rest.every((of, n) => of.has(at + node.words[n + 1][0]))).length;
        if (!count) continue;
        // The part's length, from how much the first word weighs in it.
        const share = (of[0].worth[of[0].places.indexOf(place)] / IMPACT) ** 2, norm = first.length * (1 - share) / share;
        result.hit[place] = 1;
        result.score[place] += weight * count / (count + norm);
      }
    }
  }

  // Hits in order, and the lines of those that are shown.
  async function shown(hits) {
    const sign = order === "old" ? -1 : 1, best = order === "relevance";
    for (const hit of hits) hit.day = best ? hit.score : sign * hit.span.days[hit.place];
    hits.sort((a, b) => b.day - a.day || sign * (b.span.from + b.place - a.span.from - a.place));
    let from = offset, to = min(offset + PER_PAGE, hits.length);
    if (!best && to > from) {
      // Days are in the files at hand, hours in the lines.
      while (from > 0 && offset - from < 200 && hits[from - 1].day === hits[offset].day) from--;
      while (to < hits.length && to - offset < 200 && hits[to].day === hits[offset + PER_PAGE - 1].day) to++;
    }
    const lines = await Promise.all(hits.slice(from, to).map(async (hit) => ({ ...hit, line: await hit.span.line(hit.place) })));
    if (!best) lines.sort((a, b) => sign * (b.line[1] - a.line[1]));
    return lines.slice(offset - from, offset - from + PER_PAGE);
  }

  // Showing.

  const main = doc.getElementById("main");

  function make(name, attrs, ...children) {
    const el = doc.createElement(name);
    for (const [key, value] of Object.entries(attrs)) el.setAttribute(key, value);
    el.append(...children);
    return el;
  }

  // A text with what is filled in, in the order in which its language has it.
  const filled = (text, ...values) => text.replace(/%(.)/g, (all, nth) => values[nth]);

  // As pages write it: 2 Nov 2025.
  const MONTHS = [
    "@month-short(month=1)", "@month-short(month=2)", "@month-short(month=3)", "@month-short(month=4)",
    "@month-short(month=5)", "@month-short(month=6)", "@month-short(month=7)", "@month-short(month=8)",
    "@month-short(month=9)", "@month-short(month=10)", "@month-short(month=11)", "@month-short(month=12)"
  ];
  function date(sent, timeZone) {
    const [month, day, year] = sent.toLocaleDateString("en-US", { timeZone }).split("/");
    return filled("@date(day,month,year)", day, MONTHS[month - 1], year);
  }

  // A text with the words of the query marked.
  function marked(text, plan) {
    const words = new Set(), starts = [], pieces = [];
    leaves(plan, (leaf, wanted) => {
      if (!wanted || !leaf.parts || !leaf.parts.includes(2)) return;
      for (const [, word] of leaf.words || []) words.add(word);
      if (leaf.begins) starts.push(leaf.begins);
    });
    let at = 0;
    for (const { word, from, to } of tokens(text, true)) {
      if (from < at || !words.has(word) && !starts.some(begins => word.startsWith(begins))) continue;
      pieces.push(text.slice(at, from), make("mark", {}, text.slice(from, to)));
      at = to;
    }
    return [...pieces, text.slice(at)];
  }

  function item({ span, line: [number, seconds, volume, subject, author, text] }, plan, up) {
    const list = span.list, [to, size] = list.old ? ["/", 11] : ["/msg", 10];
    const href = up + volume + to + `${number}.html`.padStart(size, 0);
    const link = make("a", subject ? { href } : { href, class: "untitled" }, make("bdi", {}, subject || "@no-subject"));
    const sent = new Date(seconds * 1000), time = make("time", { datetime: sent.toISOString() }, date(sent, list.zone));
    return make("li", {}, make("h2", {}, link),
      make("p", { class: "facts" }, make("bdi", {}, author || "@unknown-person"), " · ", time, " · " + list.list),
      ...(text ? [make("p", {}, ...marked(text, plan))] : []));
  }

  function page(from, words, rel, all = args.has("all")) {
    const query = new URLSearchParams({ q: typed });
    if (all) query.set("all", 1);
    if (order !== "relevance") query.set("order", order);
    if (from > 0) query.set("offset", from);
    return make("a", { rel, href: "?" + query }, words);
  }

  function show(...elements) {
    for (const old of doc.querySelectorAll(".answer")) old.remove();
    for (const el of elements) {
      el.classList.add("answer");
      guide.before(el);
    }
  }

  const status = words => make("p", { class: "facts", role: "status" }, words);

  function showError({ at, what, hint }) {
    const p = (attrs, words) => make("p", { class: "error", ...attrs }, words);
    const code = make("bdi", {}, typed.slice(0, at), make("mark", {}, typed[at] || "␣"), typed.slice(at + 1));
    show(p({ role: "alert" }, what + (hint ? " (" + hint + ")" : "")), p({}, make("code", {}, code)));
  }

  async function run(again) {
    show(status("@searching"));
    const root = await load("shards/root.js?" + Date.now()).catch(() => null);
    if (!root || root.version !== 1) return show(status("@copy-unsearchable"));
    const ofSite = root.site;
    const lists = root.lists.map(list => ({ ...list, folder: (ofSite ? "../" + list.list + "/search/" : "") + "shards/" }));
    try {
      const plan = parse(typed), all = await havingAll(lists, root.which, plan);
      // The largest thirty, unless all are asked for.
      if (!args.has("all")) all.sort((a, b) => mailsOf([b]) - mailsOf([a]));
      const taken = args.has("all") ? all : all.slice(0, 30), hits = await new Question(taken, plan).answer();
      const lines = await shown(hits), total = hits.length.toLocaleString(doc.documentElement.lang), last = offset + lines.length;
      const mails = hits.length === 1 ? "@mails(count=1)" : filled("@mails(count)", total);
      const nav = make("nav", { class: "neighbours", "aria-label": "@more-mails" });
      if (offset > 0) nav.append(page(max(0, offset - PER_PAGE), "← " + "@previous-mails", "prev"));
      if (lines.length && last < hits.length) nav.append(page(last, "@next-mails" + " →", "next"));
      if (taken.length < all.length) nav.append(page(0, filled("@look-into-all(all,taken)", all.length, taken.length), "", true));
      const up = hit => "../" + (ofSite ? hit.span.list.list + "/" : "");
      show(status(lines.length && lines.length < hits.length ? filled("@found-range(found,first,last)", mails, offset + 1, last) : mails),
        make("ol", { class: "hits" }, ...lines.map(hit => item(hit, plan, up(hit)))), nav);
      guide.hidden = true;
    } catch (error) {
      if (error.what) return showError(error);
      // The site was published anew since its root was loaded.
      if (!again) return run(true);
      show(status("@file-missing"));
    }
  }

  main.querySelector("[name=q]").value = typed;
  for (const option of main.querySelectorAll("[name=order] option")) option.selected = option.value === order;
  run(false);
})();
