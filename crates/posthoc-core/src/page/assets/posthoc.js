// What a page does beside being read: copies links, moves by keys, remembers in this browser what was
// read and which threads are followed. Every page is whole without it, and it asks nobody but this site.
// "@name(args)" is the text of that name in the page's language, put in when the site is made; %0, %1
// stand in it where the arguments belong.
"use strict";
(function () {
  const doc = document, body = doc.body, main = doc.getElementById("main");
  const root = new URL(body.dataset.root || ".", location.href).href.replace(/index\.html$/, "");
  const list = body.dataset.list, thread = body.dataset.thread, name = "posthoc " + new URL(root).pathname;
  // A visit ends when nothing was read for half an hour.
  const PAUSE = 1800000, MOST = 500;

  function all(selector, within) { return Array.from((within || doc).querySelectorAll(selector)); }
  function one(selector, within) { return (within || doc).querySelector(selector); }
  function make(tag, text, where, before) {
    const node = doc.createElement(tag);
    if (text) node.textContent = text;
    if (where) where.insertBefore(node, before || null);
    return node;
  }
  function filled(text, value) { return text.replace("%0", value); }
  function button(text, where, act) {
    const node = make("button", text, where);
    node.type = "button";
    node.className = "plain";
    node.addEventListener("click", act);
    return node;
  }

  // What this browser remembers: keys on or off, what was seen of each list, followed threads.

  function empty() { return { keys: true, lists: {}, threads: {} }; }
  function known(text) {
    const found = empty();
    try {
      const read = JSON.parse(text);
      found.keys = read.keys !== false;
      for (const key of Object.keys(read.lists).slice(0, MOST)) {
        const { seen, last, at } = read.lists[key];
        if ([seen, last, at].every(Number.isFinite)) found.lists[key] = { seen, last, at };
      }
      for (const key of Object.keys(read.threads).slice(0, MOST)) {
        const { title, seen } = read.threads[key];
        if (/^[A-Za-z0-9._-]+\/[a-z0-9]+$/.test(key) && Number.isFinite(seen)) {
          found.threads[key] = { title: String(title).slice(0, 200), seen };
        }
      }
    } catch (error) { /* nothing, or nothing of ours */ }
    return found;
  }
  function recall() {
    try { return known(localStorage.getItem(name)); } catch (error) { return empty(); }
  }
  function keep(memory) {
    try { localStorage.setItem(name, JSON.stringify(memory)); return true; } catch (error) { return false; }
  }

  // What a reader is told: seen for a while, and read aloud.

  const told = make("p", "", body);
  told.className = "told";
  told.setAttribute("role", "status");
  let untell = 0;
  function tell(text) {
    told.textContent = text;
    clearTimeout(untell);
    untell = setTimeout(function () { told.textContent = ""; }, 6000);
  }
  function copy(text, words) {
    const done = function () { tell(words); }, not = function () { tell(text); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, not);
    else not();
  }

  // New since the last visit, by the dates on the page.

  function when(node) {
    const time = node && node.getAttribute("datetime");
    return time ? Date.parse(time) : NaN;
  }
  function markNew() {
    if (!list || body.classList.contains("search")) return;
    const memory = recall(), now = Date.now(), past = memory.lists[list];
    // Who comes for the first time is told nothing; the next visit begins from the newest mail of the list
    // where its page was seen, else from now: a search engine may have led to an old one.
    const visit = past || { seen: body.classList.contains("list") ? 0 : now, last: 0, at: now };
    if (now - visit.at > PAUSE) visit.last = visit.seen;
    const times = all("time[datetime]", main).filter(function (time) { return !isNaN(when(time)); });
    let count = 0;
    for (const time of times) {
      const at = when(time);
      if (visit.last && at > visit.last) {
        const item = time.closest("li, article");
        if (item && !item.classList.contains("new")) {
          item.classList.add("new");
          make("span", " " + "@fresh", time.parentNode, time.nextSibling).className = "fresh";
          count += 1;
        }
      }
      visit.seen = Math.max(visit.seen, Math.min(at, now));
    }
    visit.at = now;
    memory.lists[list] = visit;
    keep(memory);
    const facts = one(".news, .facts", main);
    if (count && facts) {
      make("span", " · " + filled("@fresh-count(count)", count), facts).className = "fresh";
    }
  }

  // Followed threads.

  function newest() {
    return all("time[datetime]", main).map(when).filter(Number.isFinite).reduce(function (a, b) { return Math.max(a, b); }, 0);
  }
  function follow(key, title) {
    const memory = recall();
    if (memory.threads[key]) delete memory.threads[key];
    else memory.threads[key] = { title, seen: newest() };
    if (keep(memory)) tell(memory.threads[key] ? "@following" : "@following-no-more");
    else tell("@keeps-nothing");
    return memory.threads[key];
  }
  function followButton(where) {
    const key = list + "/" + thread, words = function (on) { return on ? "@follow-no-more" : "@follow"; };
    const memory = recall(), entry = memory.threads[key], title = one("h1").textContent;
    if (entry) {
      entry.seen = Math.max(entry.seen, newest());
      keep(memory);
    }
    const node = button(words(entry), where, function () { node.textContent = words(follow(key, title)); });
    node.dataset.key = "f";
  }
  function followed() {
    if (!/\b(home|list)\b/.test(body.className)) return;
    const threads = recall().threads;
    const keys = Object.keys(threads).filter(function (key) { return !list || key.startsWith(list + "/"); });
    if (!keys.length) return;
    const section = make("section", "", main, list ? one(".columns") : one(".lists"));
    section.className = "followed";
    make("h2", "@threads-followed", section);
    const items = make("ul", "", section);
    items.className = "lines";
    for (const key of keys) {
      const parts = key.split("/"), item = make("li", "", items);
      make("a", threads[key].title, item).href = root + parts[0] + "/thread/" + parts[1] + ".html";
      const line = all("li[data-thread]").find(function (line) { return line.dataset.thread === parts[1]; });
      if (line && when(one("time", line)) > threads[key].seen) make("span", " " + "@fresh", item).className = "fresh";
    }
  }

  // A line of a mail: counted over its text, whatever the page's width.

  function lineRanges() {
    const ranges = [], walker = doc.createTreeWalker(one(".body"), NodeFilter.SHOW_TEXT);
    let block = null, range = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentNode.closest("summary, figcaption, .origin")) continue;
      const here = node.parentNode.closest("p, pre, li, td, th, div, blockquote, h3, h4, h5, h6");
      if (here !== block) range = null;
      block = here;
      let from = 0;
      for (const piece of node.data.split("\n")) {
        if (from) range = null;
        if (piece.trim()) {
          if (!range) {
            range = doc.createRange();
            range.setStart(node, from);
            ranges.push(range);
          }
          range.setEnd(node, from + piece.length);
        }
        from += piece.length + 1;
      }
    }
    return ranges;
  }
  function showLine() {
    const number = /^#L(\d{1,7})$/.exec(location.hash);
    if (!number || !one(".message .body")) return;
    const range = lineRanges()[number[1] - 1];
    if (!range) return tell(filled("@no-such-line(line)", number[1]));
    for (let up = range.startContainer.parentNode; up; up = up.parentNode) if (up.tagName === "DETAILS") up.open = true;
    if (window.Highlight) CSS.highlights.set("line", new Highlight(range));
    scrollTo(0, scrollY + range.getBoundingClientRect().top - innerHeight / 3);
  }
  function copyLine() {
    const chosen = getSelection(), at = chosen.rangeCount && chosen.getRangeAt(0);
    const number = at ? lineRanges().findIndex(function (range) {
      return range.compareBoundaryPoints(Range.START_TO_END, at) > 0;
    }) : -1;
    if (number < 0 || !one(".body").contains(at.startContainer)) return tell("@select-first");
    copy(location.href.split("#")[0] + "#L" + (number + 1), filled("@line-copied(line)", number + 1));
  }

  // A mail's verbs, and what the server may have.

  function verbs() {
    const bar = one(".verbs"), take = one(".take");
    if (bar) {
      const own = one(".take dd a[href]");
      button("@copy-link", bar, function () { copy(own ? own.href : location.href.split("#")[0], "@link-copied"); });
      button("@copy-line", bar, copyLine);
    }
    if (thread && list) followButton(bar || one(".order"));
    if (take) {
      for (const box of all("dd", take).slice(own(take))) {
        const text = (one("code, bdi, pre", box) || box).textContent;
        button("@copy-text", box, function () { copy(text, "@text-copied"); });
      }
      if (take.dataset.eml && location.protocol.startsWith("http")) {
        take.addEventListener("toggle", function () { offer(take); }, { once: true });
      }
    }
  }
  function own(take) { return one("dd a[href]", take) ? 1 : 0; }
  function offer(take) {
    const where = doc.createElement("p");
    for (const [file, words] of [[take.dataset.eml, "@mail-as-file"], [take.dataset.mbox, "@thread-as-mailbox"]]) {
      fetch(file, { method: "HEAD" }).then(function (answer) {
        if (!answer.ok) return;
        const link = make("a", words, where);
        link.href = file;
        link.download = "";
        take.insertBefore(where, one("dl", take));
      }, function () { /* a plain copy has none */ });
    }
  }

  // A thread by answers, as the page has it, or by time.

  function order() {
    const mails = one(".thread .mails");
    if (!mails || all("article", mails).length < 3) return;
    const nested = Array.from(mails.children);
    const flat = all("article", mails).sort(function (a, b) { return when(one("time", a)) - when(one("time", b)); });
    const bar = one(".order");
    const show = function (nodes, by) {
      mails.replaceChildren(...nodes);
      mails.classList.toggle("flat", by === flatly);
      for (const node of [asTree, flatly]) node.setAttribute("aria-pressed", node === by);
    };
    const asTree = button("@by-answers", bar, function () { show(nested, asTree); });
    const flatly = button("@by-time", bar, function () { show(flat, flatly); });
    asTree.setAttribute("aria-pressed", true);
    flatly.setAttribute("aria-pressed", false);
  }

  // Keys.

  const KEYS = [
    ["j", "@key-next", function () { step(1); }],
    ["k", "@key-before", function () { step(-1); }],
    ["n", "@key-later", function () { go("a[rel=next]"); }],
    ["p", "@key-earlier", function () { go("a[rel=prev]"); }],
    ["t", "@key-thread", function () { go("a[href*='/thread/']"); }],
    ["u", "@key-up", function () { const up = all(".crumbs a").pop(); if (up) up.click(); }],
    ["r", "@key-reply", function () { go(".verbs .first"); }],
    ["f", "@key-follow", function () { go("[data-key=f]"); }],
    ["e", "@key-fold", fold],
    ["/", "@key-search", function () { const box = one("input[type=search]"); if (box) box.focus(); }],
    ["?", "@key-help", help]
  ];
  function go(selector) { const link = one(selector); if (link) link.click(); }
  function step(by) {
    const stops = all(".thread article h2 a, .diary .what a, .lines li > a, .lists h2 a, .hits h2 a, .beside .tree a", main);
    const at = stops.indexOf(doc.activeElement);
    const here = at < 0 ? stops.findIndex(function (stop) { return stop.getAttribute("aria-current"); }) : at;
    const next = stops[here < 0 && by < 0 ? stops.length - 1 : here + by];
    if (!next) return;
    next.focus();
    if (next.closest("article")) next.closest("article").scrollIntoView();
  }
  function fold() {
    const folds = all(".fold"), open = folds.some(function (node) { return !node.open; });
    for (const node of folds) node.open = open;
    tell(folds.length ? (open ? "@quotes-open" : "@quotes-folded") : "@nothing-folded");
  }
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !recall().keys) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const key = KEYS.find(function (key) { return key[0] === event.key; });
    if (!key) return;
    event.preventDefault();
    key[2]();
  });

  // The reader's own page of all this.

  let dialog = null;
  function help() {
    if (dialog) dialog.remove();
    const memory = recall();
    dialog = make("dialog", "", body);
    dialog.setAttribute("aria-labelledby", "reader");
    make("h2", "@keys-and-threads", dialog).id = "reader";
    const label = make("label", "", make("p", "", dialog)), box = make("input", "", label);
    box.type = "checkbox";
    box.checked = memory.keys;
    label.append(" " + "@letters-are-commands");
    box.addEventListener("change", function () {
      const memory = recall();
      memory.keys = box.checked;
      keep(memory);
    });
    const keys = make("dl", "", dialog);
    for (const [key, words] of KEYS) {
      make("kbd", key, make("dt", "", keys));
      make("dd", words, keys);
    }
    const count = Object.keys(memory.threads).length;
    make("p", filled("@kept-here(count)", count), dialog);
    const row = make("p", "", dialog), file = make("input", "", row);
    file.type = "file";
    file.accept = "application/json";
    file.setAttribute("aria-label", "@take-in");
    file.addEventListener("change", function () {
      if (file.files[0]) file.files[0].text().then(function (text) {
        keep(known(text));
        location.reload();
      });
    });
    button("@save-as-file", row, function () {
      const link = doc.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(recall())], { type: "application/json" }));
      link.download = "posthoc-reader.json";
      link.click();
    });
    button("@forget-all", row, function () { keep(empty()); location.reload(); });
    button("@close", row, function () { dialog.close(); });
    dialog.showModal();
  }

  addEventListener("hashchange", showLine);
  markNew();
  followed();
  verbs();
  order();
  showLine();
  const foot = one(".bottom p");
  if (foot) button("@keys-and-threads", foot, help);
})();
