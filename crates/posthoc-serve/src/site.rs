//! The site as a function from request to response.

use crate::ServeError;
use crate::ask::{self, Ask, Words};
use crate::cookies::Jar;
use crate::current::{Current, Reloaded};
use crate::door::{SESSION, Visit, whole_seconds};
use crate::gate::{Access, Client, Gate, Holders, RequestLog};
use crate::lanes::{Kind, Lanes, Missed};
use crate::log;
use crate::metrics::Metrics;
use crate::names::Names;
use crate::reply::{Reply, Wants, bare, respond};
use crate::skin;
use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, Uri, header};
use posthoc_archive::{
    Answer, Door, Folds, Reader, Result, SearchRequest, Settings, Standing, Status, Store, Trouble,
    Watched, door, how_far, trouble,
};
use posthoc_core::message::{Limits, MessageId};
use posthoc_core::page::{Audience, OwnLayout, Page, Site};
use posthoc_core::query::Query;
use posthoc_core::route::{Export, ListName, Route};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Everything that an answer is made of.
pub(crate) struct App {
    store: Arc<dyn Store>,
    site: Site,
    layout: OwnLayout,
    limits: Limits,
    folds: Folds,
    audience: Audience,
    access: Access,
    prefix: String,
    jar: Jar,
    gate: Arc<Gate>,
    holders: Holders,
    lanes: Arc<Lanes>,
    metrics: Arc<Metrics>,
    folder: Option<PathBuf>,
    watch: Vec<Watched>,
    failed: Page,
    busy: Page,
    often: Page,
}

/// The site as a service: any method, any path. `audience`, `path_prefix` and `access` are as in
/// [`ServeOptions`](crate::ServeOptions). Takes nothing in; needs a tokio runtime with time.
///
/// # Errors
/// A template of the site that cannot be used; a system that gives no threads or random bytes.
pub fn router(
    store: Arc<dyn Store>,
    site: Site,
    limits: Limits,
    audience: Audience,
    path_prefix: &str,
    access: Access,
) -> std::result::Result<Router, ServeError> {
    let app = App::new(store, site, limits, audience, path_prefix, access)?;
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
        access: Access,
    ) -> std::result::Result<Self, ServeError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let fresh = Reloaded {
            site,
            limits,
            path_prefix: path_prefix.to_owned(),
            access,
            watch: Vec::new(),
        };
        let no_bytes = |error| ServeError::Start(std::io::Error::other(error));
        let gate = Arc::new(Gate::new().map_err(no_bytes)?);
        let lanes = Arc::new(Lanes::new(cores).map_err(ServeError::Start)?);
        App::of(store, audience, gate, lanes, fresh)
    }

    /// The same, whose archive is in a folder.
    pub(crate) fn in_folder(self, folder: Option<PathBuf>) -> Self {
        App { folder, ..self }
    }

    /// The same, beside which these mailboxes are looked at.
    pub(crate) fn watching(self, watch: Vec<Watched>) -> Self {
        App { watch, ..self }
    }

    /// The same site with other settings; what is under way in its lanes counts for both, and who is
    /// signed in stays so.
    pub(crate) fn with(&self, fresh: Reloaded) -> std::result::Result<Self, ServeError> {
        let (gate, lanes) = (Arc::clone(&self.gate), Arc::clone(&self.lanes));
        let store = Arc::clone(&self.store);
        let mut app = App::of(store, self.audience.clone(), gate, lanes, fresh)?;
        app.metrics = Arc::clone(&self.metrics);
        app.folder.clone_from(&self.folder);
        Ok(app)
    }

    fn of(
        store: Arc<dyn Store>,
        audience: Audience,
        gate: Arc<Gate>,
        lanes: Arc<Lanes>,
        fresh: Reloaded,
    ) -> std::result::Result<Self, ServeError> {
        let Reloaded {
            site,
            limits,
            path_prefix,
            access,
            watch,
        } = fresh;
        let layout = OwnLayout::new(&site)?;
        let settings = Settings {
            site: &site,
            layout: &layout,
            limits: &limits,
            folds: &Folds::default(),
        };
        let failed = trouble(&settings, Trouble::Failed);
        let busy = trouble(&settings, Trouble::Busy);
        let often = trouble(&settings, Trouble::TooOften);
        let prefix = match path_prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("/{prefix}"),
        };
        let https = site.base_url.as_deref();
        let https = https.is_some_and(|url| url.starts_with("https:"));
        let names = access.lists.iter().map(|list| &list.list);
        let reader = Reader::new(&*store, &settings, Audience::Public);
        let holders = reader.and_then(|reader| Holders::of(&reader, names));
        let holders = holders.map_err(|error| ServeError::Start(std::io::Error::other(error)))?;
        Ok(App {
            holders,
            store,
            layout,
            limits,
            folds: Folds::default(),
            audience,
            access,
            jar: Jar::new(&prefix, https),
            prefix,
            site,
            gate,
            lanes,
            metrics: Arc::default(),
            folder: None,
            watch,
            failed,
            busy,
            often,
        })
    }

    /// The site's settings.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// The mailboxes that are looked at.
    pub(crate) fn watched(&self) -> &[Watched] {
        &self.watch
    }

    /// What one mail may cost.
    pub(crate) fn limits(&self) -> Limits {
        self.limits.clone()
    }
}

