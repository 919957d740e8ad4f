//! An archive of five lists, each closed in its own way.

use crate::letter::{About, letter, mbox, plain, redactable};
use crate::prelude::{Room, Server};
use crate::tokens::{Secret, Tokens};
use posthoc_core::message::{FileKey, Limits, parse};
use posthoc_core::page::files_by_mask;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A public list that shows addresses.
pub(crate) const PLAIN: &str = "plain";
/// A public list that hides addresses.
pub(crate) const MASKED: &str = "masked";
/// An unlisted list; its name is a token.
pub(crate) const HUSH: &str = "zqunlistedlist";
/// No list.
pub(crate) const NOWHERE: &str = "nowhere";
/// The mail that a public and the private list have.
pub(crate) const CROSS: &str = "cross@open.example";
/// An id that a public mail and another, private mail bear.
pub(crate) const SHARED: &str = "shared@open.example";
/// The public mail that a private one answers.
pub(crate) const ASKED: &str = "asked@open.example";
/// The public mail of which pieces are taken out.
pub(crate) const PARTLY: &str = "partly@open.example";
/// The public mail that answers a private one and a removed one.
pub(crate) const ANSWER: &str = "answer@open.example";

/// The archive, and what is hidden in it.
pub(crate) struct Lab {
    pub(crate) room: Room,
    pub(crate) tokens: Tokens,
    /// The private list: its name, the one that it had, another one of it.
    pub(crate) private: String,
    pub(crate) former: String,
    pub(crate) alias: String,
    /// Message-IDs of all mails.
    pub(crate) ids: Vec<String>,
    /// Those of private mails alone.
    pub(crate) private_ids: Vec<String>,
    /// That of the mail to be removed.
    pub(crate) removed_id: String,
    /// How pieces are taken out of a public mail.
    redaction: Vec<String>,
    /// Keys and names of attachments under every mask, and before anything is taken out of them.
    pub(crate) files: BTreeSet<(FileKey, String)>,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let mut tokens = Tokens::default();
        tokens.add(HUSH, Secret::Unlisted, "the unlisted list's name");
        let private = tokens.new_word(Secret::Private, "the list's name");
        let former = tokens.new_word(Secret::Private, "the list's former name");
        let alias = tokens.new_word(Secret::Private, "the list's alias");
        let room = Room::new();
        let mut lab = Lab {
            room,
            tokens,
            private,
            former,
            alias,
            ids: [CROSS, SHARED, ASKED, ANSWER, PARTLY]
                .map(str::to_owned)
                .to_vec(),
            private_ids: Vec::new(),
            removed_id: String::new(),
            redaction: Vec::new(),
            files: BTreeSet::new(),
        };
        lab.mails();
        lab.settings();
        let rename = ["list", "rename", &lab.former, &lab.private];
        lab.room.run(&rename).ends(0);
        lab
    }

    /// Lists are made before they have settings, so that whoever comes first is private.
    fn mails(&mut self) {
        let cross = plain(CROSS, None, 4, "Both", "Boats for both lists.");
        let (root, root_id) = {
            // Its id is a public mail's word too.
            let named = self
                .tokens
                .new_word(Secret::Named, "id of the private root");
            let id = format!("{named}@root.example");
            self.write(Secret::Private, "private root", Some(&id), None, 3)
        };
        let (reply, reply_id) =
            self.write(Secret::Private, "private reply", None, Some(&root_id), 4);
        let (to_open, to_open_id) = self.write(
            Secret::Private,
            "private answer to a public mail",
            None,
            Some(ASKED),
            5,
        );
        let quoted = self.tokens.new_word(Secret::Quoted, "quoted private text");
        let told = plain(
            "told@open.example",
            None,
            6,
            "Told",
            &format!("Keep it here: {quoted}"),
        );
        let (shared, _) = self.write(Secret::Private, "private variant", Some(SHARED), None, 7);
        self.private_ids.extend([
            root_id.clone(),
            reply_id,
            to_open_id,
            "told@open.example".to_owned(),
        ]);
        let private = mbox(&[&root, &reply, &cross, &to_open, &told, &shared]);
        self.import("closed.mbox", &private, &["--list", &self.former.clone()]);

        let named = self
            .tokens
            .new_word(Secret::Named, "id of the removed mail");
        let gone_id = format!("{named}@gone.example");
        let (gone, _) = self.write(Secret::Removed, "removed", Some(&gone_id), None, 2);
        let (open, open_id) = self.write(Secret::Open, "open", None, None, 3);
        let asked = plain(ASKED, Some(&open_id), 4, "Asked", "Boats, who knows?");
        let answer = plain(
            ANSWER,
            Some(&root_id),
            6,
            "Answer",
            "I answer, boats or not.",
        );
        let quotes = format!("On a closed list it was said:\n> Keep it here: {quoted}\nBoats!");
        let quotes = plain("quotes@open.example", None, 7, "Quotes", &quotes);
        let shared = plain(
            SHARED,
            None,
            8,
            "Shared",
            "Another mail of that id, on boats.",
        );
        let of_gone = plain(
            "of-gone@open.example",
            Some(&gone_id),
            9,
            "Of it",
            "Boats too.",
        );
        let (partly, redaction) = redactable(&mut self.tokens, PARTLY);
        self.note_files(&partly);
        self.redaction = redaction;
        let public = [
            &open, &asked, &cross, &answer, &quotes, &shared, &gone, &of_gone, &partly,
        ];
        let public = mbox(&public.map(String::as_str));
        self.import("plain.mbox", &public, &["--list", PLAIN, "--public"]);
        self.ids
            .extend(["quotes@open.example".to_owned(), open_id, gone_id.clone()]);
        self.ids.extend(self.private_ids.clone());
        self.removed_id = gone_id;

        let masked = addressed(&mut self.tokens);
        self.note_files(&masked);
        self.import(
            "masked.mbox",
            &mbox(&[&masked]),
            &["--list", MASKED, "--public"],
        );
        let (hush, hush_id) = self.write(Secret::Unlisted, "unlisted", None, None, 3);
        self.import("hush.mbox", &mbox(&[&hush, &cross]), &["--list", HUSH]);
        self.ids.extend([hush_id, "masked@open.example".to_owned()]);
    }

    fn write(
        &mut self,
        secret: Secret,
        name: &str,
        id: Option<&str>,
        answers: Option<&str>,
        day: u32,
    ) -> (String, String) {
        let about = About {
            secret,
            name,
            id,
            answers,
            day,
        };
        let written = letter(&mut self.tokens, &about);
        self.note_files(&written.0);
        written
    }

    fn note_files(&mut self, mail: &str) {
        let body = parse(mail.as_bytes(), &Limits::default()).body(&Limits::default());
        for file in body.attachments.iter().flat_map(files_by_mask) {
            self.files.insert((file.key, file.inert));
        }
    }

    pub(crate) fn import(&self, file: &str, mails: &str, args: &[&str]) {
        self.room.write(file, mails);
        let args = [&["import", file], args].concat();
        self.room.run(&args).ends(0);
    }

    /// The configuration as it is at first.
    pub(crate) fn settings(&mut self) {
        let site = "[site]\ntitle = \"Town\"\nurl = \"https://lists.example.org\"\n\
                    [serve]\nsearches_per_minute = 100000\ndownloads_per_minute = 100000\n";
        self.room.write("archive/posthoc.toml", site);
        self.set(PLAIN, "visibility = \"public\"\nmask = \"none\"\n");
        self.set(MASKED, "visibility = \"public\"\nmask = \"full\"\n");
        let mut about = |secret, name: &str| {
            let mut text = String::new();
            for key in ["title", "description"] {
                let word = self.tokens.new_word(secret, &format!("{name} {key}"));
                let _ = writeln!(text, "{key} = \"{word}\"");
            }
            let word = self.tokens.new_word(secret, &format!("{name} address"));
            let _ = writeln!(text, "address = \"{word}@lists.example.org\"");
            text
        };
        let hush = about(Secret::Unlisted, "the unlisted list's");
        let closed = about(Secret::Private, "the private list's");
        self.set(
            HUSH,
            &format!("visibility = \"unlisted\"\nmask = \"none\"\n{hush}"),
        );
        let closed = format!("aliases = [\"{}\"]\nmask = \"none\"\n{closed}", self.alias);
        self.set(&self.former, &closed);
    }

    /// Takes the mail down that is to go, and pieces out of another one.
    pub(crate) fn remove(&self) {
        let args = ["remove", &self.removed_id, "--reason", "asked for"];
        self.room.run(&args).ends(0);
        let args: Vec<&str> = self.redaction.iter().map(String::as_str).collect();
        self.room.run(&args).ends(0);
    }

    /// Gives every list Pipermail's layout.
    pub(crate) fn in_pipermail(&self) {
        let file = self.room.path("archive/posthoc.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{text}[defaults]\nlayout = \"pipermail\"\n")).unwrap();
    }

    /// Writes a list's settings.
    pub(crate) fn set(&self, list: &str, text: &str) {
        self.room
            .write(&format!("archive/lists.d/{list}.toml"), text);
    }

    /// The private list's settings with another line.
    pub(crate) fn set_private(&self, line: &str) {
        let file = self
            .room
            .path(&format!("archive/lists.d/{}.toml", self.private));
        let text = std::fs::read_to_string(&file).unwrap();
        let kept = text.lines().filter(|at| !at.starts_with("visibility"));
        let kept: String = kept.map(|line| format!("{line}\n")).collect();
        std::fs::write(&file, format!("{line}\n{kept}")).unwrap();
    }

    pub(crate) fn serve(&self) -> Server {
        Server::start(&self.room, &["serve", "--listen", "0"])
    }
}

