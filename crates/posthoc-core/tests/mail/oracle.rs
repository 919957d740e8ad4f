//! The standard shelf, read by another parser: where mails are well made, the two must agree.

use crate::{read, shelf};
use mail_parser::MessageParser;

#[test]
fn well_made_mails_are_read_as_others_read_them() {
    for path in shelf("standard") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let raw = std::fs::read(&path).unwrap();
        let ours = read(&raw);
        let theirs = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(theirs.subject().unwrap_or_default(), ours.subject, "{name}");
        assert_eq!(theirs.message_id(), Some(ours.id.0.as_str()), "{name}");
        let date = theirs.date().map(mail_parser::DateTime::to_timestamp);
        assert_eq!(date, ours.sent.map(|s| s.unix), "{name}");
        let author = theirs.from().and_then(|a| a.first()).unwrap();
        assert_eq!(
            author.address(),
            Some(ours.author.address.as_str()),
            "{name}"
        );
        assert_eq!(
            author.name().unwrap_or_default(),
            ours.author.name,
            "{name}"
        );
    }
}
