//! Where an earlier mail begins that a mailer put below the new text without marks.

use super::attribution::{attribution_before, begins_attribution, is_mailers_attribution};
use super::flowed::Line;

/// What Outlook and webmail write above it, between dashes; in lower case.
const SEPARATORS: [&str; 44] = [
    "original message",
    "reply message",
    "original appointment",
    "original mail",
    "original email",
    "ursprüngliche nachricht",
    "urspruengliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "originalmeldung",
    "antwort nachricht",
    "message d'origine",
    "message d’origine",
    "message d´origine",
    "message original",
    "message initial",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "messaggio original",
    "oorspronkelijk bericht",
    "origineel bericht",
    "oprindelig meddelelse",
    "original meddelelse",
    "opprinnelig melding",
    "ursprungligt meddelande",
    "originalmeddelande",
    "ursprungligt mail",
    "alkuperäinen viesti",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "původní zpráva",
    "původní e-mail",
    "pôvodná správa",
    "eredeti üzenet",
    "mesaj original",
    "mesajul original",
    "исходное сообщение",
    "orijinal ileti",
    "özgün ileti",
    "αρχικό μήνυμα",
    "原始邮件",
    "原邮件",
    "原始郵件",
];
/// Words between dashes above a mail that is passed on: this one is meant to be read.
const FORWARDS: [&str; 15] = [
    "next part",
    "forwarded",
    "weitergeleitete",
    "transféré",
    "reenviado",
    "encaminhada",
    "inoltrato",
    "doorgestuurd",
    "vidarebefordrat",
    "videresendt",
    "przekazana",
    "пересыла",
    "переслан",
    "转发",
    "転送",
];

/// What a line of such a mail's short header says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    From,
    Date,
    To,
    Subject,
    Other,
}

/// Names of these lines, in lower case.
const FIELDS: [(Field, &[&str]); 5] = [
    (
        Field::From,
        &[
            "from",
            "von",
            "de",
            "da",
            "van",
            "från",
            "fra",
            "lähettäjä",
            "od",
            "odesílatel",
            "feladó",
            "gönderen",
            "kimden",
            "от",
            "от кого",
            "από",
            "发件人",
            "寄件者",
            "差出人",
            "보낸 사람",
        ],
    ),
    (
        Field::Date,
        &[
            "date",
            "sent",
            "datum",
            "gesendet",
            "envoyé",
            "enviado",
            "enviado el",
            "enviada em",
            "enviado em",
            "inviato",
            "data",
            "verzonden",
            "skickat",
            "sendt",
            "dato",
            "lähetetty",
            "wysłano",
            "wysłane",
            "odesláno",
            "dátum",
            "elküldve",
            "küldve",
            "tarih",
            "gönderilme tarihi",
            "дата",
            "отправлено",
            "fecha",
            "ημερομηνία",
            "发送时间",
            "时间",
            "送信日時",
            "日時",
            "보낸 날짜",
            "sent on",
        ],
    ),
    (
        Field::To,
        &[
            "to",
            "an",
            "à",
            "para",
            "a",
            "aan",
            "till",
            "til",
            "vastaanottaja",
            "do",
            "komu",
            "címzett",
            "kime",
            "кому",
            "προς",
            "收件人",
            "收件者",
            "宛先",
            "받는 사람",
        ],
    ),
    (
        Field::Subject,
        &[
            "subject",
            "betreff",
            "betrifft",
            "objet",
            "asunto",
            "assunto",
            "oggetto",
            "onderwerp",
            "ämne",
            "emne",
            "aihe",
            "temat",
            "předmět",
            "predmet",
            "tárgy",
            "konu",
            "тема",
            "θέμα",
            "主题",
            "主旨",
            "件名",
            "제목",
        ],
    ),
    (
        Field::Other,
        &[
            "cc",
            "kopie",
            "copie",
            "kopia",
            "bcc",
            "reply-to",
            "reply to",
            "importance",
            "priority",
            "attachments",
            "attachment",
            "anlagen",
            "cci",
            "sensitivity",
            "organization",
            "antwort an",
            "répondre à",
            "копия",
            "抄送",
            "副本",
        ],
    ),
];

