//! `kapi`: the owner of an access token, and what it lets an app see.

use hyper::http::request::Parts;
use hyper::{StatusCode, header};
use serde_json::{Value, json};

use super::fault::ApiFault;
use super::token::has_scope;
use super::tokens::{Kind, Right};
use super::{Answer, Kakao, answer};
use crate::clock::{self, Millis};

impl Kakao {
    pub(super) fn access_token_info(&self, request: &Parts) -> Answer {
        respond(self.right(request).map(|(right, left)| {
            // The names of 2017 and today's: Kakao sends both.
            json!({
                "id": right.account,
                "expires_in": left / 1000,
                "app_id": right.app,
                "expiresInMillis": left,
                "appId": right.app,
            })
        }))
    }

    pub(super) fn me(&self, request: &Parts) -> Answer {
        respond(self.right(request).and_then(|(right, _)| {
            let mut me = json!({"id": right.account});
            if has_scope(&right.scope, "profile_nickname") {
                let nickname = self.storage.index.kakao_nickname(right.account)?;
                me["properties"] = json!({"nickname": nickname});
                me["kakao_account"] = json!({
                    "profile_nickname_needs_agreement": false,
                    "profile": {"nickname": nickname},
                });
            }
            Ok(me)
        }))
    }

    pub(super) fn userinfo(&self, request: &Parts) -> Answer {
        respond(self.right(request).and_then(|(right, _)| {
            if !has_scope(&right.scope, "openid") {
                return Err(ApiFault::MissingScope);
            }
            let mut claims = json!({"sub": right.account.to_string()});
            if has_scope(&right.scope, "profile_nickname") {
                claims["nickname"] = self.storage.index.kakao_nickname(right.account)?.into();
            }
            Ok(claims)
        }))
    }

    /// The player and the app part: every token of theirs ends.
    pub(super) fn unlink(&self, request: &Parts) -> Answer {
        respond(self.right(request).and_then(|(right, _)| {
            self.storage.index.end_kakao_tokens(&right)?;
            Ok(json!({"id": right.account}))
        }))
    }

    /// What the request's token grants, and until when.
    fn right(&self, request: &Parts) -> Result<(Right, Millis), ApiFault> {
        let header = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer ")).ok_or(ApiFault::NoToken)?;
        let found = self.storage.index.kakao_token(Kind::Access, token)?;
        let (right, expires) = found.ok_or(ApiFault::UnknownToken)?;
        match expires - clock::now() {
            left if left > 0 => Ok((right, left)),
            _ => Err(ApiFault::ExpiredToken),
        }
    }
}

fn respond(value: Result<Value, ApiFault>) -> Answer {
    match value {
        Ok(value) => answer::json(StatusCode::OK, &value),
        Err(fault) => fault.answer(),
    }
}
