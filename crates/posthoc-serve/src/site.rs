//! The site as a function from request to response.

use crate::ServeError;
use crate::ask::{self, Ask, Words};
use crate::current::{Current, Reloaded};
use crate::lanes::Lanes;
use crate::log;
use crate::names::Names;
use crate::reply::{Reply, Wants, bare, respond};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response, StatusCode, Uri, header};
use posthoc_archive::{
    Answer, Reader, Result, SearchRequest, Settings, Status, Store, Trouble, trouble,
};
use posthoc_core::message::{Limits, MessageId};
use posthoc_core::page::{Audience, OwnLayout, Page, Site};
use posthoc_core::query::Query;
use posthoc_core::route::{Export, ListName, Route};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Says that a request comes from this machine; the door adds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromHere;

/// Everything that an answer is made of.
pub(crate) struct App {
    store: Arc<dyn Store>,
    site: Site,
    layout: OwnLayout,
    limits: Limits,
    audience: Audience,
    prefix: String,
    lanes: Arc<Lanes>,
    failed: Page,
    busy: Page,
}

/// The site for one audience, as a service: any method, any path. `path_prefix` is as in
/// [`ServeOptions`](crate::ServeOptions). Takes nothing in; needs a tokio runtime with time.
///
/// # Errors
/// A template of the site that cannot be used.
pub fn router(
    store: Arc<dyn Store>,
    site: Site,
    limits: Limits,
    audience: Audience,
    path_prefix: &str,
) -> std::result::Result<Router, ServeError> {
    let app = App::new(store, site, limits, audience, path_prefix)?;
    Ok(router_of(Current::new(app)))
}

/// The site as it is currently.
pub(crate) fn router_of(current: Current) -> Router {
    Router::new().fallback(answer).with_state(current)
}

impl App {
    /// The site for one audience.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        site: Site,
        limits: Limits,
        audience: Audience,
        path_prefix: &str,
    ) -> std::result::Result<Self, ServeError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let fresh = Reloaded {
            site,
            limits,
            path_prefix: path_prefix.to_owned(),
        };
        App::of(store, audience, Arc::new(Lanes::new(cores)), fresh)
    }

    /// The same site with other settings; what is under way in its lanes counts for both.
    pub(crate) fn with(&self, fresh: Reloaded) -> std::result::Result<Self, ServeError> {
        let (store, lanes) = (Arc::clone(&self.store), Arc::clone(&self.lanes));
        App::of(store, self.audience.clone(), lanes, fresh)
    }

    fn of(
        store: Arc<dyn Store>,
        audience: Audience,
        lanes: Arc<Lanes>,
        fresh: Reloaded,
    ) -> std::result::Result<Self, ServeError> {
        let Reloaded {
            site,
            limits,
            path_prefix,
        } = fresh;
        let layout = OwnLayout::new(&site)?;
        let settings = Settings {
            site: &site,
            layout: &layout,
            limits: &limits,
        };
        let failed = trouble(&settings, Trouble::Failed);
        let busy = trouble(&settings, Trouble::Busy);
        Ok(App {
            store,
            site,
            layout,
            limits,
            audience,
            prefix: match path_prefix.trim_matches('/') {
                "" => String::new(),
                prefix => format!("/{prefix}"),
            },
            lanes,
            failed,
            busy,
        })
    }

    /// What one mail may cost.
    pub(crate) fn limits(&self) -> Limits {
        self.limits.clone()
    }
}

/// Answers one request.
async fn answer(State(current): State<Current>, request: Request) -> Response<Body> {
    let app = current.now();
    let (parts, _) = request.into_parts();
    let wants = Wants::read(&parts.method, &parts.headers);
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return bare(StatusCode::METHOD_NOT_ALLOWED, "", &wants);
    }
    let host = parts.headers.get(header::HOST);
    if app.audience != Audience::Public && host.is_some_and(|host| !app.names().is_here(host)) {
        return bare(StatusCode::MISDIRECTED_REQUEST, "", &wants);
    }
    let ask = match ask::read(&parts.uri, &app.prefix) {
        Ask::Health if parts.extensions.get::<FromHere>().is_some() => {
            return bare(StatusCode::OK, "ok\n", &wants);
        }
        Ask::Health => Ask::Nothing,
        Ask::Robots => return bare(StatusCode::OK, app.robots(), &wants),
        ask => ask,
    };
    let host = host.and_then(|host| host.to_str().ok()).map(str::to_owned);
    let asked = Asked {
        host,
        uri: parts.uri,
    };
    let made = work(&app, ask, asked, wants.clone()).await;
    made.unwrap_or_else(|why| respond(app.sorry(why), &wants, None))
}

