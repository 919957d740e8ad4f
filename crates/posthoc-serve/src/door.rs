//! Signing in and out: forms that are served live only.
//!
//! A form is ours when three things hold: the browser says that it was sent from this site (where it
//! says anything), it carries a token, and the token is a keyed hash of what the browser holds as a
//! cookie. Signing in always gives a new session. Where one goes afterwards is a route of ours, so
//! that no form leads away from here.

use crate::gate::{Client, Who, secret};
use crate::log;
use crate::pool::Undone;
use crate::reply::{Reply, Wants, respond};
use crate::site::App;
use crate::skin::LONGEST_BODY;
use axum::body::{Body, to_bytes};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use posthoc_archive::{Door, Said, Trouble, door};
use posthoc_core::page::Page;
use posthoc_core::route::Route;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The cookie that says who is signed in.
pub(crate) const SESSION: &str = "posthoc";
/// The cookie that a form's token belongs to.
const FORM: &str = "posthoc-form";
/// How long a form may take to arrive.
const FORM_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of the longest path that one is sent to afterwards.
const LONGEST_NEXT: usize = 1_024;

/// A request at the door.
pub(crate) struct Visit<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) client: &'a Client,
}

/// What a form says.
#[derive(Default)]
struct Form {
    token: String,
    name: String,
    password: String,
    next: String,
}

impl App {
    /// Answers a request for the form to sign in or out.
    pub(crate) async fn at_the_door(
        self: &Arc<Self>,
        route: Route,
        visit: Visit<'_>,
        body: Body,
        wants: &Wants,
    ) -> Response<Body> {
        let answered = match (route, visit.method) {
            (Route::SignOut, &Method::POST) => self.sign_out(&visit, body, wants).await,
            (Route::SignOut, _) => self.signed_in(&visit, wants).await,
            (_, &Method::POST) => self.sign_in(&visit, body, wants).await,
            _ => self.form(&visit, wants).await,
        };
        answered.unwrap_or_else(|why| respond(self.sorry(why, None), wants, None))
    }

    /// The form to sign in; who is signed in already is told so.
    async fn form(self: &Arc<Self>, visit: &Visit<'_>, wants: &Wants) -> Answered {
        if self.who(visit).await?.name.is_some() {
            return Ok(self.go("./~logout", &[], wants));
        }
        let next = Form::read(visit.uri.query().unwrap_or_default()).next;
        self.form_again(&next, None, StatusCode::OK, wants)
    }

    fn form_again(
        &self,
        next: &str,
        said: Option<Said>,
        status: StatusCode,
        wants: &Wants,
    ) -> Answered {
        let cookie = secret().map_err(|error| failed(&error))?;
        let token = self.token("in", &cookie);
        let page = door(
            &self.settings(),
            &Door::In {
                token: &token,
                next: self.next(next).map_or("", |_| next),
                said,
            },
        );
        let retry = match said {
            Some(Said::Wait(seconds)) => Some(seconds),
            _ => None,
        };
        let reply = Reply {
            status,
            retry,
            ..Reply::of(page)
        };
        let cookie = self.jar().set(FORM, &cookie);
        Ok(with_cookies(respond(reply, wants, None), &[cookie]))
    }

    /// A name and a password.
    async fn sign_in(self: &Arc<Self>, visit: &Visit<'_>, body: Body, wants: &Wants) -> Answered {
        let form = form_of(visit, body).await?;
        let cookie = self.jar().get(visit.headers, FORM).unwrap_or_default();
        if !self.is_from_here(visit) || !self.fits("in", cookie, &form.token) {
            let said = Some(Said::Stale);
            return self.form_again(&form.next, said, StatusCode::FORBIDDEN, wants);
        }
        let address = visit.client.address;
        if let Err(wait) = self.gate().throttle.enter(&form.name, address) {
            let said = Some(Said::Wait(whole_seconds(wait)));
            return self.form_again(&form.next, said, StatusCode::TOO_MANY_REQUESTS, wants);
        }
        let (name, next) = (form.name.clone(), form.next.clone());
        let work = {
            let app = Arc::clone(self);
            move || app.gate().check(app.access(), &form.name, &form.password)
        };
        let checked = self.lanes().sign_ins.run(work).await;
        let checked = checked.map_err(|why| {
            self.gate().throttle.unseen(&name, address);
            undone(why)
        });
        let session = match checked? {
            Some(session) => session,
            None => {
                log(&format!("a wrong password{}", place(address)));
                let said = Some(Said::Wrong);
                return self.form_again(&next, said, StatusCode::FORBIDDEN, wants);
            }
        };
        self.gate().throttle.right(&name, address);
        // A session that the browser had before is not gone on with.
        if let Some(key) = self.who(visit).await?.session {
            self.gate().sessions.end(&key);
        }
        let begun = self.gate().sessions.begin(session);
        let token = begun.map_err(|error| failed(&error))?;
        let cookies = [self.jar().set(SESSION, &token), self.jar().clear(FORM)];
        let to = match self.next(&next) {
            Some(route) => self.link(visit.uri, &route),
            None => "./".to_owned(),
        };
        Ok(self.go(&to, &cookies, wants))
    }

