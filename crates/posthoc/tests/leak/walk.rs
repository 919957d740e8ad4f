//! Asking a running server for every page.

use crate::lab::{HUSH, Lab, MASKED, NOWHERE, PLAIN};
use crate::prelude::Server;
use crate::routes::{KINDS, all, kind, of_list};
use crate::tokens::Secret;
use posthoc_core::route::{ListName, Route};
use std::collections::BTreeSet;

/// Pages that a walk asks for, at most.
const MOST: usize = 10_000;

/// A token that was said, and where.
pub(crate) type Said = (Secret, String, String);

/// An answer; its date left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn ask(server: &Server, method: &str, target: &str, headers: &str) -> Self {
        let answer = server.ask(method, target, headers);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("{method} {target}: {answer:?}"));
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let mut lines = head.split("\r\n").map(str::to_owned);
        let status = lines.next().unwrap()[9..12].parse().unwrap();
        let mut head: Vec<String> = lines
            .filter(|line| !line.to_ascii_lowercase().starts_with("date:"))
            .collect();
        head.sort();
        Got {
            status,
            head,
            body: answer[end + 4..].to_vec(),
        }
    }

    pub(crate) fn of(server: &Server, target: &str) -> Self {
        Got::ask(server, "GET", target, "")
    }

    /// A page that says that something is gone names what was asked for: that is left out.
    fn besides(&self, target: &str) -> Self {
        let mut other = self.clone();
        if self.status == 410 {
            let text = String::from_utf8_lossy(&self.body).replace(target, "");
            other.body = text.into_bytes();
        }
        other
    }

    /// A redirect to the same place without its query repeats the name that was asked for.
    fn renamed(mut self, from: &str, to: &str) -> Self {
        if self.status == 301 {
            self.head
                .iter_mut()
                .for_each(|line| *line = line.replace(from, to));
        }
        self
    }
}

/// What a walk met.
#[derive(Default)]
pub(crate) struct Walk {
    /// Requests that were made.
    pub(crate) requests: usize,
    /// Tokens, and the kinds of pages that said them.
    pub(crate) said: BTreeSet<Said>,
    /// Kinds of pages that were asked for.
    kinds: BTreeSet<&'static str>,
}

impl Walk {
    /// Asks for every page that there could be and for whatever those link to, as GET alone or with
    /// HEAD, POST and conditions too.
    pub(crate) fn of(lab: &Lab, server: &Server, deep: bool) -> Self {
        let mut walk = Walk::default();
        let targets = all(lab);
        let mut targets: Vec<String> = targets
            .iter()
            .map(|route| format!("/{}", route.path()))
            .collect();
        let mut known: BTreeSet<String> = targets.iter().cloned().collect();
        while let Some(target) = targets.pop() {
            let got = walk.ask(lab, server, &target, deep);
            // A page that is not there is the site's own, whose links hold from its root.
            let found = if got.status == 200 {
                &got.body[..]
            } else {
                b""
            };
            let linked = links(&target, found).into_iter();
            assert!(known.len() < MOST, "{target} leads nowhere");
            targets.extend(linked.filter(|link| known.insert(link.clone())));
        }
        walk.search(lab, server);
        for target in [
            "/robots.txt",
            "/healthz",
            "/sitemap.xml",
            "/.posthoc/state.json",
            "/%00",
            "/a%20b",
        ] {
            walk.hear(lab, target, &Got::of(server, target));
        }
        assert_eq!(walk.kinds, KINDS.into(), "a kind of page was not asked for");
        walk
    }

    /// Asks for mails in every shape, on the site and on each list.
    fn search(&mut self, lab: &Lab, server: &Server) {
        let lists = [PLAIN, MASKED, HUSH, &lab.private].map(|list| format!("{list}/"));
        for page in lists.iter().map(String::as_str).chain([""]) {
            for (shape, what) in [
                ("", "search"),
                ("&as=threads", "search by thread"),
                ("&as=atom", "search feed"),
                ("&as=mbox.gz", "search mbox"),
            ] {
                let of_hush = page.starts_with(HUSH);
                let place = if of_hush {
                    format!("{HUSH} {what}")
                } else {
                    what.to_owned()
                };
                for query in [
                    "*",
                    "boats",
                    "baots",
                    "-boats",
                    "from:example",
                    "has:attachment",
                ] {
                    let got = Got::of(server, &format!("/{page}search/?q={query}{shape}"));
                    self.hear(lab, &place, &got);
                }
            }
        }
    }

