//! Commands of LMTP (RFC 2033), which are those of SMTP (RFC 5321), one line each. Pure.

/// Bytes of a path between its brackets.
const LONGEST_PATH: usize = 998;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `LHLO` and who says so.
    Lhlo,
    /// `MAIL FROM:`; the sender, none for `<>`.
    Mail {
        /// `local@domain`.
        from: Option<String>,
        /// `SIZE=`, bytes (RFC 1870).
        size: Option<u64>,
        /// `SMTPUTF8`: addresses and header may be UTF-8 (RFC 6531).
        utf8: bool,
    },
    /// `RCPT TO:`; `local@domain`, or `postmaster` alone.
    Rcpt(String),
    /// `DATA`
    Data,
    /// `RSET`
    Rset,
    /// `NOOP`
    Noop,
    /// `VRFY`
    Vrfy,
    /// `HELP`
    Help,
    /// `QUIT`
    Quit,
}

/// Why a line is no command: the whole reply, with its enhanced code (RFC 3463).
pub type Refusal = &'static str;

const SYNTAX: Refusal =
    "501 5.5.2 write it as in MAIL FROM:<ada@example.org> or RCPT TO:<list@example.org>";
const UNKNOWN: Refusal = "500 5.5.1 this is LMTP, and that is none of its commands";
const NO_ARGUMENTS: Refusal = "501 5.5.4 nothing may follow that command";
const PARAMETER: Refusal = "555 5.5.4 that parameter is not known here";
const NEEDS_UTF8: Refusal = "553 5.6.7 an address that is not ASCII needs SMTPUTF8";

impl Command {
    /// Reads a line, without its end.
    ///
    /// # Errors
    /// The reply to what is no command.
    pub fn parse(line: &[u8]) -> Result<Command, Refusal> {
        let text = std::str::from_utf8(line)
            .ok()
            .filter(|text| !text.chars().any(|c| c.is_control() && c != '\t'))
            .ok_or("500 5.5.2 a command is a line of text")?;
        let (verb, rest) = match text.find([' ', '\t']) {
            Some(end) => (&text[..end], text[end..].trim()),
            None => (text, ""),
        };
        let alone = |command| match rest.is_empty() {
            true => Ok(command),
            false => Err(NO_ARGUMENTS),
        };
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" if rest.is_empty() => {
                Err("501 5.5.4 say who you are, as in LHLO mail.example.org")
            }
            "LHLO" => Ok(Command::Lhlo),
            "MAIL" => mail(rest),
            "RCPT" => rcpt(rest),
            "DATA" => alone(Command::Data),
            "RSET" => alone(Command::Rset),
            "QUIT" => alone(Command::Quit),
            "NOOP" => Ok(Command::Noop),
            "VRFY" => Ok(Command::Vrfy),
            "HELP" => Ok(Command::Help),
            // RFC 2033, 4.1: neither may be answered with success.
            "HELO" | "EHLO" => Err("500 5.5.1 this is LMTP: say LHLO"),
            _ => Err(UNKNOWN),
        }
    }
}

fn mail(rest: &str) -> Result<Command, Refusal> {
    let (path, parameters) = path_after("FROM:", rest)?;
    let from = match path.is_empty() {
        true => None,
        false => Some(address(path).ok_or(SYNTAX)?),
    };
    let (mut size, mut utf8) = (None, false);
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (parameter, None),
        };
        match (name.to_ascii_uppercase().as_str(), value) {
            ("SIZE", Some(digits)) if size.is_none() => {
                let is_number = digits.len() <= 20 && digits.bytes().all(|b| b.is_ascii_digit());
                let number = digits.parse().ok().filter(|_| is_number);
                // More than can be counted is too much, not nonsense.
                let huge = (is_number && !digits.is_empty()).then_some(u64::MAX);
                size = Some(
                    number
                        .or(huge)
                        .ok_or("501 5.5.4 SIZE is a number of bytes")?,
                );
            }
            ("BODY", Some(body)) => match body.to_ascii_uppercase().as_str() {
                "7BIT" | "8BITMIME" => {}
                _ => return Err("501 5.5.4 BODY is 7BIT or 8BITMIME"),
            },
            ("SMTPUTF8", None) => utf8 = true,
            _ => return Err(PARAMETER),
        }
    }
    match &from {
        Some(from) if !utf8 && !from.is_ascii() => Err(NEEDS_UTF8),
        _ => Ok(Command::Mail { from, size, utf8 }),
    }
}

fn rcpt(rest: &str) -> Result<Command, Refusal> {
    let (path, parameters) = path_after("TO:", rest)?;
    if !parameters.trim().is_empty() {
        return Err(PARAMETER);
    }
    match path.eq_ignore_ascii_case("postmaster") {
        true => Ok(Command::Rcpt(path.to_owned())),
        false => address(path).map(Command::Rcpt).ok_or(SYNTAX),
    }
}

