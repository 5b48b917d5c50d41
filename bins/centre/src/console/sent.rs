//! A form that somebody who is signed in has sent, and what is answered: on to the page, or the page again with why not.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use askama::Template;
use axum::extract::{ConnectInfo, Form, FromRequest, FromRequestParts, Path, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value};

use super::form;
use super::frame::{Visit, show_refused};
use super::oops::{self, Oops};
use crate::auth::Session;
use crate::problem::Problem;
use crate::state::App;

/// The number or name in the address of a page, of which there is no page where it is none.
pub(super) struct At<T>(pub(super) T);

impl<T: FromStr + Send> FromRequestParts<App> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let named = Path::<String>::from_request_parts(parts, app).await.ok();
        match named.and_then(|Path(text)| text.parse().ok()) {
            Some(named) => Ok(Self(named)),
            None => Err(oops::not_found(parts.uri.clone(), parts.headers.clone()).await),
        }
    }
}

/// What was sent, by whom and from where.
pub(super) struct Sent {
    pub(super) app: App,
    pub(super) visit: Visit,
    pub(super) address: IpAddr,
    pub(super) fields: Vec<(String, String)>,
    headers: HeaderMap,
}

impl FromRequest<App> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let peer = ConnectInfo::<SocketAddr>::from_request_parts(&mut parts, app).await;
        let ConnectInfo(peer) = peer.map_err(IntoResponse::into_response)?;
        let headers = parts.headers.clone();
        let form = Form::from_request(Request::from_parts(parts, body), app).await;
        let Form(fields) = form.map_err(IntoResponse::into_response)?;
        Ok(Self { app: app.clone(), visit, address: peer.ip(), fields, headers })
    }
}

impl Sent {
    /// Whose acts these are.
    pub(super) const fn session(&self) -> &Session {
        &self.visit.session
    }

    /// What stands in a field; nothing where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// Does what the fields stand for.
    pub(super) async fn does<T>(
        &self,
        act: impl AsyncFnOnce(Map<String, Value>) -> Result<T, Problem>,
    ) -> Result<(), Problem> {
        act(form::ask(&self.fields)?).await.map(drop)
    }

    /// Leads on `to` a page when it was done, or shows that page as `again` makes it, with why not: its address is `to`, whatever the
    /// form was sent to.
    pub(super) async fn answer<P: Template>(
        &self,
        done: Result<(), Problem>,
        to: &str,
        again: impl AsyncFnOnce(Problem, &Visit) -> Result<P, Oops>,
    ) -> Result<Response, Oops> {
        let Err(problem) = done else { return Ok(Redirect::to(to).into_response()) };
        let status = problem.status;
        let visit = self.visit.at(to);
        Ok(show_refused(status, &self.headers, &again(problem, &visit).await?))
    }
}