/// Where a request came to.
struct Asked {
    uri: Uri,
    host: Option<String>,
}

/// Has the answer made where waiting for storage holds up nobody.
async fn work(
    app: &Arc<App>,
    ask: Ask,
    asked: Asked,
    wants: Wants,
) -> std::result::Result<Response<Body>, Trouble> {
    let lane = app.lanes.of(&ask).clone();
    let turn = lane.turn().await.ok_or(Trouble::Busy)?;
    let path = asked.uri.path().to_owned();
    let work = {
        let app = Arc::clone(app);
        // The turn is held to the end of the work, also when nobody waits for it any more.
        tokio::task::spawn_blocking(move || {
            let answer = app.answer(ask, &asked, &wants);
            drop(turn);
            answer
        })
    };
    match tokio::time::timeout(lane.patience, work).await {
        Ok(Ok(answer)) => answer,
        // What panicked has said so itself, but not for which page.
        Ok(Err(_)) => {
            log(&format!("{path:?}: this page is a bug"));
            Err(Trouble::Failed)
        }
        Err(_) => {
            log(&format!("{path:?}: took too long"));
            Err(Trouble::Busy)
        }
    }
}

impl App {
    fn answer(
        &self,
        ask: Ask,
        asked: &Asked,
        wants: &Wants,
    ) -> std::result::Result<Response<Body>, Trouble> {
        let heavy = ask.is_heavy();
        let reply = self.reply(ask, asked).map_err(|error| {
            log(&format!("{:?}: {error}", asked.uri.path()));
            Trouble::Failed
        })?;
        let room = match heavy {
            true => Some(
                self.lanes
                    .room(reply.page.bytes.len())
                    .ok_or(Trouble::Busy)?,
            ),
            false => None,
        };
        Ok(respond(reply, wants, room))
    }

    fn reply(&self, ask: Ask, asked: &Asked) -> Result<Reply> {
        let uri = &asked.uri;
        let settings = Settings {
            site: &self.site,
            layout: &self.layout,
            limits: &self.limits,
        };
        let reader = Reader::new(&*self.store, &settings, self.audience.clone())?;
        match ask {
            Ask::Page(route) => {
                let live = route.export() == Export::Live;
                Ok(self.page(reader.answer(&route)?, live, uri))
            }
            Ask::Folder(route) => {
                let reply = self.page(reader.answer(&route)?, false, uri);
                Ok(self.folder(reply, uri))
            }
            Ask::Search(list, words) => self.search(&reader, list, words, asked),
            Ask::Nothing | Ask::Health | Ask::Robots => {
                let mut answer = reader.answer(&Route::NotFound)?;
                answer.status = Status::NotFound;
                Ok(self.page(answer, false, uri))
            }
        }
    }

    /// An answer as it is sent. What has moved is a redirect where only the server knows it; a page
    /// that a static site has too is the same bytes here, and names its place.
    fn page(&self, answer: Answer, live: bool, uri: &Uri) -> Reply {
        let Answer { page, status } = answer;
        let (status, to) = match status {
            Status::Found => (StatusCode::OK, None),
            Status::Renamed(to) => (StatusCode::MOVED_PERMANENTLY, Some(to)),
            Status::Moved(to) if live => (StatusCode::MOVED_PERMANENTLY, Some(to)),
            Status::Moved(to) => (StatusCode::OK, Some(to)),
            Status::NotFound => (StatusCode::NOT_FOUND, None),
            Status::Gone => (StatusCode::GONE, None),
        };
        let link = to.map(|to| match (&to, uri.query()) {
            (Route::Search(_), Some(query)) => format!("{}?{query}", self.link(uri, &to)),
            _ => self.link(uri, &to),
        });
        let (location, canonical) = match status {
            StatusCode::OK => (None, link),
            _ => (link, None),
        };
        Reply {
            status,
            page,
            location,
            canonical,
            public: self.audience == Audience::Public,
        }
    }

