//! One conversation, from the greeting to its end.

use super::post::Post;
use super::room::{Memory, Room};
use super::talk::{End, Talk};
use crate::log;
use crate::metrics::Metrics;
use crate::site::now;
use posthoc_archive::{Posted, Posting};
use posthoc_core::lmtp::{Command, Data};
use posthoc_core::route::ListName;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite};

/// Recipients of one mail (RFC 5321, 4.5.3.1.8 asks for a hundred).
const MOST_RECIPIENTS: usize = 1_000;
/// Lines that are no commands, after which the conversation ends.
const MOST_MISTAKES: usize = 20;

/// What a conversation needs.
pub(super) struct Session<'s, T> {
    pub(super) talk: Talk<T>,
    pub(super) post: &'s Post,
    pub(super) room: &'s Room,
    /// Bytes of the longest mail.
    pub(super) longest: usize,
    pub(super) metrics: Arc<Metrics>,
    pub(super) state: State,
}

/// How far it is.
#[derive(Default)]
pub(super) struct State {
    greeted: bool,
    mistakes: usize,
    mail: Option<Envelope>,
}

struct Envelope {
    utf8: bool,
    recipients: Vec<String>,
}

/// A mail that came, or why it cannot be taken.
enum Came {
    Whole(Vec<u8>, Memory),
    Refused(&'static str),
}

impl<T: AsyncRead + AsyncWrite + Unpin> Session<'_, T> {
    pub(super) async fn run(mut self) {
        self.talk.say("220 posthoc LMTP: mail for the archive");
        let end = loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => break End::Told("221 2.0.0 bye"),
                Err(end) => break end,
            }
        };
        self.talk.end(end).await;
    }

    /// One command; whether the conversation goes on.
    async fn step(&mut self) -> Result<bool, End> {
        let line = self.talk.line(self.state.mail.is_none()).await?;
        let reply = match Command::parse(&line) {
            Ok(Command::Quit) => return Ok(false),
            Ok(Command::Data) => return self.data().await.map(|()| true),
            Ok(command) => self.answer(command),
            Err(refusal) => Err(refusal),
        };
        match reply {
            Ok(line) => self.talk.say(&line),
            Err(refusal) => {
                self.talk.say(refusal);
                self.state.mistakes += 1;
                if self.state.mistakes >= MOST_MISTAKES {
                    return Err(End::Told("421 4.7.0 too many mistakes"));
                }
            }
        }
        Ok(true)
    }

    fn answer(&mut self, command: Command) -> Result<String, &'static str> {
        let state = &mut self.state;
        match command {
            Command::Lhlo => {
                state.greeted = true;
                state.mail = None;
                let longest = self.longest;
                Ok(format!(
                    "250-posthoc\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE {longest}\r\n\
                     250 ENHANCEDSTATUSCODES"
                ))
            }
            Command::Mail { .. } if !state.greeted => Err("503 5.5.1 say LHLO first"),
            Command::Mail { .. } if state.mail.is_some() => {
                Err("503 5.5.1 one mail at a time; RSET begins anew")
            }
            Command::Mail { size, .. } if size.is_some_and(|size| size > self.longest as u64) => {
                Err(TOO_BIG)
            }
            Command::Mail { utf8, .. } => {
                let recipients = Vec::new();
                state.mail = Some(Envelope { utf8, recipients });
                Ok("250 2.1.0 go on".to_owned())
            }
            Command::Rcpt(address) => match &mut state.mail {
                None => Err("503 5.5.1 say MAIL first"),
                Some(mail) if mail.recipients.len() >= MOST_RECIPIENTS => {
                    Err("452 4.5.3 too many recipients; send the rest as another mail")
                }
                Some(mail) if !mail.utf8 && !address.is_ascii() => {
                    Err("553 5.6.7 an address that is not ASCII needs SMTPUTF8")
                }
                Some(mail) => {
                    mail.recipients.push(address);
                    Ok("250 2.1.5 go on".to_owned())
                }
            },
            Command::Rset => {
                state.mail = None;
                Ok("250 2.0.0 forgotten".to_owned())
            }
            Command::Vrfy => Ok("252 2.5.0 send it, and see".to_owned()),
            Command::Help => {
                Ok("214 2.0.0 LHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT: RFC 2033".to_owned())
            }
            Command::Noop | Command::Data | Command::Quit => Ok("250 2.0.0 well".to_owned()),
        }
    }

    /// A mail, and a reply for each of its recipients.
    async fn data(&mut self) -> Result<(), End> {
        let Some(mail) = self.state.mail.take_if(|mail| !mail.recipients.is_empty()) else {
            self.talk.say("503 5.5.1 say MAIL and RCPT first");
            return Ok(());
        };
        self.talk.say("354 end with a dot");
        self.talk.flush().await?;
        let recipients = mail.recipients;
        let count = recipients.len();
        let (bytes, memory) = match self.read().await? {
            Came::Whole(bytes, memory) => (bytes, memory),
            Came::Refused(why) => {
                recipients.iter().for_each(|_| self.talk.say(why));
                self.metrics.mails("lmtp", "refused", count as u64);
                log(&format!(
                    "mail door=lmtp verdict=refused recipients={count} reply={why:?}"
                ));
                return Ok(());
            }
        };
        let (size, begin) = (bytes.len(), Instant::now());
        let posted = Posted {
            recipients,
            bytes,
            received: now(),
        };
        let postings = self.post.send(posted).await;
        drop(memory);
        let unknown =
            || vec![Posting::Failed("it is not known what became of it".to_owned()); count];
        let took = begin.elapsed();
        self.metrics.delivered(size, took);
        for posting in postings.unwrap_or_else(unknown) {
            self.talk.say(&reply(&posting));
            let (verdict, lists) = verdict(&posting);
            self.metrics.mails("lmtp", verdict, 1);
            let millis = took.as_millis();
            log(&format!(
                "mail door=lmtp verdict={verdict} lists={lists} bytes={size} ms={millis}"
            ));
        }
        Ok(())
    }

    /// Reads to the dot, also what is not taken.
    async fn read(&mut self) -> Result<Came, End> {
        let (mut data, mut mail, mut memory) = (Data::default(), Vec::new(), Memory::default());
        let mut refused = None;
        loop {
            let piece = self.talk.piece().await?;
            let end = data.feed(piece, &mut mail);
            let taken = end.unwrap_or(piece.len());
            self.talk.took(taken);
            if refused.is_none() && mail.len() > self.longest {
                refused = Some(TOO_BIG);
            }
            if refused.is_none() && !self.room.fits(mail.len(), &mut memory) {
                refused = Some("452 4.3.1 too many mails at once; come again");
            }
            if refused.is_some() {
                (mail, memory) = Default::default();
            }
            if end.is_some() {
                break;
            }
        }
        if data.has_bare_lf() {
            refused =
                Some("554 5.6.0 it has a line feed without CR before it, which no mail may have");
        }
        if mail.iter().all(u8::is_ascii_whitespace) {
            refused = refused.or(Some("554 5.6.0 it is empty"));
        }
        Ok(match refused {
            Some(why) => Came::Refused(why),
            None => Came::Whole(mail, memory),
        })
    }
}