/// Answers one request, counts it, and says of it what is to be said.
async fn answer(State(current): State<Current>, request: Request) -> Response<Body> {
    let begin = Instant::now();
    let app = current.now();
    let line = match app.access.log {
        RequestLog::None => None,
        level => Some(told_of(&app.access, &request, level)),
    };
    let response = answered(Arc::clone(&app), request).await;
    let took = begin.elapsed();
    let status = response.status().as_u16();
    app.metrics.answered(status, took);
    if let Some(line) = line {
        let bytes = response.body().size_hint().exact().unwrap_or_default();
        let millis = took.as_millis();
        log(&format!(
            "request {line} status={status} bytes={bytes} ms={millis}"
        ));
    }
    response
}

/// What is said of a request: never its query, for what people look for is theirs.
fn told_of(access: &Access, request: &Request, level: RequestLog) -> String {
    let mut line = format!(
        "method={} path={:?}",
        request.method(),
        request.uri().path()
    );
    if level == RequestLog::Addresses {
        let peer = request.extensions().get().copied();
        let address = Client::read(access, peer, request.headers()).address;
        line += &address.map_or(" client=-".to_owned(), |at| format!(" client={at}"));
    }
    line
}

async fn answered(app: Arc<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let wants = Wants::read(&parts.method, &parts.headers);
    if let Some(status) = skin::refusal(&parts) {
        let mut response = bare(status, "", &wants);
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return response;
    }
    if !skin::is_for_us(&parts, &app.access, &app.names(), &app.audience) {
        return bare(StatusCode::MISDIRECTED_REQUEST, "", &wants);
    }
    let client = Client::read(&app.access, parts.extensions.get().copied(), &parts.headers);
    let ask = app.allowed(ask::read(&parts.uri, &app.prefix), &client);
    let reads = parts.method == Method::GET || parts.method == Method::HEAD;
    match ask {
        Ask::Door(route) if reads || parts.method == Method::POST => {
            let visit = Visit {
                method: &parts.method,
                uri: &parts.uri,
                headers: &parts.headers,
                client: &client,
            };
            return app.at_the_door(route, visit, body, &wants).await;
        }
        _ if !reads => return bare(StatusCode::METHOD_NOT_ALLOWED, "", &wants),
        Ask::Health | Ask::Metrics => return app.operators(ask, wants).await,
        _ => {}
    }
    if let Err(wait) = app.meter(&ask, &client) {
        let wait = whole_seconds(wait);
        return respond(app.sorry(Trouble::TooOften, Some(wait)), &wants, None);
    }
    let asked = Asked::of(&app, parts, client);
    let made = work(&app, ask, asked, wants.clone()).await;
    made.unwrap_or_else(|why| respond(app.sorry(why, None), &wants, None))
}

/// Where a request came to, and from whom.
struct Asked {
    uri: Uri,
    host: Option<String>,
    client: Client,
    token: Option<String>,
}

impl Asked {
    fn of(app: &App, parts: axum::http::request::Parts, client: Client) -> Self {
        let host = parts.headers.get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok()).map(str::to_owned);
        let token = app.jar.get(&parts.headers, SESSION).map(str::to_owned);
        Asked {
            host,
            uri: parts.uri,
            client,
            token,
        }
    }
}