    fn ask(&mut self, lab: &Lab, server: &Server, target: &str, deep: bool) -> Got {
        let route = Route::parse(&target[1..]);
        let what = route.as_ref().map_or("another page", kind);
        self.kinds.extend(route.as_ref().map(kind));
        let of_hush = target[1..].starts_with(HUSH);
        let place = match of_hush {
            true => format!("{HUSH} {what}"),
            false => what.to_owned(),
        };
        let got = Got::of(server, target);
        self.hear(lab, &place, &got.besides(target));
        if deep {
            for (method, headers) in [
                ("HEAD", ""),
                ("GET", "If-None-Match: *\r\n"),
                ("POST", "Content-Length: 0\r\n"),
            ] {
                let got = Got::ask(server, method, target, headers);
                assert!(
                    got.body.is_empty() || got.status != 200,
                    "{method} {target}"
                );
                self.hear(lab, &place, &got.besides(target));
            }
        }
        got
    }

    /// Listens to one answer.
    pub(crate) fn hear(&mut self, lab: &Lab, place: &str, got: &Got) {
        self.requests += 1;
        assert_ne!(got.status, 500, "{place}");
        let said = [got.head.join("\n").as_bytes(), &got.body].map(|bytes| lab.tokens.found(bytes));
        for (secret, what) in said.concat() {
            self.said
                .insert((secret, what.to_owned(), place.to_owned()));
        }
    }

    /// The kinds of pages on which any token of that kind was said.
    pub(crate) fn places(&self, secret: Secret) -> BTreeSet<&str> {
        let said = self.said.iter().filter(|(of, ..)| *of == secret);
        said.map(|(_, _, place)| place.as_str()).collect()
    }

    /// The tokens of that kind that were said at all.
    pub(crate) fn tokens(&self, secret: Secret) -> BTreeSet<&str> {
        let said = self.said.iter().filter(|(of, ..)| *of == secret);
        said.map(|(_, what, _)| what.as_str()).collect()
    }
}

/// The pages of the site that a page links to.
fn links(target: &str, body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let mut links = Vec::new();
    for mark in ["href=\"", "HREF=\"", "src=\""] {
        let found = text.split(mark).skip(1);
        for link in found.filter_map(|rest| rest.split(['"', '#']).next()) {
            // As the site's URL is in the configuration.
            if let Some(path) = link.strip_prefix("https://lists.example.org/") {
                links.push(format!("/{path}"));
            } else if !link.is_empty() && !link.contains(':') && !link.contains('?') {
                links.push(resolved(target, link));
            }
        }
    }
    links
}

/// RFC 3986, 5.2, as far as our pages need it.
fn resolved(target: &str, link: &str) -> String {
    let mut steps: Vec<&str> = target.split('/').collect();
    steps.pop();
    for step in link.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." => {}
            step => steps.push(step),
        }
    }
    match link.ends_with("..") || link == "." || link == "./" {
        true => steps.join("/") + "/",
        false => steps.join("/"),
    }
}

/// Asks for every page of the private list, under each of its names, and for the same page of no list:
/// the answers are the same to the last byte. Answers how many were compared.
pub(crate) fn is_nowhere(lab: &Lab, server: &Server) -> usize {
    let mut routes = Vec::new();
    of_list(lab, &ListName::new(NOWHERE).unwrap(), &mut routes);
    let mut targets: Vec<String> = routes
        .iter()
        .map(|route| format!("/{}", route.path()))
        .collect();
    // Each file once is enough: what a key is, is told by the rest.
    targets.retain(|target| !target.contains("/attachments/") || target.contains(".dat.txt"));
    for other in [
        "",
        "/2025-November",
        "/search",
        "/?x=y",
        "/search/?q=boats",
        "/search/?q=%22",
        "/..",
    ] {
        targets.push(format!("/{NOWHERE}{other}"));
    }
    let mut compared = 0;
    for target in &targets {
        let methods = [("GET", ""), ("HEAD", ""), ("POST", "Content-Length: 0\r\n")];
        let (method, headers) = methods[compared % 3];
        let nowhere = Got::of(server, target);
        let other = Got::ask(server, method, target, headers);
        assert!(nowhere.status >= 300, "{target}: {}", nowhere.status);
        for name in [&lab.private, &lab.former, &lab.alias] {
            let target = target.replacen(NOWHERE, name, 1);
            let got = Got::of(server, &target).renamed(name, NOWHERE);
            assert_eq!(got, nowhere, "{target}");
            let got = Got::ask(server, method, &target, headers).renamed(name, NOWHERE);
            assert_eq!(got, other, "{method} {target}");
        }
        compared += 7;
    }
    compared
}
