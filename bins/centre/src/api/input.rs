//! What a call sends, parsed once: a JSON body or a query string, and a clear problem when it is neither.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::misread;
use crate::problem::Problem;

/// The JSON body of a call.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<Value>::from_request(request, state).await {
            Ok(axum::Json(body)) => misread::read(body).map(Self),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "send application/json",
                "请以 application/json 格式发送",
            )),
            Err(error) => {
                Err(Problem::invalid(error.body_text(), &format!("请求内容不是 JSON（{}）", error.body_text())))
            }
        }
    }
}

/// The query string of a call.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => {
                Err(Problem::invalid(error.body_text(), &format!("网址中的参数无法识别（{}）", error.body_text())))
            }
        }
    }
}
