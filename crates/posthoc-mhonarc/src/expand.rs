//! Variables expanded.

use crate::archive::Site;
use crate::mail::Mail;
use crate::pages::{Sheet, icon_of, push_icon};
use crate::resources::Name;
use crate::template::{Piece, Template, Variable};
use crate::text::{Format, header_html, push_escaped, url_escaped};

/// Markup within markup: `$BUTTON$` in a button and the like end here.
const DEPTH: u8 = 4;

/// The program's name and version on pages: those of the original, whose pages these are.
pub(crate) const VERSION: &str = "2.6.19+";

/// For whom a template is expanded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) site: &'a Site<'a>,
    /// The current mail.
    pub(crate) mail: Option<usize>,
    /// The current page of an index.
    pub(crate) sheet: Option<&'a Sheet>,
    pub(crate) depth: u8,
}

impl<'a> Scope<'a> {
    pub(crate) fn of(site: &'a Site<'a>, mail: Option<usize>, sheet: Option<&'a Sheet>) -> Self {
        Scope {
            site,
            mail,
            sheet,
            depth: 0,
        }
    }

    /// Expands a resource.
    pub(crate) fn push(&self, name: Name, out: &mut Vec<u8>) {
        self.push_template(&self.site.archive.templates[name as usize], out);
    }

    /// A resource expanded.
    pub(crate) fn expanded(&self, name: Name) -> Vec<u8> {
        let mut out = Vec::new();
        self.push(name, &mut out);
        out
    }

