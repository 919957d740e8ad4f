//! How many connections each neighbourhood of addresses has: none gets all places.

use crate::gate::{Network, neighbourhood};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Of the places, the part that one neighbourhood may have.
const PART: usize = 8;

/// Connections by neighbourhood; no more entries than there are connections.
pub(crate) struct Crowd {
    most: usize,
    here: Mutex<HashMap<IpAddr, usize>>,
}

/// A place in the crowd; given back when dropped.
pub(crate) struct Among {
    crowd: Arc<Crowd>,
    hood: Option<IpAddr>,
}

impl Crowd {
    /// For so many places.
    pub(crate) fn new(places: usize) -> Self {
        Crowd {
            most: (places / PART).max(16),
            here: Mutex::default(),
        }
    }

    /// Lets one in, unless its neighbourhood has its part already. Proxies speak for many and may have
    /// all; one on this machine comes over a socket or from the machine's own first address.
    pub(crate) fn enter(
        self: &Arc<Self>,
        address: Option<IpAddr>,
        proxies: &[Network],
    ) -> Option<Among> {
        let own = |address: &IpAddr| {
            *address == IpAddr::from(Ipv4Addr::LOCALHOST)
                || *address == IpAddr::from(Ipv6Addr::LOCALHOST)
                || proxies.iter().any(|proxies| proxies.holds(*address))
        };
        let hood = address.filter(|address| !own(address)).map(neighbourhood);
        if let Some(hood) = hood {
            let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
            let count = here.entry(hood).or_insert(0);
            if *count >= self.most {
                return None;
            }
            *count += 1;
        }
        Some(Among {
            crowd: Arc::clone(self),
            hood,
        })
    }
}

impl Drop for Among {
    fn drop(&mut self) {
        let Some(hood) = self.hood else { return };
        let mut here = self
            .crowd
            .here
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = here.get_mut(&hood) {
            *count -= 1;
            if *count == 0 {
                here.remove(&hood);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_part_for_each() {
        let crowd = Arc::new(Crowd::new(256));
        let nets: Vec<Network> = vec!["198.51.100.0/24".parse().unwrap()];
        let enter = |text: &str| crowd.enter(Some(text.parse().unwrap()), &nets);
        let mut inside: Vec<_> = (0..32).map(|n| enter(&format!("192.0.2.{n}"))).collect();
        assert!(inside.iter().all(Option::is_some));
        assert!(enter("192.0.2.99").is_none() && enter("192.0.3.99").is_some());
        assert!((0..100).all(|_| enter("127.0.0.1").is_some() && crowd.enter(None, &[]).is_some()));
        let proxies: Vec<_> = (0..100).map(|_| enter("198.51.100.1")).collect();
        assert!(proxies.iter().all(Option::is_some));
        inside.pop();
        assert!(enter("192.0.2.99").is_some());
        inside.clear();
        assert!(crowd.here.lock().unwrap().is_empty());
    }
}