const TOO_BIG: &str = "552 5.3.4 it is longer than this archive takes";

fn names(lists: &[ListName], between: &str) -> String {
    let names: Vec<&str> = lists.iter().map(ListName::as_str).collect();
    names.join(between)
}

/// One word on what became of a mail, and the lists that it is for, as the log has them.
fn verdict(posting: &Posting) -> (&'static str, String) {
    let none = || "-".to_owned();
    match posting {
        Posting::Archived(lists) => ("archived", names(lists, ",")),
        Posting::Waiting(lists) => ("waiting", names(lists, ",")),
        Posting::Held(lists) => ("held", names(lists, ",")),
        Posting::NoArchive => ("no-archive", none()),
        Posting::NoList => ("no-list", none()),
        Posting::Loop => ("loop", none()),
        Posting::Full(_) | Posting::Failed(_) => ("failed", none()),
    }
}

fn reply(posting: &Posting) -> String {
    let names = |lists: &[ListName]| names(lists, ", ");
    match posting {
        Posting::Archived(lists) => format!("250 2.0.0 in the archive of {}", names(lists)),
        Posting::Waiting(lists) => {
            format!(
                "250 2.0.0 safe, and soon in the archive of {}",
                names(lists)
            )
        }
        Posting::Held(lists) => {
            format!("250 2.0.0 held for the keepers of {}", names(lists))
        }
        Posting::NoArchive => "250 2.0.0 not kept, as it asks for itself".to_owned(),
        Posting::NoList => "550 5.1.1 no list has that address, and the mail names none".to_owned(),
        Posting::Loop => "554 5.4.6 it goes in circles: more than 100 Received fields".to_owned(),
        Posting::Full(why) => {
            log(&format!("a mail stays with its sender: {why}"));
            "452 4.3.1 the archive's disk is full; come again".to_owned()
        }
        Posting::Failed(why) => {
            log(&format!("a mail stays with its sender: {why}"));
            "451 4.3.0 it could not be kept; come again".to_owned()
        }
    }
}
