//! When storage fails, is slow, or a page is a bug.

use crate::situation::{Asked, archive};
use posthoc_archive::{Delivery, Store, deliver};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, Site};
use posthoc_core::query::Query;
use posthoc_core::route::ListName;
use posthoc_store::faulty::{FaultyStore, Kind};
use posthoc_store::memory::MemoryStore;
use posthoc_store::{
    Catalog, Generation, Guard, Hits, Index, IndexBatch, Journal, Packing, Record, Result, Search,
    Seq, Spool, StoreError,
};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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

/// A store that another process writes to: its journal knows of that when it is asked for its state.
struct Shared {
    inner: Arc<MemoryStore>,
    seen: AtomicU64,
}

impl Store for Shared {
    fn journal(&self) -> &dyn Journal {
        self
    }

    fn catalog(&self) -> &dyn Catalog {
        self.inner.catalog()
    }

    fn index(&self) -> &dyn Index {
        self.inner.index()
    }

    fn spool(&self) -> &dyn Spool {
        self.inner.spool()
    }

    fn lock(&self, wait: Duration) -> Result<Box<dyn Guard + '_>> {
        self.inner.lock(wait)
    }
}

impl Journal for Shared {
    fn generation(&self) -> Result<Generation> {
        let generation = self.inner.journal().generation()?;
        self.seen.store(generation.0, Ordering::SeqCst);
        Ok(generation)
    }

    fn append(&self, records: &[Record], packing: Packing) -> Result<Generation> {
        self.inner.journal().append(records, packing)
    }

    fn read(&self, seq: Seq) -> Result<Record> {
        if seq >= self.seen.load(Ordering::SeqCst) {
            return Err(StoreError::NoRecord(seq));
        }
        self.inner.journal().read(seq)
    }

    fn scan(&self, from: Seq, each: &mut dyn FnMut(Seq, Record) -> bool) -> Result<()> {
        self.inner.journal().scan(from, each)
    }

    fn replace(&self, records: &[(Seq, Record)]) -> Result<()> {
        self.inner.journal().replace(records)
    }

    fn verify(&self, damage: &mut dyn FnMut(StoreError)) -> Result<()> {
        self.inner.journal().verify(damage)
    }

    fn stored_bytes(&self) -> Result<u64> {
        self.inner.journal().stored_bytes()
    }
}

#[test]
fn what_another_process_takes_in_is_there_at_once() {
    let inner = archive(&["wherry"]);
    let shared = Shared {
        inner: Arc::clone(&inner),
        seen: AtomicU64::new(0),
    };
    let asked = site(Arc::new(shared));
    assert_eq!(asked.get("/wherry/2025-October/msg00000.html").status, 200);
    let list = ListName::new("wherry").unwrap();
    let mail =
        b"From: Dee <d@example.org>\nSubject: Four\nMessage-ID: <four@example.org>\n\nXylophone.\n";
    let limits = Limits::default();
    let done = deliver(&*inner, &list, mail, 1_763_600_000, &limits).unwrap();
    assert_eq!(done, Delivery::Archived);
    let found = asked.get("/search/?q=xylophone");
    assert_eq!(found.status, 200);
    assert!(found.text().contains("1 mail"));
    let page = asked.get("/wherry/2025-November/msg00004.html");
    assert_eq!(page.status, 200);
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
    fn generation(&self) -> Result<Generation> {
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

    fn count_also(&self, request: &Search<'_>, also: &[Query]) -> Result<Vec<u64>> {
        self.inner.index().count_also(request, also)
    }

    fn clear(&self) -> Result<()> {
        self.inner.index().clear()
    }

    fn scrub(&self) -> Result<()> {
        self.inner.index().scrub()
    }

    fn holds(&self, list: u32, number: u32) -> Result<bool> {
        self.inner.index().holds(list, number)
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
