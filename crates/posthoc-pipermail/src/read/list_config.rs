//! A Mailman 2 list's settings, as far as its archive needs them.

use super::pickle::{self, Node, Pickle};
use super::python::{self, Value};
use crate::language::Language;
use posthoc_core::text::Frequency;

/// What is taken of a list's settings. No password is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListConfig {
    /// `real_name`
    pub real_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `host_name`, of its address.
    pub host_name: Option<String>,
    /// `web_page_url`, with a slash at its end.
    pub web_page_url: Option<String>,
    /// `preferred_language`, Mailman's code.
    pub preferred_language: Option<String>,
    /// `subject_prefix`
    pub subject_prefix: Option<String>,
    /// `archive_private`
    pub archive_private: Option<bool>,
    /// `advertised`
    pub advertised: Option<bool>,
    /// `archive_volume_frequency`
    pub frequency: Option<Frequency>,
    /// Addresses of those who subscribe, to single mails and to digests; sorted.
    pub members: Vec<String>,
}

/// By Mailman's number.
fn frequency(number: i64) -> Option<Frequency> {
    Some(match number {
        0 => Frequency::Yearly,
        1 => Frequency::Monthly,
        2 => Frequency::Quarterly,
        3 => Frequency::Weekly,
        4 => Frequency::Daily,
        _ => return None,
    })
}

impl ListConfig {
    /// Reads `config.pck`.
    ///
    /// # Errors
    /// Where it is no pickle of Python 2, or passes the limits.
    pub fn of_pickle(bytes: &[u8], limits: &pickle::Limits) -> Result<Self, pickle::Error> {
        let pickle = Pickle::read(bytes, limits)?;
        let value = |name: &str| match pickle.setting(name)? {
            Node::Bool(on) => Some(Value::Bool(*on)),
            Node::Int(number) => Some(Value::Int(*number)),
            Node::Float(number) => Some(Value::Int(*number as i64)),
            Node::Bytes(bytes) => Some(Value::Bytes(bytes.clone())),
            Node::Text(text) => Some(Value::Bytes(text.as_bytes().to_vec())),
            _ => None,
        };
        let mut members = Vec::new();
        for name in ["members", "digest_members"] {
            if let Some(Node::Dict(entries)) = pickle.setting(name) {
                members.extend(
                    entries
                        .iter()
                        .filter_map(|(key, _)| match pickle.node(*key) {
                            Node::Bytes(address) => address_of(address),
                            Node::Text(address) => address_of(address.as_bytes()),
                            _ => None,
                        }),
                );
            }
        }
        Ok(Self::of(value, members))
    }

    /// Reads what `config_list -o` wrote. It does not tell who subscribes.
    pub fn of_config_list(text: &[u8]) -> Self {
        let found = python::assignments(text);
        Self::of(|name| found.get(name).cloned(), Vec::new())
    }

    fn of(value: impl Fn(&str) -> Option<Value>, mut members: Vec<String>) -> Self {
        members.sort();
        members.dedup();
        let bytes = |name: &str| match value(name) {
            Some(Value::Bytes(bytes)) => Some(bytes),
            _ => None,
        };
        let language = bytes("preferred_language").and_then(|code| String::from_utf8(code).ok());
        let known = language.as_deref().and_then(Language::named);
        let charset = known.unwrap_or(Language::English);
        // Mailman's strings are in the charset of the list's language; newer ones often in UTF-8.
        let text = |name: &str| {
            bytes(name).map(|bytes| match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => charset.decoded(error.as_bytes()),
            })
        };
        let number = |name: &str| match value(name) {
            Some(Value::Int(number)) => Some(number),
            Some(Value::Bool(on)) => Some(i64::from(on)),
            _ => None,
        };
        let line = |name: &str| text(name).map(|text| one_line(&text));
        ListConfig {
            real_name: line("real_name"),
            description: line("description"),
            host_name: line("host_name"),
            web_page_url: line("web_page_url"),
            subject_prefix: line("subject_prefix"),
            archive_private: number("archive_private").map(|number| number != 0),
            advertised: number("advertised").map(|number| number != 0),
            frequency: number("archive_volume_frequency").and_then(frequency),
            preferred_language: language,
            members,
        }
    }
}

