//! What both parts of Cognito speak: AWS's JSON protocol 1.1.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::StorageError;

/// A refusal, under the name that the SDKs know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    kind: &'static str,
    message: String,
}

impl Fault {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Fault {
        Fault { kind, message: message.into() }
    }

    pub(super) fn not_authorized(message: impl Into<String>) -> Fault {
        Fault::new("NotAuthorizedException", message)
    }

    pub(super) fn invalid(message: impl Into<String>) -> Fault {
        Fault::new("InvalidParameterException", message)
    }

    pub(super) fn unknown_operation() -> Fault {
        Fault::new("UnknownOperationException", "not implemented")
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        Fault::new("InternalErrorException", error.to_string())
    }
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::invalid(error.to_string()))
}

pub(super) fn answer(result: Result<Value, Fault>) -> Response<Full<Bytes>> {
    match result {
        Ok(value) => respond(StatusCode::OK, &value),
        Err(fault) => {
            let status = match fault.kind {
                "InternalErrorException" => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            respond(status, &json!({"__type": fault.kind, "message": fault.message}))
        }
    }
}

/// Public keys.
pub(super) fn keys(jwks: Result<Value, StorageError>) -> Response<Full<Bytes>> {
    match jwks {
        Ok(keys) => respond(StatusCode::OK, &keys),
        Err(error) => respond(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": error.to_string()})),
    }
}

fn respond(status: StatusCode, value: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(value.to_string().into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/x-amz-json-1.1");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
