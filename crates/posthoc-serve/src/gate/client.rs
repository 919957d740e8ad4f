//! Where a request comes from, and what of that is believed.

use super::settings::Access;
use axum::http::HeaderMap;
use std::net::IpAddr;

/// Addresses in a header that are looked at, from its end.
const MOST_HOPS: usize = 32;
/// Bytes of the longest name that a proxy may give.
const LONGEST_NAME: usize = 254;

/// The other end of a connection; the door adds it to each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// An address.
    At(IpAddr),
    /// A process of this machine that may open our socket: a proxy.
    Socket,
}

/// Who asks, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// None when a proxy does not say.
    pub(crate) address: Option<IpAddr>,
    /// The name that a trusted proxy gives.
    pub(crate) user: Option<String>,
    /// It comes from this machine, or from where operators are, through no proxy.
    pub(crate) from_here: bool,
}

impl Client {
    pub(crate) fn read(access: &Access, peer: Option<Peer>, headers: &HeaderMap) -> Self {
        let listed = |address| access.trusted_proxies.iter().any(|net| net.holds(address));
        let trusted = match peer {
            Some(Peer::Socket) => true,
            Some(Peer::At(address)) => listed(address),
            None => false,
        };
        let (direct, passes_on) = match peer {
            Some(Peer::Socket) => (None, true),
            Some(Peer::At(address)) => {
                let address = address.to_canonical();
                (Some(address), trusted || address.is_loopback())
            }
            None => (None, false),
        };
        let hops = passes_on.then(|| hops(&access.address_header, headers));
        let forwarded = hops.is_some_and(|hops| hops.present);
        let address = match hops {
            Some(hops) if hops.present => hops.client(&listed),
            // A proxy that does not say whom it speaks for speaks for everybody.
            Some(_) if trusted => None,
            _ => direct,
        };
        Client {
            address,
            user: if trusted { user(access, headers) } else { None },
            from_here: !forwarded
                && (peer == Some(Peer::Socket) || direct.is_some_and(|at| is_operator(access, at))),
        }
    }
}

fn is_operator(access: &Access, address: IpAddr) -> bool {
    address.is_loopback() || access.operators.iter().any(|net| net.holds(address))
}

/// The name in the proxy's header. Two names are none: one of them is the client's own.
fn user(access: &Access, headers: &HeaderMap) -> Option<String> {
    let name = access.user_header.as_deref()?;
    let mut values = headers.get_all(name).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let name = std::str::from_utf8(value.as_bytes()).ok()?.trim();
    let fit = !name.is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control);
    fit.then(|| name.to_owned())
}

/// The end of a chain of addresses, the last first.
#[derive(Clone, Copy)]
struct Hops {
    present: bool,
    addresses: [Option<IpAddr>; MOST_HOPS],
}

impl Hops {
    /// The last that no proxy of ours is: whatever stands before it, the client may have made up.
    fn client(self, listed: &impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
        for hop in self.addresses {
            let address = hop?.to_canonical();
            if !listed(address) {
                return Some(address);
            }
        }
        None
    }
}

fn hops(header: &str, headers: &HeaderMap) -> Hops {
    let mut hops = Hops {
        present: false,
        addresses: [None; MOST_HOPS],
    };
    let values = headers.get_all(header).iter().rev();
    let entries = values.flat_map(|value| {
        let text = value.to_str().unwrap_or("?");
        text.rsplit(',').map(str::trim)
    });
    for (place, entry) in hops.addresses.iter_mut().zip(entries) {
        hops.present = true;
        *place = address(entry);
    }
    hops
}

/// An address as proxies write it: with or without a port, IPv6 perhaps in brackets.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = match entry
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((inner, _)) => inner,
        None => entry,
    };
    let with_port = || bare.parse::<std::net::SocketAddr>().ok().map(|at| at.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn access() -> Access {
        Access {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            user_header: Some("X-Remote-User".to_owned()),
            ..Access::default()
        }
    }

    fn read(peer: &str, headers: &[(&str, &str)]) -> Client {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        let peer = match peer {
            "socket" => Peer::Socket,
            address => Peer::At(address.parse().unwrap()),
        };
        Client::read(&access(), Some(peer), &map)
    }

    #[test]
    fn only_trusted_proxies_give_names() {
        let ada = ("x-remote-user", "ada");
        for (peer, headers, user) in [
            ("socket", vec![ada], Some("ada")),
            ("10.1.2.3", vec![ada], Some("ada")),
            ("::ffff:10.1.2.3", vec![ada], Some("ada")),
            ("127.0.0.1", vec![ada], None),
            ("192.0.2.1", vec![ada], None),
            ("socket", vec![ada, ("x-remote-user", "grace")], None),
            ("socket", vec![("x-remote-user", "")], None),
            ("socket", vec![("x_remote_user", "ada")], None),
            ("socket", vec![], None),
        ] {
            assert_eq!(
                read(peer, &headers).user.as_deref(),
                user,
                "{peer} {headers:?}"
            );
        }
    }

    #[test]
    fn addresses_are_those_that_a_proxy_saw() {
        let table: [(&str, &[&str], Option<&str>); 14] = [
            ("192.0.2.1", &[], Some("192.0.2.1")),
            ("192.0.2.1", &["203.0.113.1"], Some("192.0.2.1")),
            ("127.0.0.1", &[], Some("127.0.0.1")),
            ("127.0.0.1", &["203.0.113.1"], Some("203.0.113.1")),
            ("10.0.0.1", &[], None),
            ("10.0.0.1", &["203.0.113.1"], Some("203.0.113.1")),
            (
                "10.0.0.1",
                &["198.51.100.1, 203.0.113.1"],
                Some("203.0.113.1"),
            ),
            ("10.0.0.1", &["203.0.113.1, 10.0.0.2"], Some("203.0.113.1")),
            (
                "10.0.0.1",
                &["198.51.100.1", "203.0.113.1"],
                Some("203.0.113.1"),
            ),
            ("10.0.0.1", &["203.0.113.1:5555"], Some("203.0.113.1")),
            ("socket", &["[2001:db8::1]:5555"], Some("2001:db8::1")),
            ("socket", &["2001:db8::1"], Some("2001:db8::1")),
            ("socket", &["203.0.113.1, unknown"], None),
            ("socket", &["10.0.0.1"], None),
        ];
        for (peer, values, address) in table {
            let headers: Vec<(&str, &str)> = values
                .iter()
                .map(|value| ("x-forwarded-for", *value))
                .collect();
            let address: Option<IpAddr> = address.map(|text| text.parse().unwrap());
            assert_eq!(read(peer, &headers).address, address, "{peer} {values:?}");
        }
        let long = ["10.0.0.1"; 100].join(",");
        assert_eq!(read("socket", &[("x-forwarded-for", &long)]).address, None);
    }

    #[test]
    fn from_here_is_through_no_proxy() {
        let through = [("x-forwarded-for", "203.0.113.1")];
        assert!(read("127.0.0.1", &[]).from_here && read("socket", &[]).from_here);
        assert!(!read("127.0.0.1", &through).from_here && !read("socket", &through).from_here);
        assert!(!read("192.0.2.1", &[]).from_here && !read("10.0.0.1", &[]).from_here);
    }
}