/// Text without ends of lines and other control characters.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn address_of(bytes: &[u8]) -> Option<String> {
    let address = std::str::from_utf8(bytes).ok()?;
    let plain = address.len() <= 254
        && address.contains('@')
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#');
    plain.then(|| address.to_ascii_lowercase())
}

/// What `mm_cfg.py` says of all archives of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteConfig {
    /// `PUBLIC_MBOX`
    pub public_mbox: Option<bool>,
    /// `ARCHIVER_OBSCURES_EMAILADDRS`
    pub obscures: Option<bool>,
    /// `ARCHIVE_HTML_SANITIZER`; a shell command there is not taken.
    pub html_sanitizer: Option<i64>,
    /// `SCRUBBER_USE_ATTACHMENT_FILENAME`, or the older `SCRUBBER_DONT_USE_ATTACHMENT_FILENAME` denied.
    pub attachment_names: Option<bool>,
}

impl SiteConfig {
    /// Reads `mm_cfg.py`: its plain assignments; code in it is passed over.
    pub fn of_mm_cfg(text: &[u8]) -> Self {
        let found = python::assignments(text);
        let switch = |name: &str| match found.get(name)? {
            Value::Bool(on) => Some(*on),
            Value::Int(number) => Some(*number != 0),
            _ => None,
        };
        SiteConfig {
            public_mbox: switch("PUBLIC_MBOX"),
            obscures: switch("ARCHIVER_OBSCURES_EMAILADDRS"),
            html_sanitizer: match found.get("ARCHIVE_HTML_SANITIZER") {
                Some(Value::Int(number)) => Some(*number),
                _ => None,
            },
            attachment_names: switch("SCRUBBER_USE_ATTACHMENT_FILENAME").or_else(|| {
                switch("SCRUBBER_DONT_USE_ATTACHMENT_FILENAME").map(|without| !without)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_list_is_read_and_passwords_are_not() {
        let config = ListConfig::of_config_list(
            b"# -*- python -*-\n## \"keepers\" mailing list configuration\nreal_name = 'Keepers'\n\
              description = \"\"\"Those who keep\nthe light\"\"\"\nadvertised = True\n\
              archive_private = 1L\narchive_volume_frequency = 2\nhost_name = 'lists.example.org'\n\
              mod_password = 'b1946ac92492d2347c6235b4d2611184'\nsubject_prefix = '[Keepers %d] '\n",
        );
        assert_eq!(config.real_name.as_deref(), Some("Keepers"));
        assert_eq!(
            config.description.as_deref(),
            Some("Those who keep the light")
        );
        assert_eq!(config.archive_private, Some(true));
        assert_eq!(config.frequency, Some(Frequency::Quarterly));
        assert!(!format!("{config:?}").contains("b1946ac9"), "{config:?}");
    }

    #[test]
    fn mm_cfg_is_read_without_running_it() {
        let site = SiteConfig::of_mm_cfg(
            b"from Defaults import *\nPUBLIC_MBOX = Yes\nARCHIVE_HTML_SANITIZER = 2\n\
              ARCHIVER_OBSCURES_EMAILADDRS = No\nadd_virtualhost(DEFAULT_URL_HOST)\n",
        );
        assert_eq!(site.public_mbox, Some(true));
        assert_eq!(site.obscures, Some(false));
        assert_eq!(site.html_sanitizer, Some(2));
        let command =
            SiteConfig::of_mm_cfg(b"ARCHIVE_HTML_SANITIZER = '/usr/bin/lynx -dump %(filename)s'\n");
        assert_eq!(command.html_sanitizer, None);
    }
}
