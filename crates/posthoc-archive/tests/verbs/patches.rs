//! Patches from the public copy, applied by git itself.

use crate::prelude::*;
use crate::public::{MASKS, get, name, volume, with_list};
use posthoc_core::page::{Downloads, Mask};
use std::process::Command;

fn git(folder: &std::path::Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Ada Example",
            "-c",
            "user.email=ada@example.org",
        ])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn patches_of_a_masked_list_apply() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path();
    let before = "@property\ndef x(self):\n    return a @ b\n\nicon = 'foo@2x.png'\n";
    let after =
        format!("{before}call = 'memcpy@GLIBC_2.2.5'  # bell@plt č\n>From here\nFrom there\n");
    git(repository, &["init", "-q"]);
    std::fs::write(repository.join("x.py"), before).unwrap();
    git(repository, &["add", "."]);
    git(repository, &["commit", "-q", "-m", "begin"]);
    std::fs::write(repository.join("x.py"), after).unwrap();
    git(
        repository,
        &[
            "commit",
            "-q",
            "-a",
            "-s",
            "-m",
            "Ring the bell\n\nAs grace@example.org asked.",
        ],
    );
    let tree_of = |revision: &str| git(repository, &["rev-parse", &format!("{revision}^{{tree}}")]);
    let wanted = tree_of("HEAD");
    let plain = git(repository, &["format-patch", "-1", "--stdout"]);
    let plain = plain.split_once('\n').unwrap().1.to_owned();
    let (header, body) = plain.split_once("\n\n").unwrap();
    let header: Vec<&str> = header
        .lines()
        .filter(|l| !l.contains("Transfer-Encoding"))
        .collect();
    let encoded = data_encoding::BASE64.encode(body.as_bytes());
    let encoded: Vec<&str> = (0..encoded.len())
        .step_by(76)
        .map(|at| &encoded[at..encoded.len().min(at + 76)])
        .collect();
    let coded = format!(
        "{}\nContent-Transfer-Encoding: base64\n\n{}\n",
        header.join("\n"),
        encoded.join("\n")
    );
    for (mail, mask) in [&plain, &coded]
        .into_iter()
        .flat_map(|mail| MASKS.map(|mask| (mail, mask)))
    {
        let store = MemoryStore::new();
        let dated = mail.replacen("Date: ", "X-Date: ", 1);
        let dated = format!("Date: Sun, 02 Nov 2025 15:31:00 +0100\n{dated}");
        take_bytes(&store, "pub", &mboxrd(&dated));
        let bytes = with_list(mask, Downloads::Mbox, |settings| {
            get(&store, settings, &Route::Mbox(name(), volume(), 0)).unwrap()
        });
        let path = repository.join(".git/in.mbox");
        std::fs::write(&path, &bytes).unwrap();
        git(repository, &["reset", "-q", "--hard", "HEAD~1"]);
        git(
            repository,
            &["am", "-q", "--patch-format=mboxrd", path.to_str().unwrap()],
        );
        assert_eq!(tree_of("HEAD"), wanted, "{mask:?}");
        let log = git(repository, &["log", "-1", "--format=%an <%ae>%n%B"]);
        let (shown, signed) = match mask {
            Mask::At => (
                "Ada Example <ada at example.org>",
                "As grace at example.org asked.",
            ),
            Mask::Domain => ("Ada Example <ada at ...>", "As grace at ... asked."),
            _ => (
                "Ada Example <[address hidden]>",
                "As [address hidden] asked.",
            ),
        };
        assert!(log.starts_with(shown), "{log}");
        assert!(log.contains(&format!("Signed-off-by: {shown}")), "{log}");
        assert!(log.contains(signed), "{log}");
    }
}

