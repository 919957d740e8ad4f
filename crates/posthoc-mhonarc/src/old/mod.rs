//! An archive that MHonArc itself made, read back: its database, with the resources that it keeps.

mod perl;

use crate::pages::push_comment;
use crate::resources::{Name, Refusal, Resources};
use perl::{Value, Variables};
use posthoc_core::message::rotated;
use std::collections::{BTreeMap, HashMap};

/// A database that is not whole, or holds something else than data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Where it goes wrong, in bytes.
    pub offset: usize,
}

/// What MHonArc's database says of an archive.
#[derive(Clone, Debug)]
pub struct OldArchive {
    /// What was kept of resources (SAVERESOURCES).
    pub resources: Resources,
    /// What of them is not done.
    pub refused: Vec<Refusal>,
    /// The mails that it has, by their numbers.
    pub mails: BTreeMap<u32, OldMail>,
    /// Its pages tell all of their mails that it knows
    /// ([`MhonarcPage`](posthoc_core::message::MhonarcPage)).
    pub pages_tell_all: bool,
    /// The number of the next mail.
    pub next: u32,
    /// Its pages are packed (GZIPFILES).
    pub is_packed: bool,
}

impl OldArchive {
    /// Reads a database (`.mhonarc.db`).
    ///
    /// # Errors
    /// One that was cut, or holds more than assignments of texts.
    pub fn read(file: &[u8]) -> Result<Self, Damaged> {
        let variables = perl::read(file).map_err(|offset| Damaged { offset })?;
        let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u32>().ok();
        let mails = mails(&variables).ok_or(Damaged { offset: file.len() })?;
        let last = variables.get("$LastMsgNum").and_then(Value::text);
        let last = last.and_then(number).max(mails.keys().last().copied());
        let comments = variables.get("$PrintXComments");
        let stores = mails.values().any(|mail| !mail.stored.is_empty());
        let mut refused = Vec::new();
        Ok(OldArchive {
            resources: resources(&variables, &mut refused),
            refused,
            pages_tell_all: !stores && (comments.is_none() || is_on(comments)),
            mails,
            next: last.map_or(0, |last| last.saturating_add(1)),
            is_packed: is_on(variables.get("$GzipFiles")),
        })
    }
}

/// A mail as the database knows it. Values are bytes of the mail's header, as in
/// [`MhonarcPage`](posthoc_core::message::MhonarcPage).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldMail {
    subject: Vec<u8>,
    from: Vec<u8>,
    date: Vec<u8>,
    id: Vec<u8>,
    content_type: Vec<u8>,
    references: Vec<Vec<u8>>,
    derived: Vec<Vec<u8>>,
    stored: Vec<(Vec<u8>, Vec<u8>)>,
}

impl OldMail {
    /// What the database knows, as comments that stand before a page.
    pub fn comments(&self) -> Vec<u8> {
        let mut out = Vec::new();
        push_comment("X-Subject", &self.subject, &mut out);
        push_comment("X-From-R13", &rotated(&self.from), &mut out);
        push_comment("X-Date", &self.date, &mut out);
        push_comment("X-Message-Id", &self.id, &mut out);
        push_comment("X-Content-Type", &self.content_type, &mut out);
        for id in &self.references {
            push_comment("X-Reference", id, &mut out);
        }
        for name in &self.derived {
            push_comment("X-Derived", name, &mut out);
        }
        for (name, value) in &self.stored {
            let field = [name.as_slice(), value].join(&b": "[..]);
            push_comment("X-Stored-Field", &field, &mut out);
        }
        out.extend_from_slice(b"<!--X-Head-End-->\n");
        out
    }
}

/// The mails by their numbers; none where the database numbers none.
fn mails(variables: &Variables) -> Option<BTreeMap<u32, OldMail>> {
    let nothing = Value::Nothing;
    let of = |name: &str| variables.get(name).unwrap_or(&nothing);
    let texts = |name: &str| -> HashMap<&[u8], &[u8]> { of(name).pairs().collect() };
    let lists = |name: &str| -> HashMap<&[u8], &[Value]> {
        let pairs = of(name).many().chunks_exact(2);
        let pairs = pairs.filter_map(|pair| Some((pair[0].text()?, pair[1].many())));
        pairs.collect()
    };
    let numbers = variables.get("%IndexNum")?;
    let ids: HashMap<&[u8], &[u8]> = of("%MsgId").pairs().map(|(id, key)| (key, id)).collect();
    let (subjects, froms, dates) = (texts("%Subject"), texts("%From"), texts("%Date"));
    let types = texts("%ContentType");
    let (references, derived) = (lists("%Refs"), lists("%Derived"));
    let stored = lists("%ExtraHFields");
    let mail = |key: &[u8]| {
        let text =
            |table: &HashMap<&[u8], &[u8]>| table.get(key).copied().unwrap_or_default().to_vec();
        let list = |table: &HashMap<&[u8], &[Value]>| -> Vec<Vec<u8>> {
            let values = table.get(key).copied().unwrap_or_default();
            values
                .iter()
                .filter_map(Value::text)
                .map(<[u8]>::to_vec)
                .collect()
        };
        let fields = list(&stored);
        OldMail {
            subject: text(&subjects),
            from: text(&froms),
            date: text(&dates),
            id: text(&ids),
            content_type: text(&types),
            references: list(&references),
            derived: list(&derived),
            stored: fields
                .chunks_exact(2)
                .map(|field| (field[0].clone(), field[1].clone()))
                .collect(),
        }
    };
    let numbered = numbers.pairs().filter_map(|(key, number)| {
        let number = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some((number, mail(key)))
    });
    Some(numbered.collect())
}

