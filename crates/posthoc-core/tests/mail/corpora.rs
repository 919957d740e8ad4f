//! Real mail, read where it lies (`$POSTHOC_CORPORA`, else `../shared/corpora`).

use crate::read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the corpora lie, if they do.
pub(crate) fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("POSTHOC_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

/// The output of a program that unpacks; `None` when it is not there.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new(program).args(arguments).output().ok()?;
    (output.status.success() && !output.stdout.is_empty()).then_some(output.stdout)
}

/// The pieces of a mailbox between From_ lines, roughly: enough to read much mail.
fn mails(mailbox: &[u8]) -> Vec<&[u8]> {
    let mut mails = Vec::new();
    let mut start = 0;
    for at in memchr::memmem::find_iter(mailbox, b"\n\nFrom ") {
        mails.push(&mailbox[start..at + 2]);
        start = at + 2;
    }
    mails.push(&mailbox[start..]);
    mails
}

/// One number for the content of every mail of a mailbox or a suite. Verdicts and made ids rest on
/// it: these numbers never change while the rules are version 1.
#[test]
fn corpora_keep_their_content_hashes() {
    let Some(corpora) = corpora() else { return };
    let mut wrong = Vec::new();
    for (name, expected) in CONTENT {
        let path = corpora.join(name);
        let mails: Vec<Vec<u8>> = match name.strip_prefix("suites/") {
            Some(suite) => crate::suites::suite(suite).into_values().collect(),
            None => match output("zstd", &["-dc", path.to_str().unwrap()]) {
                Some(mailbox) => mails(&mailbox).into_iter().map(<[u8]>::to_vec).collect(),
                None => continue,
            },
        };
        let mut hasher = blake3::Hasher::new();
        for mail in &mails {
            hasher.update(&read(mail).content_hash().0);
        }
        let found = hasher.finalize().to_hex();
        if !mails.is_empty() && found[..16] != **expected {
            wrong.push(format!("(\"{name}\", \"{}\"),", &found[..16]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Mailboxes and suites with what their content hashes come to.
const CONTENT: &[(&str, &str)] = &[
    ("lists/blinux-list.mbox.zst", "2d5f569544b7a99c"),
    ("lists/bulmages-main-es.mbox.zst", "9b1460d87846c8c2"),
    ("lists/hibiscus-devel-de.mbox.zst", "c558a27a69c6b835"),
    ("lists/spamassassin-hard-ham-1.mbox.zst", "f4fde43ad7de32ef"),
    ("lists/spamassassin-spam-1.mbox.zst", "b2ce4b78b3d4c168"),
    ("suites/cpython-test_email", "f0273f0c30c86f61"),
    ("suites/mimekit", "e1dba3c89be6d30d"),
    ("suites/nodemailer-mailparser", "4cd962b52d2e025f"),
    ("suites/perl-mime-tools", "e0a7911dc7b2186f"),
    ("suites/public-inbox", "07238524f8f37c16"),
    ("suites/ruby-mail", "e48483e1e5c4d5c5"),
    ("suites/stalwart-mail-parser", "d4bb38eec89d4a59"),
];
