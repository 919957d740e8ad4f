//! The manual page: what the binary says to `--help`, verb by verb.

use crate::run::read;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// posthoc(1), for troff.
pub(super) fn page(binary: &Path) -> Result<String> {
    let help = |words: &[&str]| read(Command::new(binary).args(words).arg("--help"));
    let whole = help(&[])?;
    let mut page = String::from(
        ".TH POSTHOC 1 \"\" posthoc \"User Commands\"\n.SH NAME\nposthoc \\- mailing\\-list archives: mail in, a searchable site out\n",
    );
    section(&mut page, "DESCRIPTION", &whole);
    let verbs = verbs(&whole);
    verbs.first().context("the binary names no verbs")?;
    for verb in verbs {
        section(&mut page, &format!("posthoc {verb}"), &help(&[&verb])?);
    }
    page += ".SH FILES\n.TP\n.I /etc/posthoc/posthoc.toml\nSettings of this machine's archive, which a posthoc.toml in the archive replaces.\n.TP\n.I /var/lib/posthoc\nThe archive of the service.\n.SH SEE ALSO\nThe book, in\n.IR /usr/share/doc/posthoc/book .\n";
    Ok(page)
}

/// Words of the lines between `Commands:` and the next empty line.
fn verbs(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| !line.is_empty());
    // What a verb is for may go on in a second line, further to the right.
    list.filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// Text as it stands, so that nothing in it means anything to troff.
fn section(page: &mut String, title: &str, text: &str) {
    *page += &format!(".SH \"{}\"\n.nf\n", title.to_uppercase());
    for line in text.trim_end().lines() {
        let line = line
            .replace('\\', "\\e")
            .replace('-', "\\-")
            .replace('\'', "\\(aq");
        if line.starts_with('.') {
            *page += "\\&";
        }
        *page += &line;
        page.push('\n');
    }
    *page += ".fi\n";
}

#[cfg(test)]
mod tests {
    use super::{section, verbs};

    #[test]
    fn verbs_are_read_from_the_help() {
        let help = "Usage: x\n\nCommands:\n  init    Make\n  import  Take in\n          more\n\nOptions:\n  -h\n";
        assert_eq!(verbs(help), ["init", "import"]);
    }

    #[test]
    fn text_means_nothing_to_troff() {
        let mut page = String::new();
        section(&mut page, "a", ".x 'y' -z \\n\n");
        assert_eq!(page, ".SH \"A\"\n.nf\n\\&.x \\(aqy\\(aq \\-z \\en\n.fi\n");
    }
}