    /// Sends the reader of a folder's page to the folder.
    fn folder(&self, mut reply: Reply, uri: &Uri) -> Reply {
        if reply.status != StatusCode::OK {
            return reply;
        }
        // The page's links would not hold from here.
        reply.page.bytes.clear();
        let mut location = format!("./{}/", ask::last_segment(uri));
        if let (Route::Search(_), Some(query)) = (&reply.page.route, uri.query()) {
            location.push('?');
            location.push_str(query);
        }
        Reply {
            status: StatusCode::MOVED_PERMANENTLY,
            location: Some(location),
            canonical: None,
            ..reply
        }
    }

    fn search(
        &self,
        reader: &Reader<'_>,
        list: Option<ListName>,
        words: Words,
        asked: &Asked,
    ) -> Result<Reply> {
        if let Some(reply) = self.pasted(reader, list.as_ref(), &words.query, asked)? {
            return Ok(reply);
        }
        let request = SearchRequest {
            query: words.query,
            lists: Vec::new(),
            order: words.order,
            offset: words.offset,
            limit: 0,
            now: now(),
        };
        let answer = match reader.search_answer(list.as_ref(), &request)? {
            Some(answer) => answer,
            // Not there, or there under another name.
            None => reader.answer(&Route::Search(list))?,
        };
        Ok(self.page(answer, false, &asked.uri))
    }

    /// A pasted Message-ID, or a URL of this site, leads straight to its page when there is one.
    fn pasted(
        &self,
        reader: &Reader<'_>,
        list: Option<&ListName>,
        query: &str,
        asked: &Asked,
    ) -> Result<Option<Reply>> {
        let route = match self.names().route(query.trim(), asked.host.as_deref()) {
            Some(route) => Some(route),
            None => Query::parse(query).ok().and_then(|query| {
                let id = MessageId(query.message_id()?.to_owned());
                Some(Route::Mid(list.cloned(), id))
            }),
        };
        let Some(route) = route else { return Ok(None) };
        let Answer { mut page, status } = reader.answer(&route)?;
        page.bytes.clear();
        let to = match status {
            Status::Found => route,
            Status::Moved(to) | Status::Renamed(to) => to,
            Status::NotFound | Status::Gone => return Ok(None),
        };
        Ok(Some(Reply {
            status: StatusCode::FOUND,
            page,
            location: Some(self.link(&asked.uri, &to)),
            canonical: None,
            public: self.audience == Audience::Public,
        }))
    }

    /// A link from a request to a route. Relative, so that it holds behind any proxy.
    fn link(&self, from: &Uri, to: &Route) -> String {
        let path = to.path();
        let path = match path.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => &path,
        };
        match ask::depth(from, &self.prefix) {
            0 => format!("./{path}"),
            depth => "../".repeat(depth) + path,
        }
    }

    fn names(&self) -> Names<'_> {
        Names {
            base_url: self.site.base_url.as_deref(),
            prefix: &self.prefix,
        }
    }

    fn sorry(&self, why: Trouble) -> Reply {
        let (status, page) = match why {
            Trouble::Failed => (StatusCode::INTERNAL_SERVER_ERROR, &self.failed),
            Trouble::Busy => (StatusCode::SERVICE_UNAVAILABLE, &self.busy),
        };
        Reply {
            status,
            page: page.clone(),
            location: None,
            canonical: None,
            public: false,
        }
    }

    /// Crawlers may read everything that anybody may; answers to searches are for people.
    fn robots(&self) -> &'static str {
        match self.audience {
            Audience::Public => {
                "User-agent: *\nDisallow: /search/?\nDisallow: /*/search/?\nAllow: /\n"
            }
            _ => "User-agent: *\nDisallow: /\n",
        }
    }
}

/// The clock, seconds UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}
