//! An archive in memory, a site in front of it, and one request at a time.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use posthoc_archive::{ImportOptions, Store, import, source::Split};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, Site};
use posthoc_core::route::ListName;
use posthoc_serve::Access;
use posthoc_store::memory::MemoryStore;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// 2025-11-20
const NOW: i64 = 1_763_600_000;

/// A short list whose second mail begins a thread of its own until the third joins it to the first,
/// which leaves its old name as an alias; with a picture and a script as attachments, and an id twice.
const SMALL: &str = "\
From a@example.org Mon Oct  6 07:12:14 2025
From: Ada <a@example.org>
Subject: One
Date: Mon, 6 Oct 2025 07:12:14 +0000
Message-ID: <one@example.org>

One.

From b@example.org Mon Oct  6 08:12:14 2025
From: Bob <b@example.org>
Subject: Re: Two
Date: Mon, 6 Oct 2025 09:12:14 +0000
Message-ID: <three@example.org>
In-Reply-To: <two@example.org>

Three.

From a@example.org Mon Oct  6 09:12:14 2025
From: Ada <a@example.org>
Subject: Two
Date: Mon, 6 Oct 2025 08:12:14 +0000
Message-ID: <two@example.org>
In-Reply-To: <one@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

Two, with files. Heliotrope.
--x
Content-Type: image/gif; name=dot.gif
Content-Transfer-Encoding: base64

R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==
--x
Content-Type: text/html; name=evil.html
Content-Disposition: attachment; filename=evil.html

<script>alert(1)</script>
--x--

From c@example.org Sat Nov  1 09:12:14 2025
From: Cy <c@example.org>
Subject: One again
Date: Sat, 1 Nov 2025 09:12:14 +0000
Message-ID: <one@example.org>

Another mail of the same name.

";

/// A folder of sources.
pub(crate) fn corpus_lists() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/lists")
}

/// An archive with lists from our corpus and the wherry one, those that are named public.
pub(crate) fn archive(public: &[&str]) -> Arc<MemoryStore> {
    let store = MemoryStore::new();
    let folder = tempfile::tempdir().unwrap();
    let wherry = folder.path().join("wherry.mbox");
    std::fs::write(&wherry, SMALL).unwrap();
    let sources = [
        ("wherry", wherry),
        ("town-hall", corpus_lists().join("town-hall.mbox")),
        ("keepers", corpus_lists().join("lighthouse-keepers.mbox")),
    ];
    for (name, path) in sources {
        let options = ImportOptions {
            list: ListName::new(name),
            public: public.contains(&name),
            site: Site::default(),
            kind: None,
            split: Split::default(),
            range: None,
            numbers: None,
            as_mhonarc: None,
            index: true,
            dry_run: false,
            honour_no_archive: false,
            now: NOW,
            limits: Limits::default(),
        };
        import(&store, &[path], &options, &mut |_| {}).unwrap();
    }
    Arc::new(store)
}

/// A site and a runtime to ask it on.
pub(crate) struct Asked {
    runtime: Runtime,
    router: TowerToHyperService<Router>,
}

/// What a site answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Got {
    /// A header as text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }
}

impl Asked {
    pub(crate) fn of(store: Arc<dyn Store>, site: Site, audience: Audience, prefix: &str) -> Self {
        Asked::with(store, site, audience, prefix, Access::default())
    }

    pub(crate) fn with(
        store: Arc<dyn Store>,
        site: Site,
        audience: Audience,
        prefix: &str,
        access: Access,
    ) -> Self {
        let limits = Limits::default();
        let router = posthoc_serve::router(store, site, limits, audience, prefix, access).unwrap();
        Asked {
            runtime: Runtime::new().unwrap(),
            router: TowerToHyperService::new(router),
        }
    }

    /// The public site of an archive with those lists public.
    pub(crate) fn public(lists: &[&str]) -> Self {
        Asked::of(archive(lists), Site::default(), Audience::Public, "")
    }

    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Got {
        self.send(method, target, headers, Body::empty())
    }

    pub(crate) fn post(&self, target: &str, headers: &[(&str, &str)], body: &str) -> Got {
        self.send("POST", target, headers, Body::from(body.to_owned()))
    }

    fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: Body) -> Got {
        let mut request = Request::builder().method(method).uri(target);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        self.runtime.block_on(async {
            let response = self.router.call(request).await.unwrap();
            let (parts, body) = response.into_parts();
            Got {
                status: parts.status,
                headers: parts.headers,
                bytes: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
            }
        })
    }

    pub(crate) fn get(&self, target: &str) -> Got {
        self.ask("GET", target, &[])
    }
}