    /// Who is signed in, and the form to sign out.
    async fn signed_in(self: &Arc<Self>, visit: &Visit<'_>, wants: &Wants) -> Answered {
        let who = self.who(visit).await?;
        let (name, token) = match (&who.name, &who.session) {
            (Some(name), Some(key)) => (name, Some(self.token("out", &hex(key)))),
            (Some(name), None) => (name, None),
            _ => return Ok(self.go("./~login", &[], wants)),
        };
        let page = match &token {
            Some(token) => door(&self.settings(), &Door::Out { name, token }),
            None => door(&self.settings(), &Door::Known { name }),
        };
        Ok(respond(Reply::of(page), wants, None))
    }

    async fn sign_out(self: &Arc<Self>, visit: &Visit<'_>, body: Body, wants: &Wants) -> Answered {
        let form = form_of(visit, body).await?;
        if let Some(key) = self.who(visit).await?.session {
            if !self.is_from_here(visit) || !self.fits("out", &hex(&key), &form.token) {
                return self.signed_in(visit, wants).await;
            }
            self.gate().sessions.end(&key);
        }
        Ok(self.go("./", &[self.jar().clear(SESSION)], wants))
    }

    async fn who(self: &Arc<Self>, visit: &Visit<'_>) -> Result<Who, Trouble> {
        let app = Arc::clone(self);
        let client = visit.client.clone();
        let token = self.jar().get(visit.headers, SESSION).map(str::to_owned);
        let work = move || app.gate().who(app.access(), &client, token.as_deref());
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| Trouble::Failed)
    }

    /// Whether a form was sent from a page of ours, as far as the browser says. Our pages ask for no
    /// referrer, which makes the origin of their forms `null`.
    fn is_from_here(&self, visit: &Visit<'_>) -> bool {
        let header = |name: &HeaderName| visit.headers.get(name).map(|value| value.as_bytes());
        if let Some(site) = header(&HeaderName::from_static("sec-fetch-site")) {
            return site == b"same-origin";
        }
        let Some(origin) = header(&header::ORIGIN).and_then(|at| std::str::from_utf8(at).ok())
        else {
            return true;
        };
        let host = header(&header::HOST).and_then(|host| std::str::from_utf8(host).ok());
        origin == "null" || self.names().is_origin(origin, host)
    }

    /// The token of a form, of what the browser holds.
    fn token(&self, form: &str, held: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.gate().key);
        hasher.update(form.as_bytes()).update(b"\0");
        hasher.update(held.as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    fn fits(&self, form: &str, held: &str, token: &str) -> bool {
        // Comparing hashes takes the same time wherever they differ.
        let ours = self.token(form, held);
        let same = blake3::hash(ours.as_bytes()) == blake3::hash(token.as_bytes());
        same && !held.is_empty()
    }

    /// The page of ours that a path below the site's root names.
    fn next(&self, path: &str) -> Option<Route> {
        let route = Some(path).filter(|path| (1..=LONGEST_NEXT).contains(&path.len()));
        let route = route.and_then(crate::ask::route_of)?;
        (!matches!(route, Route::SignIn | Route::SignOut)).then_some(route)
    }

    /// Sends the reader to a page, as something else than the form.
    fn go(&self, to: &str, cookies: &[String], wants: &Wants) -> Response<Body> {
        let mut reply = Reply::of(Page {
            foreign: false,
            route: Route::SignIn,
            media_type: "text/html; charset=utf-8".to_owned(),
            bytes: Vec::new(),
            validator: String::new(),
        });
        reply.status = StatusCode::SEE_OTHER;
        reply.location = Some(to.to_owned());
        with_cookies(respond(reply, wants, None), cookies)
    }
}

type Answered = Result<Response<Body>, Trouble>;

/// Reads a form that was sent; one of another kind says nothing.
async fn form_of(visit: &Visit<'_>, body: Body) -> Result<Form, Trouble> {
    let kind = visit.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(Form::default());
    }
    let read = tokio::time::timeout(FORM_PATIENCE, to_bytes(body, LONGEST_BODY));
    match read.await {
        Ok(Ok(bytes)) => Ok(Form::read(&String::from_utf8_lossy(&bytes))),
        _ => Ok(Form::default()),
    }
}

impl Form {
    /// Of fields given twice the first counts.
    fn read(text: &str) -> Form {
        let mut form = Form::default();
        for (name, value) in crate::ask::fields(text) {
            let field = match name.as_str() {
                "token" => &mut form.token,
                "name" => &mut form.name,
                "password" => &mut form.password,
                "next" => &mut form.next,
                _ => continue,
            };
            if field.is_empty() {
                *field = value;
            }
        }
        form.name = form.name.trim().to_owned();
        form
    }
}

fn hex(key: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*key).to_hex().to_string()
}

fn place(address: Option<IpAddr>) -> String {
    address.map_or_else(String::new, |address| format!(" from {address}"))
}

/// Never none, and never too early.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

pub(crate) fn undone(why: Undone) -> Trouble {
    match why {
        Undone::Full => Trouble::Busy,
        Undone::Broken => Trouble::Failed,
    }
}

fn failed(error: &dyn std::fmt::Display) -> Trouble {
    log(&format!("signing in: {error}"));
    Trouble::Failed
}

fn with_cookies(mut response: Response<Body>, cookies: &[String]) -> Response<Body> {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