fn is_on(value: Option<&Value>) -> bool {
    let text = value.and_then(Value::text);
    text.is_some_and(|text| !matches!(text, b"" | b"0"))
}

/// Variables that have another name than their resource.
const OTHERWISE: &[(&str, Name)] = &[
    ("AddrModifyBodies", Name::ModifyBodyAddresses),
    ("AddressModify", Name::AddressModifyCode),
    ("AUTHBEG", Name::AuthorBegin),
    ("AUTHEND", Name::AuthorEnd),
    ("DoFolRefs", Name::FolRefs),
    ("ExpireTime", Name::ExpireAge),
    ("IDXNAME", Name::IdxFname),
    ("LIBEG", Name::ListBegin),
    ("LIEND", Name::ListEnd),
    ("LITMPL", Name::LiTemplate),
    ("MULTIIDX", Name::MultiPg),
    ("REVSORT", Name::Reverse),
    ("SubArtRxp", Name::SubjectArticleRxp),
    ("SubReplyRxp", Name::SubjectReplyRxp),
    ("SubStripCode", Name::SubjectStripCode),
    ("TIDXNAME", Name::TIdxFname),
    ("readmail::TextDefCharset", Name::DefCharset),
];

/// Variables that say the opposite of their resource.
const OPPOSITE: &[(&str, Name)] = &[
    ("NODOC", Name::Doc),
    ("NOMAILTO", Name::MailTo),
    ("NONEWS", Name::News),
    ("NOSORT", Name::Sort),
    ("NoMsgPgs", Name::MsgPgs),
    ("NoSubjectThreads", Name::SubjectThreads),
    ("TNOSORT", Name::TSort),
];

/// Lists with one name or word on each line, or between colons.
const LISTS: &[(&str, Name)] = &[
    ("DateFields", Name::DateFields),
    ("ExtraHFields", Name::FieldStore),
    ("FieldOrder", Name::FieldOrder),
    ("FromFields", Name::FromFields),
    ("MIMEAltPrefs", Name::MimeAltPrefs),
    ("Months", Name::Months),
    ("months", Name::MonthsAbr),
    ("OtherIdxs", Name::OtherIndexes),
    ("Weekdays", Name::Weekdays),
    ("weekdays", Name::WeekdaysAbr),
];

/// Pairs, what stands between key and value on a line, and whether they are all that there is.
const PAIRS: &[(&str, Name, &str, bool)] = &[
    ("HeadFields", Name::FieldStyles, ":", true),
    ("HeadHeads", Name::LabelStyles, ":", true),
    ("Icons", Name::Icons, ":", true),
    ("ZoneUD", Name::TimeZones, ":", false),
    ("readmail::MIMEFiltersArgs", Name::MimeArgs, "; ", true),
];

/// Pairs of which the keys count.
const KEYS: &[(&str, Name)] = &[
    ("HFieldsExc", Name::Excs),
    ("readmail::MIMEExcs", Name::MimeExcs),
    ("readmail::MIMEIncs", Name::MimeIncs),
];

/// Pairs with a function, and others with its file.
const FUNCTIONS: &[(&str, &str, Name)] = &[
    (
        "readmail::MIMECharSetConverters",
        "readmail::MIMECharSetConvertersSrc",
        Name::CharsetConverters,
    ),
    (
        "readmail::MIMEFilters",
        "readmail::MIMEFiltersSrc",
        Name::MimeFilters,
    ),
];

/// What says nothing about pages, by its element and its default.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("FROM", "MSGSEP", "^From "),
    ("FilePerms", "FILEPERMS", "0666"),
    ("GzipFiles", "GZIPFILES", "0"),
    ("KeepOnRmm", "KEEPONRMM", "0"),
    ("MHPATTERN", "MHPATTERN", r"^\d+$"),
    ("MODTIME", "MODTIME", "0"),
    ("UMASK", "UMASK", "22"),
];

/// What is not done, with its default.
const NOT_DONE: &[(&str, &str, &str)] = &[
    ("AttachmentDir", "ATTACHMENTDIR", ""),
    ("POSIXstrftime", "POSIXSTRFTIME", "0"),
    ("VarExp", "VARREGEX", r"\$([^\$]*)\$"),
];

