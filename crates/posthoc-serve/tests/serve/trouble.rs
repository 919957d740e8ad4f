//! When storage fails, is slow, or a page is a bug.

use crate::situation::{Asked, archive};
use posthoc_archive::Store;
use posthoc_core::page::{Audience, Site};
use posthoc_store::faulty::{FaultyStore, Kind};
use posthoc_store::memory::MemoryStore;
use posthoc_store::{Catalog, Guard, Hits, Index, IndexBatch, Journal, Result, Search, Spool};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

fn site(store: Arc<dyn Store>) -> Asked {
    Asked::of(store, Site::default(), Audience::Public, "")
}

#[test]
fn a_dead_disk_is_a_page() {
    let store = Arc::new(FaultyStore::new(archive(&["wherry"]), 1, Kind::Crash));
    let asked = site(Arc::clone(&store) as Arc<dyn Store>);
    assert_eq!(asked.get("/wherry/").status, 200);
    assert!(store.lock(Duration::ZERO).is_err());
    for target in ["/", "/wherry/", "/unknown/", "/search/?q=x", "/nothing"] {
        let got = asked.get(target);
        assert_eq!(got.status, 500, "{target}");
        assert!(got.text().contains("Something went wrong"), "{target}");
        assert_eq!(got.header("cache-control"), "no-store");
        assert_eq!(got.header("etag"), "");
    }
}

/// A store whose searches wait until they are let go, and whose catalog panics when told to.
struct Odd {
    inner: Arc<MemoryStore>,
    free: Mutex<bool>,
    freed: Condvar,
    panics: AtomicBool,
}

impl Store for Odd {
    fn journal(&self) -> &dyn Journal {
        self.inner.journal()
    }

    fn catalog(&self) -> &dyn Catalog {
        assert!(!self.panics.load(Ordering::Relaxed), "a bug");
        self.inner.catalog()
    }

    fn index(&self) -> &dyn Index {
        self
    }

    fn spool(&self) -> &dyn Spool {
        self.inner.spool()
    }

    fn lock(&self, wait: Duration) -> Result<Box<dyn Guard + '_>> {
        self.inner.lock(wait)
    }
}

impl Index for Odd {
    fn generation(&self) -> Result<posthoc_store::Generation> {
        self.inner.index().generation()
    }

    fn writer(&self) -> Result<Box<dyn IndexBatch + '_>> {
        self.inner.index().writer()
    }

    fn search(&self, request: &Search<'_>) -> Result<Hits> {
        let free = self.free.lock().unwrap();
        drop(self.freed.wait_while(free, |free| !*free).unwrap());
        self.inner.index().search(request)
    }

    fn clear(&self) -> Result<()> {
        self.inner.index().clear()
    }

    fn stored_bytes(&self) -> Result<u64> {
        self.inner.index().stored_bytes()
    }
}

fn odd() -> Arc<Odd> {
    Arc::new(Odd {
        inner: archive(&["wherry"]),
        free: Mutex::new(false),
        freed: Condvar::new(),
        panics: AtomicBool::new(false),
    })
}

#[test]
fn a_bug_is_a_page_and_the_site_goes_on() {
    let odd = odd();
    let asked = site(Arc::clone(&odd) as Arc<dyn Store>);
    odd.panics.store(true, Ordering::Relaxed);
    // More often than there are turns: a bug gives its turn back.
    for _ in 0..100 {
        assert_eq!(asked.get("/wherry/").status, 500);
    }
    odd.panics.store(false, Ordering::Relaxed);
    assert_eq!(asked.get("/wherry/").status, 200);
}

#[test]
fn slow_searches_keep_nobody_from_reading() {
    let odd = odd();
    let asked = site(Arc::clone(&odd) as Arc<dyn Store>);
    std::thread::scope(|scope| {
        let searches: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| asked.get("/search/?q=heliotrope")))
            .collect();
        std::thread::sleep(Duration::from_millis(200));
        let started = Instant::now();
        for _ in 0..20 {
            assert_eq!(asked.get("/wherry/").status, 200);
        }
        assert!(started.elapsed() < Duration::from_secs(5));
        *odd.free.lock().unwrap() = true;
        odd.freed.notify_all();
        for search in searches {
            assert!(search.join().unwrap().text().contains("1 mail"));
        }
    });
}
