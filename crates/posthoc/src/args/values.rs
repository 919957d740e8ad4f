//! Values of flags.

use crate::config::nearest;
use crate::theme::FLUENT;
use posthoc_core::page::{BUILT_IN_STRINGS, BUILT_IN_TEMPLATES};
use posthoc_core::route::ListName;
use posthoc_serve::Listen;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Lists whose members read what is published; none for everybody.
#[derive(Clone, Debug)]
pub(crate) struct MembersOf(pub(crate) Vec<ListName>);

pub(super) fn bytes(text: &str) -> Result<(u64, u64), String> {
    let ends = text.split_once("..");
    ends.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)))
        .filter(|(from, to)| from < to)
        .ok_or_else(|| "write it as 1200..1260".to_owned())
}

pub(crate) fn listen(text: &str) -> Result<Listen, String> {
    if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
        return Ok(Listen::Unix(PathBuf::from(path)));
    }
    if let Some(name) = text.strip_prefix("passed:").filter(|name| !name.is_empty()) {
        return Ok(Listen::Passed(name.to_owned()));
    }
    let local = text.strip_prefix("localhost:").unwrap_or(text);
    local
        .parse::<SocketAddr>()
        .or_else(|_| {
            local
                .parse::<u16>()
                .map(|port| (Ipv4Addr::LOCALHOST, port).into())
        })
        .map(Listen::Tcp)
        .map_err(|_| {
            "write it as 127.0.0.1:8025, 8025, unix:/run/posthoc/http or passed:http".to_owned()
        })
}

/// A built-in template's name.
pub(super) fn template(text: &str) -> Result<String, String> {
    let strings = BUILT_IN_STRINGS.map(|(language, _)| format!("{language}{FLUENT}"));
    let templates = BUILT_IN_TEMPLATES.iter().map(|(name, _)| *name);
    let known: Vec<&str> = templates
        .chain(strings.iter().map(String::as_str))
        .collect();
    match known.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(nearest::unknown("template", text, &known)),
    }
}

/// A place that only this machine reaches: whoever connects there may put mail into every list.
pub(crate) fn lmtp(text: &str) -> Result<Listen, String> {
    match listen(text) {
        Ok(Listen::Tcp(at)) if !at.ip().is_loopback() => {
            Err("LMTP is for this machine alone: 127.0.0.1:24 or unix:/run/posthoc/lmtp".to_owned())
        }
        Ok(place) => Ok(place),
        Err(_) => {
            Err("write it as unix:/run/posthoc/lmtp, passed:lmtp, 127.0.0.1:24 or 24".to_owned())
        }
    }
}

pub(super) fn audience(text: &str) -> Result<MembersOf, String> {
    if text == "public" {
        return Ok(MembersOf(Vec::new()));
    }
    let lists = text
        .strip_prefix("members:")
        .ok_or("write members:LIST,LIST or public")?;
    let names: Result<Vec<ListName>, String> = lists.split(',').map(list_name).collect();
    names.map(MembersOf)
}

pub(super) fn list_name(name: &str) -> Result<ListName, String> {
    ListName::new(name).ok_or_else(|| {
        "not a list's name: use a-z 0-9 . _ + -, up to 200, and no reserved word such as search"
            .to_owned()
    })
}
