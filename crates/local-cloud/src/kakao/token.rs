//! `/oauth/token`: a code, or a refresh token, for tokens.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::fault::AuthFault;
use super::tokens::{ACCESS_LIFETIME, Kind, REFRESH_RENEWAL, Right};
use super::{Answer, Kakao, answer};
use crate::clock::{self, Millis};
use crate::config::KakaoApp;

type Form = HashMap<String, String>;

impl Kakao {
    pub(super) fn exchange(&self, body: &[u8]) -> Answer {
        let form: Form = form_urlencoded::parse(body).into_owned().collect();
        match self.tokens(&form) {
            Ok(tokens) => answer::json(StatusCode::OK, &tokens),
            Err(fault) => fault.answer(),
        }
    }

    fn tokens(&self, form: &Form) -> Result<Value, AuthFault> {
        let app = self.app(field(form, "client_id")?).ok_or(AuthFault::UnknownApp)?;
        if form.get("client_secret").is_none_or(|secret| *secret != app.client_secret) {
            return Err(AuthFault::WrongSecret);
        }
        match field(form, "grant_type")? {
            "authorization_code" => self.redeem(app, form),
            "refresh_token" => self.refresh(app, form),
            _ => Err(AuthFault::Malformed("grant_type must be authorization_code or refresh_token")),
        }
    }

    fn redeem(&self, app: &KakaoApp, form: &Form) -> Result<Value, AuthFault> {
        let grant = self.codes.redeem(field(form, "code")?).ok_or(AuthFault::NoSuchCode)?;
        if grant.app != app.app_id {
            return Err(AuthFault::NoSuchCode);
        }
        if form.get("redirect_uri") != Some(&grant.redirect_uri) {
            return Err(AuthFault::OtherRedirect);
        }
        check_verifier(grant.challenge.as_deref(), form.get("code_verifier").map(String::as_str))?;
        let right = Right { app: app.app_id, account: grant.account, scope: grant.scope.clone() };
        let mut tokens = self.issue(&right)?;
        self.add_refresh_token(&mut tokens, app, &right)?;
        if has_scope(&grant.scope, "openid") {
            let told = json!({"auth_time": grant.authenticated, "nonce": grant.nonce});
            tokens["id_token"] = self.id_token(app, &right, told)?.into();
        }
        Ok(tokens)
    }

    fn refresh(&self, app: &KakaoApp, form: &Form) -> Result<Value, AuthFault> {
        let token = form.get("refresh_token").ok_or(AuthFault::NoRefreshToken)?;
        let found = self.storage.index.kakao_token(Kind::Refresh, token)?;
        let (right, expires) = found.ok_or(AuthFault::WrongRefreshToken)?;
        let left = expires - clock::now();
        if right.app != app.app_id || left <= 0 {
            return Err(AuthFault::WrongRefreshToken);
        }
        let mut tokens = self.issue(&right)?;
        if left < REFRESH_RENEWAL {
            // <https://devtalk.kakao.com/t/koe322-expired-or-invalid-refresh-token/126899>
            if !self.storage.index.end_kakao_token(Kind::Refresh, token)? {
                return Err(AuthFault::WrongRefreshToken);
            }
            self.add_refresh_token(&mut tokens, app, &right)?;
        }
        if has_scope(&right.scope, "openid") {
            tokens["id_token"] = self.id_token(app, &right, json!({}))?.into();
        }
        Ok(tokens)
    }

    fn add_refresh_token(&self, tokens: &mut Value, app: &KakaoApp, right: &Right) -> Result<(), AuthFault> {
        let lifetime = Millis::try_from(app.refresh_lifetime.as_millis()).unwrap_or(Millis::MAX / 2);
        let token = self.storage.index.issue_kakao_token(Kind::Refresh, right, lifetime)?;
        tokens["refresh_token"] = token.into();
        tokens["refresh_token_expires_in"] = (lifetime / 1000).into();
        Ok(())
    }

    fn issue(&self, right: &Right) -> Result<Value, AuthFault> {
        Ok(json!({
            "token_type": "bearer",
            "access_token": self.storage.index.issue_kakao_token(Kind::Access, right, ACCESS_LIFETIME)?,
            "expires_in": ACCESS_LIFETIME / 1000 - 1,
            "scope": right.scope,
        }))
    }

    /// `told`: claims about the login itself.
    fn id_token(&self, app: &KakaoApp, right: &Right, told: Value) -> Result<String, AuthFault> {
        let now = clock::now() / 1000;
        let mut claims = json!({
            "iss": self.url,
            "aud": app.rest_api_key,
            "sub": right.account.to_string(),
            "iat": now,
            "exp": now + ACCESS_LIFETIME / 1000,
        });
        for (name, value) in told.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            claims[name] = value.clone();
        }
        if has_scope(&right.scope, "profile_nickname") {
            claims["nickname"] = self.storage.index.kakao_nickname(right.account)?.into();
        }
        Ok(self.key.sign(&claims)?)
    }
}

/// A verifier without a challenge is refused too: an attacker may have removed the challenge.
fn check_verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), AuthFault> {
    let shown = verifier.map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
    match shown.as_deref() == challenge {
        true => Ok(()),
        false => Err(AuthFault::WrongVerifier),
    }
}

fn field<'a>(form: &'a Form, name: &'static str) -> Result<&'a str, AuthFault> {
    form.get(name).map(String::as_str).ok_or(AuthFault::Malformed(name))
}

/// Whether a list of scopes has one.
pub(super) fn has_scope(scopes: &str, wanted: &str) -> bool {
    scopes.split(' ').any(|scope| scope == wanted)
}