/// Has the answer made where waiting for storage holds up nobody.
async fn work(
    app: &Arc<App>,
    ask: Ask,
    asked: Asked,
    wants: Wants,
) -> std::result::Result<Response<Body>, Trouble> {
    let path = asked.uri.path().to_owned();
    let kind = Kind::of(&ask);
    let work = {
        let app = Arc::clone(app);
        move || app.answer(ask, &asked, &wants)
    };
    match app.lanes.run(kind, work).await {
        Ok(answer) => answer,
        Err(Missed::Full) => Err(Trouble::Busy),
        // What panicked has said so itself, but not for which page.
        Err(Missed::Broken) => {
            log(&format!("{path:?}: this page is a bug"));
            Err(Trouble::Failed)
        }
        Err(Missed::Late) => {
            log(&format!("{path:?}: took too long"));
            Err(Trouble::Busy)
        }
    }
}

impl App {
    /// What those who run the server ask for.
    async fn operators(self: &Arc<Self>, ask: Ask, wants: Wants) -> Response<Body> {
        let app = Arc::clone(self);
        let work = move || match ask {
            Ask::Metrics => Some(app.metrics.text(&*app.store, app.folder.as_deref())),
            _ => match how_far(&*app.store) {
                Ok(_) => Some("ok\n".to_owned()),
                Err(error) => {
                    log(&format!("/healthz: {error}"));
                    None
                }
            },
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Some(text)) => bare(StatusCode::OK, text, &wants),
            _ => bare(
                StatusCode::SERVICE_UNAVAILABLE,
                "the archive cannot be read\n",
                &wants,
            ),
        }
    }

    pub(crate) fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// What a request asks for, when that is there for it.
    fn allowed(&self, ask: Ask, client: &Client) -> Ask {
        let has_accounts = self.access.has_accounts();
        match ask {
            Ask::Health | Ask::Metrics if client.from_here => ask,
            Ask::Door(Route::SignIn) if has_accounts => Ask::Door(Route::SignIn),
            Ask::Door(Route::SignOut) if self.access.knows_people() => Ask::Door(Route::SignOut),
            Ask::Health | Ask::Metrics | Ask::Door(_) => Ask::Nothing,
            ask => ask,
        }
    }

    /// Counts what is costly; answers how long to wait when it is too much.
    fn meter(&self, ask: &Ask, client: &Client) -> std::result::Result<(), Duration> {
        // Of those that a proxy does not tell apart, nobody can be told to wait.
        let (Some(address), Audience::Public) = (client.address, &self.audience) else {
            return Ok(());
        };
        match Kind::of(ask) {
            Kind::Page => Ok(()),
            Kind::Search => self.gate.searches.take(address, self.access.search_rate),
            Kind::Download => self.gate.downloads.take(address, self.access.download_rate),
        }
    }

    /// Who asks, and what that one may see.
    fn audience_of(&self, asked: &Asked) -> Audience {
        match &self.audience {
            Audience::Public if self.access.knows_people() => {
                let token = asked.token.as_deref();
                self.gate.who(&self.access, &asked.client, token).audience()
            }
            audience => audience.clone(),
        }
    }

    fn answer(
        &self,
        ask: Ask,
        asked: &Asked,
        wants: &Wants,
    ) -> std::result::Result<Response<Body>, Trouble> {
        let heavy = ask.is_heavy();
        let failed = |error: posthoc_archive::ArchiveError| {
            log(&format!("{:?}: {error}", asked.uri.path()));
            Trouble::Failed
        };
        let reply = self.reply(ask, asked).map_err(failed)?;
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
        let settings = self.settings();
        let reader = Reader::new(&*self.store, &settings, Audience::Public)?;
        let audience = self.holders.held(&reader, self.audience_of(asked))?;
        let public = audience == Audience::Public;
        let reader = reader.for_audience(audience);
        let mut reply = match ask {
            Ask::Page(route) => {
                let live = route.export() == Export::Live || reader.has_no_file(&route)?;
                let answer = reader.answer(&route)?;
                let standing = match answer.status {
                    Status::Found => reader.standing(&route)?,
                    _ => Standing::default(),
                };
                Reply {
                    standing,
                    ..self.page(answer, live, uri)
                }
            }
            Ask::Folder(route) => {
                let reply = self.page(reader.answer(&route)?, false, uri);
                self.folder(reply, uri)
            }
            Ask::Moved(route) => {
                let reply = self.page(reader.answer(&route)?, false, uri);
                self.moved(reply, &route)
            }
            Ask::Search(list, words) => self.search(&reader, list, words, asked)?,
            Ask::Query(route) => {
                let to = self.link(uri, &route);
                self.elsewhere(&reader, to)?
            }
            Ask::Nothing | Ask::Health | Ask::Metrics | Ask::Door(_) => {
                let mut answer = reader.answer(&Route::NotFound)?;
                answer.status = Status::NotFound;
                self.page(answer, false, uri)
            }
        };
        reply.public = public;
        if reply.status == StatusCode::NOT_FOUND && public && self.access.knows_people() {
            self.perhaps_for_members(&mut reply, uri);
        }
        Ok(reply)
    }

    /// Where members may sign in, what is not there for everybody may be there for them. The same for
    /// what is nowhere.
    fn perhaps_for_members(&self, reply: &mut Reply, uri: &Uri) {
        reply.public = false;
        if self.access.has_accounts() {
            let next = ask::below(uri, &self.prefix);
            let next = ask::route_of(next).map(|_| next).unwrap_or_default();
            reply.page = door(&self.settings(), &Door::Closed { next });
        }
    }

    pub(crate) fn settings(&self) -> Settings<'_> {
        Settings {
            site: &self.site,
            layout: &self.layout,
            limits: &self.limits,
            folds: &self.folds,
        }
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) fn jar(&self) -> &Jar {
        &self.jar
    }

    pub(crate) fn lanes(&self) -> &Lanes {
        &self.lanes
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
            location,
            canonical,
            noindex: false,
            ..Reply::of(page)
        }
    }

    /// Sends the reader to the one URL of what was asked for, whether it is there or not.
    fn elsewhere(&self, reader: &Reader<'_>, to: String) -> Result<Reply> {
        let mut page = reader.answer(&Route::NotFound)?.page;
        page.bytes.clear();
        Ok(Reply {
            status: StatusCode::MOVED_PERMANENTLY,
            location: Some(to),
            ..Reply::of(page)
        })
    }

    /// Sends the reader of a folder's page to the folder.
    /// Sends to where the page is; of what is not there nothing else is said than elsewhere.
    fn moved(&self, mut reply: Reply, route: &Route) -> Reply {
        if reply.status != StatusCode::OK {
            return reply;
        }
        reply.page.bytes.clear();
        Reply {
            status: StatusCode::MOVED_PERMANENTLY,
            location: Some(route.url(&self.prefix)),
            canonical: None,
            ..reply
        }
    }

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
        if !words.canonical {
            let to = self.link(&asked.uri, &Route::Search(list));
            return self.elsewhere(reader, format!("{to}?{}", words.query_string()));
        }
        if !words.is_file()
            && let Some(reply) = self.pasted(reader, list.as_ref(), &words.query, asked)?
        {
            return Ok(reply);
        }
        let (shape, is_file) = (words.shape, words.is_file());
        let request = SearchRequest {
            query: words.query,
            lists: Vec::new(),
            order: words.order,
            offset: words.offset,
            limit: 0,
            snippets: true,
            forms: true,
            now: now(),
        };
        let answer = match reader.search_answer(list.as_ref(), &request, shape)? {
            Some(answer) => answer,
            // Not there, or there under another name.
            None => reader.answer(&Route::Search(list))?,
        };
        let reply = self.page(answer, false, &asked.uri);
        // A page in the place of a file says why there is none; programs are to see that too.
        let is_page = reply.page.media_type.starts_with("text/html");
        let status = match reply.status {
            StatusCode::OK if is_file && is_page => StatusCode::UNPROCESSABLE_ENTITY,
            status => status,
        };
        Ok(Reply {
            status,
            noindex: true,
            ..reply
        })
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
            location: Some(self.link(&asked.uri, &to)),
            ..Reply::of(page)
        }))
    }

    /// A link from a request to a route. Relative, so that it holds behind any proxy.
    pub(crate) fn link(&self, from: &Uri, to: &Route) -> String {
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

    pub(crate) fn names(&self) -> Names<'_> {
        Names {
            base_url: self.site.base_url.as_deref(),
            prefix: &self.prefix,
        }
    }

    pub(crate) fn sorry(&self, why: Trouble, retry: Option<u64>) -> Reply {
        let (status, page, usual) = match why {
            Trouble::Failed => (StatusCode::INTERNAL_SERVER_ERROR, &self.failed, None),
            Trouble::Busy => (StatusCode::SERVICE_UNAVAILABLE, &self.busy, Some(5)),
            Trouble::TooOften => (StatusCode::TOO_MANY_REQUESTS, &self.often, Some(60)),
        };
        Reply {
            status,
            retry: retry.or(usual),
            ..Reply::of(page.clone())
        }
    }
}

/// The clock, seconds UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}