/// A mail with an address in every place where one can stand, on a list that hides them all.
fn addressed(tokens: &mut Tokens) -> String {
    let mut at = |sign: &str, place: &str| {
        let local = tokens.new_word(Secret::Masked, &format!("local part in {place}"));
        let host = tokens.new_word(Secret::Masked, &format!("domain in {place}"));
        format!("{local}{sign}{host}.example")
    };
    let mut mail =
        "Message-ID: <masked@open.example>\nDate: 3 Nov 2025 10:00:00 +0000\n".to_owned();
    // A poster whose name is his address.
    let itself = at("@", "From");
    let _ = writeln!(
        mail,
        "From: \"{itself}\" <{itself}>\nSubject: boats of {}",
        at("@", "Subject")
    );
    for field in ["To", "Cc", "Reply-To", "Sender", "X-Custom", "Errors-To"] {
        let _ = writeln!(mail, "{field}: <{}>", at("@", field));
    }
    let _ = writeln!(
        mail,
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
    );
    let mut part = |fields: &str, body: &str| {
        let _ = write!(mail, "--b\nContent-Type: {fields}\n\n{body}\n");
    };
    let text = format!(
        "Boats. Write to {} or {}, see https://x.example/?u={}\n<{}> wrote:\n> ask {}\n\n-- \n{}\n",
        at("@", "text"),
        at("&#64;", "text as entity"),
        at("%40", "URL"),
        at("@", "attribution"),
        at("@", "quote"),
        at("@", "signature")
    );
    part("text/plain", &text);
    let html = format!(
        "<p>{} <a href=\"mailto:{}\">x</a> <img src=\"https://x.example/\" alt=\"{}\"></p>",
        at("@", "HTML text"),
        at("%40", "HTML link"),
        at("@", "HTML alt")
    );
    part("text/html", &html);
    let text = crate::letter::base64_of(at("@", "base64 text").as_bytes());
    part("text/plain\nContent-Transfer-Encoding: base64", &text);
    let text = at("=40", "QP text");
    part(
        "text/plain\nContent-Transfer-Encoding: quoted-printable",
        &text,
    );
    let name = at("@", "file name");
    let card = format!("BEGIN:VCARD\nEMAIL:{}\n", at("@", "file"));
    let fields = format!("text/vcard\nContent-Disposition: attachment; filename=\"{name}.vcf\"");
    part(&fields, &card);
    let (from, text) = (at("@", "nested From"), at("@", "nested text"));
    part(
        "message/rfc822",
        &format!("From: <{from}>\nSubject: inner\n\n{text}"),
    );
    mail + "--b--\n"
}