/// Lines of a short header at most, folded lines included.
const MOST_LINES: usize = 24;

/// Whether an earlier mail begins at a line, unmarked, and goes on to the end of the text; `before`
/// tells whether there is text of the author's above. Reads a few lines at most.
pub fn begins_original(lines: &[Line<'_>], before: Option<&str>) -> bool {
    let Some(first) = lines.first().filter(|line| line.depth == 0) else {
        return false;
    };
    let text = first.text.trim();
    if is_between_dashes(text, &SEPARATORS) {
        return true;
    }
    let Some(before) = before else { return false };
    if is_forward_line(before) {
        return false;
    }
    let rule = is_rule(text);
    let rest = if rule {
        let blank = lines[1..]
            .iter()
            .take_while(|line| line.text.trim().is_empty())
            .count();
        &lines[1 + blank.min(1)..]
    } else {
        lines
    };
    is_short_header(rest, text.starts_with("__"))
        && (rule || field(before).is_none() && !is_header_line(before))
}

/// Whether words between dashes say that a mail is passed on.
pub fn is_forward_line(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 120 && (text.starts_with("--") || text.starts_with("Begin forwarded")) && {
        let lower = text.to_lowercase();
        FORWARDS.iter().any(|word| lower.contains(word))
    }
}

/// How many lines at the start say who wrote an earlier mail that follows without marks; 0 when none
/// do. What follows must not be quoted, for then the marks tell.
pub fn begins_unmarked(lines: &[Line<'_>]) -> usize {
    let Some(first) = lines.first().filter(|line| line.depth == 0) else {
        return 0;
    };
    if !begins_attribution(&first.text) {
        return 0;
    }
    for count in 1..=lines.len().min(4) {
        let line = &lines[count - 1];
        let end = line.text.trim_end();
        if line.depth > 0 || end.is_empty() {
            return 0;
        }
        if !end.ends_with([':', '：', '-', '>']) {
            continue;
        }
        let texts = || lines[..count].iter().map(|line| line.text.as_ref());
        if attribution_before(texts().rev()) != count {
            continue;
        }
        let joined: Vec<&str> = texts().map(str::trim).collect();
        if !is_mailers_attribution(&joined.join(" ")) {
            return 0;
        }
        let next = lines[count..]
            .iter()
            .take(4)
            .find(|line| !line.text.trim().is_empty() || line.depth > 0);
        let unmarked = next.is_some_and(|line| line.depth == 0);
        return if unmarked { count } else { 0 };
    }
    0
}

fn is_between_dashes(text: &str, known: &[&str]) -> bool {
    if text.len() > 100 || !text.starts_with("--") {
        return false;
    }
    let inner = text.trim_matches(|c: char| c == '-' || c.is_whitespace());
    if inner.is_empty() || !text.ends_with("--") {
        return false;
    }
    let lower = inner.to_lowercase();
    known.contains(&lower.as_str())
}

/// A line of ten underscores or more, or of four dashes or more.
fn is_rule(text: &str) -> bool {
    let of = |sign: u8| text.bytes().all(|b| b == sign);
    (text.len() >= 10 && of(b'_')) || (text.len() >= 4 && of(b'-'))
}

/// Whether lines begin with a short header: who, and two more of when, to whom and what about (one
/// more below a rule). One that names other fields is a header that somebody cites.
fn is_short_header(lines: &[Line<'_>], below_rule: bool) -> bool {
    let Some(first) = lines.first().and_then(|line| field(&line.text)) else {
        return false;
    };
    if !matches!(first, Field::From | Field::Date | Field::Subject) {
        return false;
    }
    let mut seen = [false; 5];
    let mut folded = 0;
    for line in lines.iter().take(MOST_LINES) {
        if line.depth > 0 || line.text.trim().is_empty() {
            break;
        }
        match field(&line.text) {
            Some(found) => seen[found as usize] = true,
            None if is_header_line(&line.text) => return false,
            None => folded += 1,
        }
        if folded > 6 {
            break;
        }
    }
    let others = seen[1..4].iter().filter(|seen| **seen).count();
    seen[0] && others >= if below_rule { 1 } else { 2 }
}

fn field(text: &str) -> Option<Field> {
    // A mailer writes it at the margin, or in bold.
    let inner = text.trim_start_matches([' ', '\t']);
    if inner.len() < text.len() && !inner.starts_with('*') {
        return None;
    }
    let text = inner.trim_start_matches('*');
    let end = text
        .char_indices()
        .take(24)
        .find(|(_, c)| matches!(c, ':' | '：'))?
        .0;
    let name = text[..end].trim_end_matches(['*', ' ', '\u{a0}']);
    // A letter, and no sentence.
    if name.is_empty() || !name.starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let lower = name.to_lowercase();
    FIELDS
        .iter()
        .find(|(_, names)| names.contains(&lower.as_str()))
        .map(|(field, _)| *field)
}

/// `X-Mailer: …`, `Received: …`: a field of a mail's own header.
fn is_header_line(text: &str) -> bool {
    let end = text.bytes().take(40).position(|b| b == b':');
    end.is_some_and(|end| {
        let name = &text.as_bytes()[..end];
        end > 2
            && name[0].is_ascii_uppercase()
            && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
            && text.as_bytes().get(end + 1) == Some(&b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::super::flowed::fixed;
    use super::*;

    #[test]
    fn short_headers() {
        let check = |text: &str, expected: bool| {
            assert_eq!(
                begins_original(&fixed(text), Some("Hello")),
                expected,
                "{text}"
            );
        };
        check("-----Original Message-----\nx", true);
        check("----- Původní zpráva -----", true);
        check("-----Ursprüngliche Nachricht-----\nVon: x", true);
        check("-----Some other words-----\nx", false);
        check("From: a@x\nSent: Monday\nTo: b@x\nSubject: y\n\nz", true);
        check(
            "Von: Ada\nGesendet: Montag\nAn: Grace\nBetreff: y\n\nz",
            true,
        );
        check("De : Ada\nEnvoyé : lundi\nÀ : Grace\nObjet : y\n\nz", true);
        check(
            "  *From:* Ada [mailto:\n  a@x]\n  *Sent:* Monday\n  *To:* b",
            true,
        );
        check(
            "________________________________\nFrom: Ada\nSent: Monday\n",
            true,
        );
        check("发件人: Ada\n发送时间: 2025\n收件人: Grace\n主题: y", true);
        check("From: a@x\nReceived: from b\nTo: b@x\nSubject: y", false);
        check("From: a@x\n\nTo: b@x", false);
        check(" From: a@x\n Date: Monday\n To: b@x\n Subject: y", false);
        check("To: b@x\nFrom: a@x\nSubject: y", false);
        check("> From: a@x\n> Sent: Monday\n> To: b@x", false);
        check("________________________________", false);
        assert!(!begins_original(
            &fixed("From: a@x\nDate: Monday\nSubject: y"),
            Some("---------- Forwarded message ----------")
        ));
        assert!(!begins_original(
            &fixed("From: a@x\nDate: Monday\nSubject: y"),
            None
        ));
    }

    #[test]
    fn who_wrote_without_marks() {
        let check = |text: &str, expected: usize| {
            assert_eq!(begins_unmarked(&fixed(text)), expected, "{text}");
        };
        check("On Nov 30, 2011, at 12:47 PM, Ada wrote:\n\nHello", 1);
        check(
            "On Nov 30, 2011, at 12:47 PM, Ada <\nada@x.org>\nwrote:\nHello",
            3,
        );
        check("On Nov 30, 2011, at 12:47 PM, Ada wrote:\n\n> Hello", 0);
        check("On Nov 30, 2011, at 12:47 PM, Ada wrote:", 0);
        check("Ada wrote:\n\nHello", 0);
        check("Hello\nOn Nov 30, 2011, at 12:47 PM, Ada wrote:\nx", 0);
    }
}