/// The resources that a database keeps.
fn resources(variables: &Variables, refused: &mut Vec<Refusal>) -> Resources {
    let mut resources = Resources::default();
    for (name, value) in variables {
        let Some(text) = name.strip_prefix('$').zip(value.text()) else {
            continue;
        };
        let (name, text) = text;
        take_text(&mut resources, name, text, refused);
    }
    let found = |sigil: char, name: &str| variables.get(&format!("{sigil}{name}"));
    let mut assign = |name: Name, content: &[u8], replaces: bool| {
        resources.assign(name, true, content, replaces, refused);
    };
    for (variable, name) in LISTS {
        let Some(list) = found('@', variable) else {
            continue;
        };
        let lines: Vec<&[u8]> = list.many().iter().filter_map(Value::text).collect();
        if !lines.is_empty() {
            assign(*name, &lines.join(&b'\n'), true);
        }
    }
    for (variable, name, between, replaces) in PAIRS {
        let pairs = found('%', variable);
        let lines = lines(pairs, |key, value| {
            [key, between.as_bytes(), value.trim_ascii()].concat()
        });
        if pairs.is_some() && (*replaces || !lines.is_empty()) {
            assign(*name, &lines, *replaces);
        }
    }
    for (variable, name) in KEYS {
        if let Some(keys) = found('%', variable) {
            assign(*name, &lines(Some(keys), |key, _| key.to_vec()), true);
        }
    }
    for (variable, files, name) in FUNCTIONS {
        let Some(functions) = found('%', variable) else {
            continue;
        };
        let files: BTreeMap<&[u8], &[u8]> = found('%', files)
            .into_iter()
            .flat_map(Value::pairs)
            .collect();
        let line = |key: &[u8], function: &[u8]| {
            let file = files.get(key).copied().unwrap_or_default();
            [key, function, file].join(&b"; "[..])
        };
        assign(*name, &lines(Some(functions), line), true);
    }
    if let Some(aliases) = found('%', "readmail::MIMECharsetAliases") {
        let line = |alias: &[u8], charset: &[u8]| [charset, alias].join(&b"; "[..]);
        assign(Name::CharsetAliases, &lines(Some(aliases), line), true);
    }
    let encode = ["TextEncode", "TextEncoderFunc", "TextEncoderSrc"]
        .map(|name| found('$', &format!("readmail::{name}")).and_then(Value::text));
    if let [Some(charset), Some(function), file] = encode {
        let line = [charset, function, file.unwrap_or_default()].join(&b"; "[..]);
        assign(Name::TextEncode, &line, true);
    }
    let slice = ["NBefore", "NAfter", "Inclusive"]
        .map(|name| found('$', &format!("TSlice{name}")).and_then(Value::text));
    if let [Some(before), Some(after), Some(inclusive)] = slice {
        resources.set(Name::TSlice, &[before, after, inclusive].join(&b':'));
    }
    let own = |name| found('%', name).into_iter().flat_map(Value::pairs);
    for (name, value) in own("CustomRcVars") {
        resources.define(&String::from_utf8_lossy(name), value);
    }
    let derived: BTreeMap<&[u8], &[u8]> = own("UDerivedFile").collect();
    let derived = derived.into_iter();
    resources.derived = derived
        .map(|(name, text)| (name.to_vec(), text.to_vec()))
        .collect();
    resources
}

/// Pairs as lines, in the order of their keys.
fn lines(pairs: Option<&Value>, line: impl Fn(&[u8], &[u8]) -> Vec<u8>) -> Vec<u8> {
    let pairs: BTreeMap<&[u8], &[u8]> = pairs.into_iter().flat_map(Value::pairs).collect();
    let lines = pairs.into_iter().map(|(key, value)| line(key, value));
    lines
        .flat_map(|line| [line, b"\n".to_vec()].concat())
        .collect()
}

fn take_text(resources: &mut Resources, variable: &str, text: &[u8], refused: &mut Vec<Refusal>) {
    let by = |table: &[(&str, Name)]| {
        let found = table.iter().find(|(known, _)| *known == variable);
        found.map(|(_, name)| *name)
    };
    if let Some((_, element, default)) = ELSEWHERE.iter().find(|(known, ..)| *known == variable) {
        if text != default.as_bytes() {
            resources
                .elsewhere
                .insert((*element).to_owned(), text.to_vec());
        }
        return;
    }
    if let Some((_, element, default)) = NOT_DONE.iter().find(|(known, ..)| *known == variable) {
        if text != default.as_bytes() {
            refused.extend(Resources::not_done(element, text));
        }
        return;
    }
    if let Some(name) = by(OPPOSITE) {
        let is_off = !matches!(text, b"" | b"0");
        return resources.set(name, if is_off { b"0" } else { b"1" });
    }
    let name = by(OTHERWISE).or_else(|| Name::of_element(&variable.to_ascii_uppercase()));
    // What is set nowhere is empty there; a resource that is another's until it is set stays that.
    let Some(name) = name.filter(|name| !text.is_empty() || name.may_be_empty()) else {
        return;
    };
    match name.is_perl() {
        true => resources.set_perl(name, text, refused),
        false => resources.set(name, text),
    }
}