/// Tabs, blanks at line ends, form feeds, lines of a mere blank, a last line without its end: as
/// `git send-email` sends them in each of its encodings, and signed inline.
#[test]
fn patches_apply_to_the_last_blank() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path();
    let before = "one\n\tx = 1;\t \n\x0c\n \n- two\nthree  \n";
    let after =
        "one\n\tx = 2;\t \n\x0c\n \n\t\x0c\t\n--- rule\n- two \n\u{a0}three \u{c}\nFrom \nend";
    git(repository, &["init", "-q"]);
    git(repository, &["config", "core.autocrlf", "false"]);
    std::fs::write(repository.join("x.c"), before).unwrap();
    git(repository, &["add", "."]);
    git(repository, &["commit", "-q", "-m", "begin"]);
    std::fs::write(repository.join("x.c"), after).unwrap();
    let words = "Ring\n\n- a list\n-- no signature";
    git(repository, &["commit", "-q", "-a", "-m", words]);
    let tree_of = |revision: &str| git(repository, &["rev-parse", &format!("{revision}^{{tree}}")]);
    let wanted = tree_of("HEAD");
    let plain = git(repository, &["format-patch", "-1", "--stdout"]);
    let plain = plain
        .split_once('\n')
        .unwrap()
        .1
        .replacen("Date: ", "X-Date: ", 1);
    let (header, body) = plain.split_once("\n\n").unwrap();
    let header: Vec<&str> = header
        .lines()
        .filter(|l| !l.contains("Transfer-Encoding"))
        .collect();
    let header = format!(
        "Date: Sun, 02 Nov 2025 15:31:00 +0100\n{}",
        header.join("\n")
    );
    let coded = |encoding: &str, body: &str| {
        format!("{header}\nContent-Transfer-Encoding: {encoding}\n\n{body}\n")
    };
    let signed = |body: &str| {
        let lines = body.lines().map(|line| match line.starts_with('-') {
            true => format!("- {line}\n"),
            false => format!("{line}\n"),
        });
        let text: String = lines.collect();
        format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{text}\
             -----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"
        )
    };
    let mails = [
        coded("8bit", body),
        coded("quoted-printable", &quoted(body)),
        coded("base64", &data_encoding::BASE64.encode(body.as_bytes())),
        coded("8bit", &signed(body)),
        coded("quoted-printable", &quoted(&signed(body))),
    ];
    for mail in &mails {
        let store = MemoryStore::new();
        take_bytes(&store, "pub", &mboxrd(mail));
        let bytes = with_list(Mask::At, Downloads::Mbox, |settings| {
            get(&store, settings, &Route::Mbox(name(), volume(), 0)).unwrap()
        });
        let path = repository.join(".git/in.mbox");
        std::fs::write(&path, &bytes).unwrap();
        git(repository, &["reset", "-q", "--hard", "HEAD~1"]);
        git(
            repository,
            &["am", "-q", "--patch-format=mboxrd", path.to_str().unwrap()],
        );
        assert_eq!(tree_of("HEAD"), wanted, "{mail}");
        let log = git(repository, &["log", "-1", "--format=%B"]);
        assert_eq!(log.trim(), words, "{mail}");
    }
}

/// Text as quoted-printable, each line folded in its middle.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let (line, end) = line
            .strip_suffix('\n')
            .map_or((line, ""), |line| (line, "\n"));
        for (at, byte) in line.bytes().enumerate() {
            match byte {
                b'!'..=b'<' | b'>'..=b'~' => out.push(char::from(byte)),
                b' ' if at + 1 < line.len() => out.push(' '),
                _ => out.push_str(&format!("={byte:02X}")),
            }
            // Not within a line that programs look for.
            if at == line.len() / 2 && !line.starts_with("-----") {
                out.push_str("=\n");
            }
        }
        out.push_str(end);
    }
    out
}

/// A mail as an mbox that quotes as mboxrd does.
fn mboxrd(mail: &str) -> Vec<u8> {
    let mut out = "From mboxrd@z Thu Jan  1 00:00:00 1970\n".to_owned();
    for line in mail.lines() {
        if line.trim_start_matches('>').starts_with("From ") {
            out.push('>');
        }
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
    out.into_bytes()
}