    pub(crate) fn push_template(&self, template: &Template, out: &mut Vec<u8>) {
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Variable(variable) if self.depth < DEPTH => {
                    self.push_variable(variable, out)
                }
                Piece::Variable(_) => {}
            }
        }
    }

    fn deeper(&self, mail: Option<usize>) -> Self {
        Scope {
            mail,
            depth: self.depth + 1,
            ..*self
        }
    }

    fn mail_at(&self, specification: &str) -> Option<(usize, &'a Mail)> {
        let at = self.site.target(specification, self.mail)?;
        Some((at, &self.site.archive.mails[at]))
    }

    fn push_variable(&self, variable: &Variable, out: &mut Vec<u8>) {
        let argument = variable.argument.as_str();
        let (first, second) = argument.split_once(';').unwrap_or((argument, ""));
        match variable.name.as_str() {
            "BUTTON" => self.push_adjacent(argument, "BUTTON", out),
            "LINK" => self.push_adjacent(argument, "LINK", out),
            "PGLINK" => self.push_page_link(argument, out),
            "PGLINKLIST" => self.push_page_list(argument, out),
            "TSLICE" => self.push_slice(argument, out),
            "NOTE" => {
                // Whether the named mail has one is told in words of the current one.
                let notes = &self.site.archive.notes;
                let noted = self
                    .mail_at(first)
                    .is_some_and(|(_, mail)| notes.contains_key(&mail.number));
                let name = if noted { Name::Note } else { Name::NoteIa };
                self.deeper(self.mail).push(name, out);
            }
            "IDXTITLE" => self.deeper(self.mail).push(Name::Title, out),
            "TIDXTITLE" => self.deeper(self.mail).push(Name::TTitle, out),
            "SUBJECT" if argument.is_empty() => {
                self.push_anchored(variable, out);
            }
            "SUBJECT" | "SUBJECTNA" => {
                self.push_text_of(variable, first, |_, mail| mail.subject.clone(), out)
            }
            "FROM" => self.push_text_of(variable, first, |_, mail| mail.from.clone(), out),
            "FROMNAME" => self.push_text_of(variable, first, |_, mail| mail.from_name.clone(), out),
            "FROMADDR" => {
                self.push_text_of(variable, first, |_, mail| mail.from_address.clone(), out)
            }
            "FROMADDRNAME" => self.push_text_of(
                variable,
                first,
                |_, mail| local_part(&mail.from_address),
                out,
            ),
            "FROMADDRDOMAIN" => {
                self.push_text_of(variable, first, |_, mail| domain(&mail.from_address), out)
            }
            "DATE" => self.push_text_of(variable, first, |_, mail| mail.date.clone(), out),
            "MSGID" => self.push_text_of(variable, first, |_, mail| mail.id.clone(), out),
            "MSGHFIELD" => {
                let name = second.trim().to_ascii_lowercase();
                let stored = |_: &Site<'_>, mail: &Mail| {
                    let found = mail.stored.iter().find(|(known, _)| *known == name);
                    found.map(|(_, value)| value.clone()).unwrap_or_default()
                };
                self.push_text_of(variable, first, stored, out);
            }
            name => {
                let value = self.plain_value(name, first, second);
                self.push_formed(variable, &value, out);
            }
        }
    }

    /// `$SUBJECT$` without an argument is a link.
    fn push_anchored(&self, variable: &Variable, out: &mut Vec<u8>) {
        let Some((at, mail)) = self.mail_at("") else {
            return;
        };
        let name = self.site.page_name(at);
        out.extend_from_slice(
            format!("<a name=\"{:05}\" href=\"{name}\">", mail.number).as_bytes(),
        );
        self.push_text_of(variable, "", |_, mail| mail.subject.clone(), out);
        out.extend_from_slice(b"</a>");
    }

    /// A text of a header, decoded.
    fn push_text_of(
        &self,
        variable: &Variable,
        specification: &str,
        text: impl Fn(&Site<'_>, &Mail) -> Vec<u8>,
        out: &mut Vec<u8>,
    ) {
        let Some((_, mail)) = self.mail_at(specification) else {
            return;
        };
        let archive = &self.site.archive;
        let raw = text(self.site, mail);
        let is_subject = variable.name.starts_with("SUBJECT");
        if is_subject && raw.trim_ascii().is_empty() {
            let none = archive.resources.value(Name::NoSubjectTxt);
            return self.push_formed(variable, &none, out);
        }
        if variable.url {
            return out.extend_from_slice(&url_escaped(&raw));
        }
        let mut html = header_html(&raw, &archive.charsets);
        if matches!(
            variable.name.as_str(),
            "FROM" | "FROMADDR" | "MSGHFIELD" | "SUBJECT" | "SUBJECTNA"
        ) {
            html = crate::filter::header::with_addresses(&html, archive, variable.mailto);
        }
        self.push_formed(variable, &html, out);
    }

    /// Values that are no text of a mail's header.
    fn plain_value(&self, name: &str, first: &str, second: &str) -> Vec<u8> {
        let archive = self.site.archive;
        let resources = &archive.resources;
        let word = |name: Name| resources.value(name).into_owned();
        let count = |number: usize| number.to_string().into_bytes();
        match name {
            "MSGGMTDATE" => self.date(first, second, Format::Gmt),
            "MSGLOCALDATE" => self.date(first, second, Format::Local),
            "YYYYMMDD" => self.date(first, "%Y/%m/%d", Format::Local),
            "DDMMYYYY" => self.date(first, "%d/%m/%Y", Format::Local),
            "MMDDYYYY" => self.date(first, "%m/%d/%Y", Format::Local),
            "GMTDATE" | "LOCALDATE" => {
                let (name, format) = match name {
                    "GMTDATE" => (Name::GmtDateFmt, Format::Gmt),
                    _ => (Name::LocalDateFmt, Format::Local),
                };
                let written = if first.is_empty() {
                    word(name)
                } else {
                    first.as_bytes().to_vec()
                };
                archive.calendar.write(archive.around.now, &written, format)
            }
            "IDXFNAME" => self.index_name(false),
            "TIDXFNAME" => self.index_name(true),
            "IDXLABEL" => word(Name::IdxLabel),
            "TIDXLABEL" => word(Name::TIdxLabel),
            "IDXPREFIX" => word(Name::IdxPrefix),
            "TIDXPREFIX" => word(Name::TIdxPrefix),
            "IDXSIZE" => count(match resources.number(Name::IdxSize) {
                0 => archive.mails.len(),
                size => size,
            }),
            "MSGPREFIX" => word(Name::MsgPrefix),
            "NUMOFMSG" => count(archive.mails.len()),
            "NUMOFIDXMSG" => count(self.sheet.map_or(0, |sheet| sheet.listed)),
            "NUMOFPAGES" => count(self.sheet.map_or(1, |sheet| sheet.count)),
            "PAGENUM" => count(self.sheet.map_or(1, |sheet| sheet.number)),
            "PG" => self.page_at(first).unwrap_or_default().into_bytes(),
            "DOCURL" => word(Name::DocUrl),
            "ATTACHMENTURL" => word(Name::AttachmentUrl),
            "ICONURLPREFIX" => word(Name::IconUrlPrefix),
            "OUTDIR" => archive.around.folder.clone().into_bytes(),
            "PROG" => b"mhonarc".to_vec(),
            "VERSION" => VERSION.as_bytes().to_vec(),
            "ENV" => archive
                .around
                .environment
                .get(first)
                .cloned()
                .unwrap_or_default()
                .into_bytes(),
            name => self.mail_value(name, first),
        }
    }

    /// Values of a mail that are not in its header.
    fn mail_value(&self, name: &str, specification: &str) -> Vec<u8> {
        let Some((at, mail)) = self.mail_at(specification) else {
            return Vec::new();
        };
        let node = &self.site.forest.nodes[at];
        let text = match name {
            "MSG" => self.site.page_name(at),
            "MSGNUM" => format!("{:05}", mail.number),
            "A_NAME" => format!("name=\"{:05}\"", mail.number),
            "A_HREF" => format!("href=\"{}\"", self.site.page_name(at)),
            "A_ATTR" => format!(
                "name=\"{:05}\" href=\"{}\"",
                mail.number,
                self.site.page_name(at)
            ),
            "ORDNUM" => (self.site.place[at] + 1).to_string(),
            "NUMFOLUP" => self.site.direct_answers(at).len().to_string(),
            "TLEVEL" => node.level.to_string(),
            "MSGTORDNUM" => (node.place + 1 - self.site.forest.nodes[node.root].place).to_string(),
            "NOTETEXT" => {
                let mut out = Vec::new();
                let note = self.site.archive.notes.get(&mail.number);
                push_escaped(note.map_or(&b""[..], Vec::as_slice), &mut out);
                return out;
            }
            "ICON" | "ICONURL" => return self.icon(name, &mail.content_type),
            _ => String::new(),
        };
        text.into_bytes()
    }

    fn icon(&self, name: &str, media_type: &str) -> Vec<u8> {
        let mut out = Vec::new();
        match icon_of(self.site.archive, media_type) {
            Some((url, _)) if name == "ICONURL" => return url,
            Some(icon) => {
                let mut words = Vec::new();
                push_escaped(media_type.as_bytes(), &mut words);
                let words = String::from_utf8_lossy(&words);
                push_icon(&icon, &format!("border=\"0\" alt=\"[{words}]\""), &mut out);
            }
            None => {}
        }
        out
    }

    fn date(&self, specification: &str, format: &str, which: Format) -> Vec<u8> {
        let archive = self.site.archive;
        let Some((_, mail)) = self.mail_at(specification) else {
            return Vec::new();
        };
        let name = match which {
            Format::Gmt => Name::MsgGmtDateFmt,
            Format::Local => Name::MsgLocalDateFmt,
        };
        let set = archive.resources.value(name);
        let format = if format.is_empty() {
            &set
        } else {
            format.as_bytes()
        };
        archive.calendar.write(mail.time, format, which)
    }

    /// Appends a value by the modifiers of its variable.
    fn push_formed(&self, variable: &Variable, value: &[u8], out: &mut Vec<u8>) {
        let clipped = if variable.clip > 0 {
            clip(value, variable.clip)
        } else {
            value
        };
        if variable.url {
            out.extend_from_slice(&url_escaped(clipped));
        } else if variable.script {
            for byte in clipped {
                if matches!(byte, b'\'' | b'"' | b'\\') {
                    out.push(b'\\');
                }
                match byte {
                    b'\n' => out.extend_from_slice(b"\\n"),
                    byte => out.push(*byte),
                }
            }
        } else {
            out.extend_from_slice(clipped);
        }
    }

    /// `$BUTTON(NEXT)$` and `$LINK(TPREV)$`: one markup where there is such a mail, one where there is none.
    fn push_adjacent(&self, specification: &str, kind: &str, out: &mut Vec<u8>) {
        let target = self.site.target(specification, self.mail);
        // The ends of a thread lead nowhere from themselves.
        let is_end = matches!(specification.trim(), "TTOP" | "TEND");
        let active = target.is_some_and(|at| !is_end || Some(at) != self.mail);
        let suffix = if active { "" } else { "IA" };
        let text = format!("{}{kind}{suffix}", specification.trim());
        if let Some(name) = Name::all().find(|name| name.text() == text) {
            self.deeper(self.mail).push(name, out);
        }
    }
}

fn local_part(address: &[u8]) -> Vec<u8> {
    let end = memchr::memchr(b'@', address).unwrap_or(address.len());
    address[..end].to_vec()
}

fn domain(address: &[u8]) -> Vec<u8> {
    memchr::memchr(b'@', address).map_or_else(Vec::new, |at| address[at + 1..].to_vec())
}

/// The first characters of escaped text: an entity is one character.
fn clip(html: &[u8], length: usize) -> &[u8] {
    let (mut at, mut shown) = (0, 0);
    while at < html.len() && shown < length {
        at += match html[at] {
            b'&' => {
                memchr::memchr(b';', &html[at..html.len().min(at + 12)]).map_or(1, |end| end + 1)
            }
            byte if byte < 0xc0 => 1,
            byte => (byte.leading_ones() as usize).min(html.len() - at),
        };
        shown += 1;
    }
    &html[..at]
}
