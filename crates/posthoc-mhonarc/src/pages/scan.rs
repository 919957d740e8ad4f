//! What an archive holds, as `-scan` lists it.

use crate::archive::Site;
use crate::text::Format;

/// Columns of the author and of the subject.
const AUTHOR: usize = 15;
const SUBJECT: usize = 43;

impl Site<'_> {
    /// The list, one line a mail in the order of the main index.
    pub fn scan(&self) -> Vec<u8> {
        let archive = self.archive;
        let mut out = format!(
            "{} messages in {}:\n\n",
            self.order.len(),
            archive.around.folder
        )
        .into_bytes();
        out.extend_from_slice(
            format!(
                "{:5}  {:10}  {:AUTHOR$}  {:SUBJECT$}\n",
                "Msg #", "YYYY/MM/DD", "From", "Subject"
            )
            .as_bytes(),
        );
        let rule = |width: usize| "-".repeat(width);
        let rules = [rule(5), rule(10), rule(AUTHOR), rule(SUBJECT)].join("  ");
        out.extend_from_slice(rules.as_bytes());
        out.push(b'\n');
        for at in &self.order {
            let mail = &archive.mails[*at];
            let day = archive
                .calendar
                .write(mail.time, b"%Y/%m/%d", Format::Local);
            out.extend_from_slice(format!("{:5}  ", mail.number).as_bytes());
            out.extend_from_slice(&day);
            out.extend_from_slice(b"  ");
            push_column(&mail.from_name, AUTHOR, &mut out);
            out.extend_from_slice(b"  ");
            push_column(&mail.subject, SUBJECT, &mut out);
            out.push(b'\n');
        }
        out
    }
}

/// Text cut and filled up to a width; control characters are none that a terminal is sent.
fn push_column(text: &[u8], width: usize, out: &mut Vec<u8>) {
    let shown = text.iter().take(width);
    out.extend(shown.map(|byte| match byte {
        byte if byte.is_ascii_control() => b' ',
        byte => *byte,
    }));
    out.extend(std::iter::repeat_n(b' ', width.saturating_sub(text.len())));
}
