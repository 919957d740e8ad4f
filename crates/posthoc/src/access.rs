//! Who may come in, as the configuration says.

use crate::config::key::Table;
use crate::config::{Config, SIGNED_IN};
use crate::exit::{Exit, Failure};
use posthoc_core::route::ListName;
use posthoc_serve::{Access, ListAccess, Members, Rate, RequestLog, check_accounts};
use std::path::Path;

/// What the configuration says of people and rates.
///
/// # Errors
/// A file of accounts that is not there or has a line that cannot be used: whoever starts a server
/// with it is told, and no member finds out.
pub(crate) fn access(config: &Config) -> Result<Access, Failure> {
    let serve = &config.serve;
    let rate = |name| {
        let per_minute = config.whole(Table::Serve, name);
        let per_minute = u32::try_from(per_minute).unwrap_or(u32::MAX);
        Rate {
            burst: per_minute,
            per_minute,
        }
    };
    let text = |name| serve.text(name).map(str::to_owned);
    let list = |name: &ListName, own: &crate::config::Settings| ListAccess {
        list: name.clone(),
        htpasswd: own.path("htpasswd"),
        members: members(config, name),
    };
    // The table has checked them.
    let networks = |name| {
        let texts = serve.texts(name).unwrap_or_default();
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    };
    let access = Access {
        trusted_proxies: networks("trusted_proxies"),
        user_header: text("user_header"),
        address_header: text("address_header").unwrap_or_else(|| Access::default().address_header),
        htpasswd: serve.path("htpasswd"),
        lists: config
            .lists
            .iter()
            .map(|(name, own)| list(name, own))
            .collect(),
        hosts: serve.texts("hosts").unwrap_or_default().to_vec(),
        search_rate: rate("searches_per_minute"),
        download_rate: rate("downloads_per_minute"),
        operators: networks("metrics_from"),
        log: match serve.text("log") {
            Some("requests") => RequestLog::Requests,
            Some("addresses") => RequestLog::Addresses,
            _ => RequestLog::None,
        },
    };
    let own = access
        .lists
        .iter()
        .filter_map(|list| list.htpasswd.as_ref());
    for file in access.htpasswd.iter().chain(own) {
        usable(file)?;
    }
    Ok(access)
}

fn members(config: &Config, name: &ListName) -> Option<Members> {
    let found = config.found(Some(name), "members")?;
    Some(match found.text() {
        Some(SIGNED_IN) => Members::SignedIn,
        _ => Members::File(found.path()?),
    })
}

fn usable(file: &Path) -> Result<(), Failure> {
    match check_accounts(file) {
        Ok(()) => Ok(()),
        Err(why) => Err(Failure::new(
            Exit::Config,
            format!(
                "{0}: {why}; `posthoc passwd {0} NAME` sets a password",
                file.display()
            ),
        )),
    }
}