/// What stands between the brackets, and what behind them.
fn path_after<'t>(word: &str, rest: &'t str) -> Result<(&'t str, &'t str), Refusal> {
    let begins = rest
        .get(..word.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    if !begins {
        return Err(SYNTAX);
    }
    // A space behind the colon is common, and means nothing.
    let inside = rest[word.len()..]
        .trim_start()
        .strip_prefix('<')
        .ok_or(SYNTAX)?;
    let end = bracket(inside)
        .filter(|end| *end <= LONGEST_PATH)
        .ok_or(SYNTAX)?;
    let after = &inside[end + 1..];
    match after.is_empty() || after.starts_with(' ') {
        true => Ok((&inside[..end], after)),
        false => Err(SYNTAX),
    }
}

/// The closing bracket outside of quotes.
fn bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// `local@domain` of a path, its route left away and its quotes taken off (RFC 5321, 4.1.2).
fn address(path: &str) -> Option<String> {
    let path = match path.starts_with('@') {
        true => path.split_once(':')?.1,
        false => path,
    };
    let (local, domain) = path.rsplit_once('@')?;
    let local = match local.strip_prefix('"') {
        Some(rest) => unquoted(rest.strip_suffix('"')?)?,
        None => Some(local.to_owned()).filter(|local| is_dot_string(local))?,
    };
    (!local.is_empty() && is_domain(domain)).then(|| format!("{local}@{domain}"))
}

/// A quoted string's inside, its backslashes taken off.
fn unquoted(inside: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.push(chars.next()?),
            '"' => return None,
            char => text.push(char),
        }
    }
    Some(text)
}

/// RFC 5321's Dot-string, but generous with dots: senders are.
fn is_dot_string(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || "<>()[],;:\\\"@".contains(c))
}

fn is_domain(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c) || !c.is_ascii();
    let inside = inside.unwrap_or(text);
    !inside.is_empty() && inside.chars().all(|c| fits(c) && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, wanted: Result<Command, &str>) {
        let got = Command::parse(line.as_bytes());
        match wanted {
            Ok(command) => assert_eq!(got, Ok(command), "{line}"),
            Err(code) => assert!(got.is_err_and(|reply| reply.starts_with(code)), "{line}"),
        }
    }

    fn from(address: &str, size: Option<u64>, utf8: bool) -> Command {
        let from = (!address.is_empty()).then(|| address.to_owned());
        Command::Mail { from, size, utf8 }
    }

    #[test]
    fn commands_are_read_as_the_standards_write_them() {
        let to = |address: &str| Ok(Command::Rcpt(address.to_owned()));
        check("LHLO mail.example.org", Ok(Command::Lhlo));
        check("lhlo [127.0.0.1]", Ok(Command::Lhlo));
        check("MAIL FROM:<>", Ok(from("", None, false)));
        check("mail from: <a@x.org>", Ok(from("a@x.org", None, false)));
        let all = "MAIL FROM:<a@x.org> SIZE=12 BODY=8BITMIME SMTPUTF8";
        check(all, Ok(from("a@x.org", Some(12), true)));
        check(
            "MAIL FROM:<žofie@x.org> SMTPUTF8",
            Ok(from("žofie@x.org", None, true)),
        );
        let huge = "MAIL FROM:<a@x.org> SIZE=99999999999999999999";
        check(huge, Ok(from("a@x.org", Some(u64::MAX), false)));
        check("RCPT TO:<hall@x.org>", to("hall@x.org"));
        check("RCPT TO:<@a.org,@b.org:hall@x.org>", to("hall@x.org"));
        check("RCPT TO:<\"a \\\"b\\\"> c\"@x.org>", to("a \"b\"> c@x.org"));
        check("RCPT TO:<Postmaster>", to("Postmaster"));
        check("RCPT TO:<hall@[127.0.0.1]>", to("hall@[127.0.0.1]"));
        check("DATA", Ok(Command::Data));
        check("NOOP as you like", Ok(Command::Noop));
        check("quit", Ok(Command::Quit));
    }

    #[test]
    fn what_is_no_command_is_told_so() {
        for (line, code) in [
            ("", "500 5.5.1"),
            ("EHLO x.org", "500 5.5.1"),
            ("HELO x.org", "500 5.5.1"),
            ("BDAT 12", "500 5.5.1"),
            ("LHLO", "501 5.5.4"),
            ("DATA now", "501 5.5.4"),
            ("MAIL FROM:a@x.org", "501 5.5.2"),
            ("MAIL FROM:<a@x.org", "501 5.5.2"),
            ("MAIL FROM:<a@x.org>SIZE=1", "501 5.5.2"),
            ("MAIL FROM:<a b@x.org>", "501 5.5.2"),
            ("MAIL FROM:<a@x.org> SIZE=-1", "501 5.5.4"),
            ("MAIL FROM:<a@x.org> SIZE=", "501 5.5.4"),
            ("MAIL FROM:<a@x.org> BODY=BINARYMIME", "501 5.5.4"),
            ("MAIL FROM:<a@x.org> AUTH=<>", "555 5.5.4"),
            ("MAIL FROM:<žofie@x.org>", "553 5.6.7"),
            ("RCPT TO:<>", "501 5.5.2"),
            ("RCPT TO:<hall>", "501 5.5.2"),
            ("RCPT TO:<\"hall@x.org>", "501 5.5.2"),
            ("RCPT TO:<hall@x.org> NOTIFY=NEVER", "555 5.5.4"),
            ("MAIL\0 FROM:<a@x.org>", "500 5.5.2"),
            ("RCPT TO:<hall\r@x.org>", "500 5.5.2"),
        ] {
            check(line, Err(code));
        }
        let long = format!("RCPT TO:<{}@x.org>", "a".repeat(2_000));
        check(&long, Err("501 5.5.2"));
        assert!(Command::parse(b"RCPT TO:<\xff@x.org>").is_err());
    }
}
