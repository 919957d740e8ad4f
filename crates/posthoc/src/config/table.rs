//! Every key of the configuration. To add one, add a row: the parser's checks, the nearest name in an
//! error, `config show`, `list set` and the book's reference page follow from it
//! (`UPDATE_GOLDENS=1 cargo nextest run -p posthoc book` writes the page). Read it with
//! [`Settings`](super::Settings): `config.serve.text("listen")`.

use super::key::{Default, Key, Kind, Rule, Table};
use posthoc_core::page::{FooterPatterns, LinkRules};
use posthoc_core::query::Stems;
use posthoc_core::route::ListName;
use posthoc_core::text::TimeZone;

/// The keys, table by table, in the order of the book.
pub(crate) const KEYS: &[Key] = &[
    Key {
        table: Table::Root,
        name: "archive",
        kind: Kind::Path,
        default: Default::Unset("`./archive`"),
        means: "The archive's folder, for those who say neither `-a` nor `$POSTHOC_ARCHIVE`.",
    },
    Key {
        table: Table::Site,
        name: "title",
        kind: Kind::Line,
        default: Default::Unset("`Mailing lists`"),
        means: "The site's title, on every page.",
    },
    Key {
        table: Table::Site,
        name: "url",
        kind: Kind::Text(Rule {
            write: "a URL that begins with https:// or http://, with the path at which the site stands",
            holds: is_url,
        }),
        default: Default::Unset("links are relative, and feeds have no absolute ones"),
        means: "Where the site is on the net, with its path prefix.",
    },
    Key {
        table: Table::Site,
        name: "time_zone",
        kind: Kind::Text(ZONE),
        default: Default::Text("UTC"),
        means: "The zone of lists that have none of their own.",
    },
    Key {
        table: Table::Site,
        name: "permalink",
        kind: Kind::OneOf(&[
            (
                "mid.html#",
                "`LIST/mid.html#MESSAGE-ID`: works on static and live sites",
            ),
            ("mid", "`LIST/mid/MESSAGE-ID/`: live sites only"),
        ]),
        default: Default::Text("mid.html#"),
        means: "The form of the links that `posthoc url --list NAME MESSAGE-ID` makes without opening the archive.",
    },
    Key {
        table: Table::Site,
        name: "mailmap",
        kind: Kind::Path,
        default: Default::Unset("every address is another person"),
        means: "A file that says which addresses are one person's, as Git's mailmap: `Name <address> <other address>`, a person or address a line. A person's page has the mails of all of them.",
    },
    Key {
        table: Table::Site,
        name: "no_author_page",
        kind: Kind::Texts(Rule {
            write: "addresses, as in \"ada@example.org\"",
            holds: is_address,
        }),
        default: Default::Unset("none"),
        means: "Addresses of those who want no page with all their mails, and not to be named in statistics; their other addresses in `mailmap` have none either.",
    },
    Key {
        table: Table::Serve,
        name: "listen",
        kind: Kind::Text(Rule {
            write: "127.0.0.1:8025, 8025 for that port on this machine, unix:/run/posthoc/http, or passed:http for a socket from systemd",
            holds: |text| crate::args::listen(text).is_ok(),
        }),
        default: Default::Unset("127.0.0.1:8025, or the next port that is free"),
        means: "Where `serve` listens; `--listen` goes before it.",
    },
    Key {
        table: Table::Serve,
        name: "hosts",
        kind: Kind::Texts(Rule {
            write: "names of hosts, as in \"lists.example.org\", without a port",
            holds: is_domain,
        }),
        default: Default::Unset("any name"),
        means: "The only names under which the site answers, beside the one in `url`, localhost and plain addresses.",
    },
    Key {
        table: Table::Serve,
        name: "trusted_proxies",
        kind: Kind::Texts(Rule {
            write: "addresses or networks, as in \"10.0.0.7\" or \"2001:db8::/32\"",
            holds: |text| text.parse::<posthoc_serve::Network>().is_ok(),
        }),
        default: Default::Unset("none, but whoever comes over the Unix socket"),
        means: "Web servers in front that are believed when they say who is signed in and which address asks.",
    },
    Key {
        table: Table::Serve,
        name: "user_header",
        kind: Kind::Text(Rule {
            write: "the name of a header field, as in X-Remote-User",
            holds: is_token,
        }),
        default: Default::Unset("nobody is signed in by a web server"),
        means: "The header field in which a trusted web server names who is signed in; it must take away what clients send under that name.",
    },
    Key {
        table: Table::Serve,
        name: "address_header",
        kind: Kind::Text(Rule {
            write: "the name of a header field, as in X-Forwarded-For",
            holds: is_token,
        }),
        default: Default::Text("X-Forwarded-For"),
        means: "The header field in which a web server in front names the address that asks.",
    },
    Key {
        table: Table::Serve,
        name: "htpasswd",
        kind: Kind::Path,
        default: Default::Unset("the site has no accounts"),
        means: "Names and passwords of the whole site, made by `posthoc passwd`; `members` says who may read which list.",
    },
    Key {
        table: Table::Serve,
        name: "searches_per_minute",
        kind: Kind::Whole("searches", 1, 100_000),
        default: Default::Whole(60),
        means: "Searches that a neighbourhood of addresses (/24 of IPv4, /48 of IPv6) may make, at once and then each minute.",
    },
    Key {
        table: Table::Serve,
        name: "downloads_per_minute",
        kind: Kind::Whole("downloads", 1, 100_000),
        default: Default::Whole(60),
        means: "The same for mailboxes and text files of volumes and threads, and for mailboxes of what a search finds.",
    },
    Key {
        table: Table::Serve,
        name: "metrics_from",
        kind: Kind::Texts(Rule {
            write: "addresses or networks, as in \"10.0.0.7\" or \"2001:db8::/32\"",
            holds: |text| text.parse::<posthoc_serve::Network>().is_ok(),
        }),
        default: Default::Unset("none"),
        means: "Who may ask for `/healthz` and `/metrics`, beside this machine; not through a proxy.",
    },
    Key {
        table: Table::Serve,
        name: "log",
        kind: Kind::OneOf(&[
            ("none", "nothing"),
            (
                "requests",
                "method, path, status, bytes and time; nothing of who asks",
            ),
            ("addresses", "the address that asks too"),
        ]),
        default: Default::Text("none"),
        means: "What the server says of each request, on standard error; never a query.",
    },
    Key {
        table: Table::Serve,
        name: "lmtp",
        kind: Kind::Text(Rule {
            write: "unix:/run/posthoc/lmtp, passed:lmtp, or 127.0.0.1:24 or 24 for that port on this machine",
            holds: |text| crate::args::lmtp(text).is_ok(),
        }),
        default: Default::Unset("mail is not taken by LMTP"),
        means: "Where `serve` takes mail by LMTP; `--lmtp` goes before it. Whoever can connect there can put mail into every list.",
    },
    Key {
        table: Table::Serve,
        name: "lmtp_bytes",
        kind: Kind::Whole("bytes", 65_536, 268_435_456),
        default: Default::Whole(67_108_864),
        means: "Bytes of the longest mail that LMTP takes.",
    },
    Key {
        table: Table::Limits,
        name: "depth",
        kind: Kind::Whole("levels", 1, 100),
        default: Default::Whole(32),
        means: "Levels of multipart and forwarded mails in one another that are read.",
    },
    Key {
        table: Table::Limits,
        name: "parts",
        kind: Kind::Whole("parts", 10, 10_000),
        default: Default::Whole(1_000),
        means: "MIME parts of one mail that are read.",
    },
    Key {
        table: Table::Limits,
        name: "fields",
        kind: Kind::Whole("fields", 10, 10_000),
        default: Default::Whole(1_000),
        means: "Header fields of one part that are read.",
    },
    Key {
        table: Table::Limits,
        name: "header_bytes",
        kind: Kind::Whole("bytes", 65_536, 16_777_216),
        default: Default::Whole(1_048_576),
        means: "Bytes of one part's header that are read.",
    },
    Key {
        table: Table::Limits,
        name: "text_bytes",
        kind: Kind::Whole("bytes", 65_536, 67_108_864),
        default: Default::Whole(4_194_304),
        means: "Bytes of one mail's text that its page shows; the rest is in the downloads.",
    },
    Key {
        table: Table::Limits,
        name: "html_bytes",
        kind: Kind::Whole("bytes", 0, 16_777_216),
        default: Default::Whole(1_048_576),
        means: "Bytes of an HTML mail that are made safe and shown.",
    },
    Key {
        table: Table::Limits,
        name: "references",
        kind: Kind::Whole("ids", 1, 1_000),
        default: Default::Whole(100),
        means: "Message-IDs of one `References` field that threads are made from.",
    },
    Key {
        table: Table::Limits,
        name: "addresses",
        kind: Kind::Whole("addresses", 1, 10_000),
        default: Default::Whole(500),
        means: "Addresses of one header field that are read.",
    },
    Key {
        table: Table::Limits,
        name: "packed_files",
        kind: Kind::Whole("files", 0, 10_000),
        default: Default::Whole(500),
        means: "Files taken out of uuencode, yEnc, BinHex and `winmail.dat` in one mail.",
    },
    Key {
        table: Table::Limits,
        name: "packed_bytes",
        kind: Kind::Whole("bytes", 0, 1_073_741_824),
        default: Default::Whole(67_108_864),
        means: "Bytes of all these files of one mail.",
    },
    Key {
        table: Table::OneList,
        name: "title",
        kind: Kind::Line,
        default: Default::Unset("the list's name"),
        means: "The list's title.",
    },
    Key {
        table: Table::OneList,
        name: "description",
        kind: Kind::Line,
        default: Default::Unset("nothing is said"),
        means: "A sentence about the list, on its page.",
    },
    Key {
        table: Table::OneList,
        name: "address",
        kind: Kind::Text(Rule {
            write: "an address, as in list@example.org",
            holds: is_address,
        }),
        default: Default::Unset(
            "NAME@`domain` where that is set; else the address is unknown, and there is no reply link",
        ),
        means: "Where one posts to the list.",
    },
    Key {
        table: Table::OneList,
        name: "closed",
        kind: Kind::Line,
        default: Default::Unset("the list takes mail"),
        means: "The list takes no mail any more, and why: its pages say so, and ask nobody to write to it.",
    },
    Key {
        table: Table::OneList,
        name: "aliases",
        kind: Kind::Texts(Rule {
            write: "names of lists: a-z 0-9 . _ + -, up to 200, no reserved word",
            holds: is_name,
        }),
        default: Default::Unset("none"),
        means: "Other names of the list: `deliver --list` and LMTP take them, and their URLs lead to the list's.",
    },
    Key {
        table: Table::OneList,
        name: "list_id",
        kind: Kind::Text(Rule {
            write: "what stands between the brackets of List-Id, as in council.example.org",
            holds: is_domain,
        }),
        default: Default::Unset("the list's address with a dot in the place of the @"),
        means: "What the list's mails have as `List-Id`; mail that comes by LMTP for an address that is no list's own goes where its List-Id says.",
    },
    Key {
        table: Table::OneList,
        name: "watch",
        kind: Kind::Texts(Rule {
            write: "paths of Maildirs and mboxes, as in \"/var/mail/council\"; a relative one begins at the file's folder",
            holds: |text| !text.is_empty(),
        }),
        default: Default::Unset("none"),
        means: "Mailboxes that others fill, as fetchmail, getmail and mbsync do: a running server takes in what comes, and changes nothing in them. All that lies in one is the list's; where several lists name one, what each mail says.",
    },
    Key {
        table: Table::OneList,
        name: "htpasswd",
        kind: Kind::Path,
        default: Default::Unset("the list has no accounts of its own"),
        means: "Names and passwords of this list: whoever has one may read it.",
    },
    Key {
        table: Table::OneList,
        name: "members",
        kind: Kind::Path,
        default: Default::Unset("nobody but those with an account of the list's own"),
        means: "A file with the list's members, an address or name a line; or `signed-in`: everybody whom the site knows.",
    },
    Key {
        table: Table::List,
        name: "domain",
        kind: Kind::Text(Rule {
            write: "a domain, as in example.org",
            holds: is_domain,
        }),
        default: Default::Unset("none"),
        means: "What stands behind the @ in the addresses of lists that name no address.",
    },
    Key {
        table: Table::List,
        name: "visibility",
        kind: Kind::OneOf(&[
            ("public", "everybody"),
            (
                "unlisted",
                "everybody who knows its URL; it is not published and stands in no index",
            ),
            ("private", "nobody but its members"),
        ]),
        default: Default::Unset(
            "as recorded in the archive; private when the list is made without `--public`",
        ),
        means: "Who may read the list.",
    },
    Key {
        table: Table::List,
        name: "mask",
        kind: Kind::OneOf(&[
            ("none", "as they are"),
            ("at", "`ada at example.org`"),
            ("domain", "`ada at ...`"),
            ("full", "nothing of them"),
        ]),
        default: Default::Unset("as recorded in the archive; `at` when nothing is recorded"),
        means: "How others see addresses, on pages, in feeds, in search and in downloads.",
    },
    Key {
        table: Table::List,
        name: "author_pages",
        kind: Kind::Switch,
        default: Default::Switch(true),
        means: "Whoever wrote to the list has a page with all their mails, and the statistics name who writes most. With `mask = \"full\"` there is none of it.",
    },
    Key {
        table: Table::List,
        name: "downloads",
        kind: Kind::OneOf(&[
            ("mbox", "mailboxes and text volumes"),
            ("text", "text volumes"),
            ("none", "none"),
        ]),
        default: Default::Unset("as recorded in the archive; `mbox` when nothing is recorded"),
        means: "Which files of whole volumes and threads there are.",
    },
    Key {
        table: Table::List,
        name: "robots",
        kind: Kind::OneOf(&[
            ("index", "to find it; its mails stand in sitemaps"),
            ("noindex", "to read it, but not to show it"),
            ("none", "not to read it: `robots.txt` says so too"),
        ]),
        default: Default::Text("index"),
        means: "What search engines are asked to do with a public list. A wish, no fence.",
    },
    Key {
        table: Table::List,
        name: "drop",
        kind: Kind::Texts(Rule {
            write: "names of header fields, as in \"X-Envelope-To\", or \"X-Local-*\" for all that begin so",
            holds: is_field,
        }),
        default: Default::Unset("as recorded in the archive; none when nothing is recorded"),
        means: "Header fields that others do not get to see, beside those that never are shown.",
    },
    Key {
        table: Table::List,
        name: "link_rules",
        kind: Kind::Texts(Rule {
            write: "a regular expression, \" -> \" and a URL, as in 'bug #?(\\d+) -> https://bugs.example.org/$1'",
            holds: |text| LinkRules::parse(&[text.to_owned()]).is_ok(),
        }),
        default: Default::Unset("none"),
        means: "Words of the list's texts that are links, as numbers of bugs and names of commits; `$1` is what the first bracket caught, `$0` is all. The first 20 count.",
    },
    Key {
        table: Table::List,
        name: "footer_patterns",
        kind: Kind::Texts(Rule {
            write: "a regular expression, as in '^Posted by the Example List Manager'",
            holds: |text| FooterPatterns::parse(&[text.to_owned()]).is_ok(),
        }),
        default: Default::Unset("the shapes that list software is known to use"),
        means: "Lines, near the end of a text, from which on it is the list's footer; it is dimmed. The first 20 count.",
    },
    Key {
        table: Table::List,
        name: "volumes",
        kind: Kind::OneOf(&[
            ("yearly", "`2025`"),
            ("quarterly", "`2025q4`"),
            ("monthly", "`2025-November`"),
            ("weekly", "`Week-of-Mon-20251103`"),
            ("daily", "`20251103`"),
        ]),
        default: Default::Unset("as recorded in the archive; monthly when the list is made"),
        means: "How often a new volume begins; it shapes URLs, so a change is for new mail only.",
    },
    Key {
        table: Table::List,
        name: "time_zone",
        kind: Kind::Text(ZONE),
        default: Default::Unset("the site's"),
        means: "The zone in which days and volumes begin; it shapes URLs, so a change is for new mail only.",
    },
    Key {
        table: Table::List,
        name: "language",
        kind: Kind::Text(Rule {
            write: "a language tag, as in en, cs or pt-BR",
            holds: is_language,
        }),
        default: Default::Text("en"),
        means: "The language of the list's pages. English, German, Spanish and French have words; others have those that a file in `strings/` gives them, else English ones. Under `[defaults]` it is the language of the pages of no list too.",
    },
    Key {
        table: Table::List,
        name: "stems",
        kind: Kind::Texts(Rule {
            write: "tags of languages that have stems: ca, cs, da, de, el, en, eo, es, fi, fr, hu, it, nb, nl, no, pl, pt, ro, ru, sv, tr",
            holds: Stems::has,
        }),
        default: Default::Unset("the language of the list's pages"),
        means: "The languages the list is written in: a search for a word also finds its other forms by their rules, as `threads` and `threading` for `thread`. The first three count; with none of them, words are found as they are typed.",
    },
    Key {
        table: Table::List,
        name: "layout",
        kind: Kind::OneOf(&[
            ("posthoc", "posthoc's own"),
            ("pipermail", "Pipermail's, as Mailman 2 wrote them"),
        ]),
        default: Default::Text("posthoc"),
        means: "Whose pages the list has. Addresses stay: a page that only the other layout has leads to the one in its place.",
    },
    Key {
        table: Table::List,
        name: "templates",
        kind: Kind::Path,
        default: Default::Unset("those that are built in"),
        means: "With `layout = \"pipermail\"`: a folder of Mailman's templates, as `lists/LIST/LANG`, `templates/HOST/LANG`, `templates/site/LANG` and `templates/LANG` have them, or the inside of any of these.",
    },
    Key {
        table: Table::OneList,
        name: "listinfo",
        kind: Kind::Text(Rule {
            write: "a URL that begins with https:// or http://",
            holds: is_url,
        }),
        default: Default::Unset("the list's own page"),
        means: "With `layout = \"pipermail\"`: the page with more about the list, which its pages link.",
    },
    Key {
        table: Table::OneList,
        name: "subject_tag",
        kind: Kind::Line,
        default: Default::Unset("none"),
        means: "With `layout = \"pipermail\"`: what the list puts before subjects (Mailman's `subject_prefix`); taken off for sorting and threads.",
    },
    Key {
        table: Table::List,
        name: "html_parts",
        kind: Kind::OneOf(&[
            ("remove", "left out, with a note in their place"),
            ("store", "stored beside the page, escaped"),
            ("inline", "in the text, escaped"),
        ]),
        default: Default::Text("store"),
        means: "With `layout = \"pipermail\"`: what becomes of HTML parts (Mailman's `ARCHIVE_HTML_SANITIZER` 0, 1 and 2; its shell command is not taken, for mail must not choose what a program is fed).",
    },
    Key {
        table: Table::List,
        name: "attachment_names",
        kind: Kind::Switch,
        default: Default::Switch(false),
        means: "With `layout = \"pipermail\"`: files have the names that mails give them, not `attachment`.",
    },
    Key {
        table: Table::List,
        name: "mbox_link",
        kind: Kind::Switch,
        default: Default::Switch(false),
        means: "With `layout = \"pipermail\"`: the table of contents of a public list links its whole mailbox (Mailman's `PUBLIC_MBOX`), which is the public copies of its mails.",
    },
    Key {
        table: Table::List,
        name: "text_volumes",
        kind: Kind::OneOf(&[("gzip", "`VOLUME.txt.gz`"), ("plain", "`VOLUME.txt`")]),
        default: Default::Text("gzip"),
        means: "With `layout = \"pipermail\"`: in which form text volumes are linked and published; the server answers both.",
    },
];

const ZONE: Rule = Rule {
    write: "a zone's name, as in Europe/Prague",
    holds: |name| TimeZone::named(name).is_some(),
};

fn is_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !rest.contains([' ', '?', '#', '"', '<', '>'])
    })
}

fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && is_plain(name) && is_domain(domain))
}

fn is_domain(text: &str) -> bool {
    !text.is_empty() && is_plain(text) && !text.contains('@')
}

/// No space, nothing that means something in a header or in markup.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || "<>()[],;:\\\"&".contains(c))
}

fn is_name(text: &str) -> bool {
    ListName::new(text).is_some()
}

/// RFC 9110, 5.6.2.
fn is_token(name: &str) -> bool {
    let others = b"!#$%&'*+-.^_`|~";
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || others.contains(&b))
}

/// RFC 5322, 3.6.8: printable ASCII but the colon.
fn is_field(text: &str) -> bool {
    let name = text.strip_suffix('*').unwrap_or(text);
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b':' && b != b'*')
}

/// RFC 5646, its outline: subtags of up to eight letters and digits, letters first.
fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && text.len() <= 40
        && subtags.all(|tag| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
