//! `/oauth/authorize`: the page, and what the player decided on it.

use hyper::http::request::Parts;
use hyper::{StatusCode, header};
use url::{Url, form_urlencoded};

use super::codes::Grant;
use super::fault::AuthFault;
use super::page::{self, Language};
use super::{Answer, Kakao, answer};
use crate::clock;
use crate::config::KakaoApp;

/// Kakao's nicknames are up to 20 characters.
const MOST_NICKNAME: usize = 20;

/// What an app opens the page with.
#[derive(Debug, Default)]
pub(super) struct Ask {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    nickname: String,
    decision: String,
}

impl Ask {
    fn read(form: &[u8]) -> Ask {
        let mut ask = Ask::default();
        for (key, value) in form_urlencoded::parse(form) {
            let value = value.into_owned();
            match &*key {
                "client_id" => ask.client_id = value,
                "redirect_uri" => ask.redirect_uri = value,
                "response_type" => ask.response_type = value,
                "scope" => ask.scope = value,
                "state" => ask.state = Some(value),
                "nonce" => ask.nonce = Some(value),
                "code_challenge" => ask.code_challenge = Some(value),
                "code_challenge_method" => ask.code_challenge_method = Some(value),
                "nickname" => value.trim().clone_into(&mut ask.nickname),
                "decision" => ask.decision = value,
                _ => {}
            }
        }
        ask
    }

    /// The fields that the page hands back with the decision.
    pub(super) fn fields(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("client_id", Some(self.client_id.as_str())),
            ("redirect_uri", Some(self.redirect_uri.as_str())),
            ("response_type", Some(self.response_type.as_str())),
            ("scope", Some(self.scope.as_str())),
            ("state", self.state.as_deref()),
            ("nonce", self.nonce.as_deref()),
            ("code_challenge", self.code_challenge.as_deref()),
            ("code_challenge_method", self.code_challenge_method.as_deref()),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The requested scopes; by default, those that the app has enabled.
    pub(super) fn scopes(&self) -> String {
        let asked = self.scope.replace(',', " ");
        let scopes: Vec<&str> = asked.split_whitespace().collect();
        if scopes.is_empty() { "profile_nickname".to_owned() } else { scopes.join(" ") }
    }

    fn problem(&self) -> Option<(&'static str, &'static str)> {
        if self.response_type != "code" {
            return Some(("unsupported_response_type", "response_type must be code"));
        }
        let method = self.code_challenge_method.as_deref();
        match (self.code_challenge.as_deref(), method) {
            (None, None) | (Some(_), Some("S256")) => None,
            _ => Some(("invalid_request", "code_challenge_method must be S256")),
        }
    }
}

impl Kakao {
    pub(super) fn show_page(&self, request: &Parts) -> Answer {
        let language = language(request);
        let ask = Ask::read(request.uri.query().unwrap_or_default().as_bytes());
        let redirect = match self.registered(&ask) {
            Ok((_, redirect)) => redirect,
            Err(fault) => return refuse(language, fault),
        };
        if let Some((error, description)) = ask.problem() {
            return refuse_to_app(redirect, &ask, error, description);
        }
        match self.storage.index.kakao_nicknames() {
            Ok(nicknames) => answer::page(StatusCode::OK, page::login(language, &ask, &nicknames)),
            Err(error) => refuse(language, error.into()),
        }
    }

    pub(super) fn decide(&self, request: &Parts, body: &[u8]) -> Answer {
        let language = language(request);
        let ask = Ask::read(body);
        let (app, redirect) = match self.registered(&ask) {
            Ok(found) => found,
            Err(fault) => return refuse(language, fault),
        };
        if let Some((error, description)) = ask.problem() {
            return refuse_to_app(redirect, &ask, error, description);
        }
        if ask.decision != "agree" {
            return refuse_to_app(redirect, &ask, "access_denied", "User denied access");
        }
        match self.grant(app, &ask) {
            Ok(code) => to_app(redirect, &ask, &[("code", &code)]),
            Err(fault) => refuse(language, fault),
        }
    }

    /// An address that is not the app's own is never redirected to, not even with an error.
    fn registered(&self, ask: &Ask) -> Result<(&KakaoApp, Url), AuthFault> {
        let app = self.app(&ask.client_id).ok_or(AuthFault::UnknownApp)?;
        if !app.redirect_uris.contains(&ask.redirect_uri) {
            return Err(AuthFault::UnknownRedirect);
        }
        let redirect = Url::parse(&ask.redirect_uri).map_err(|_| AuthFault::UnknownRedirect)?;
        Ok((app, redirect))
    }

    fn grant(&self, app: &KakaoApp, ask: &Ask) -> Result<String, AuthFault> {
        if ask.nickname.is_empty() || ask.nickname.chars().count() > MOST_NICKNAME {
            return Err(AuthFault::Malformed("a nickname is 1 to 20 characters"));
        }
        let grant = Grant {
            app: app.app_id,
            account: self.storage.index.kakao_account(&ask.nickname)?,
            redirect_uri: ask.redirect_uri.clone(),
            scope: ask.scopes(),
            nonce: ask.nonce.clone(),
            challenge: ask.code_challenge.clone(),
            authenticated: clock::now() / 1000,
        };
        self.codes.issue(grant, app.code_lifetime).ok_or(AuthFault::Storage)
    }
}

fn to_app(mut redirect: Url, ask: &Ask, pairs: &[(&str, &str)]) -> Answer {
    redirect.query_pairs_mut().extend_pairs(pairs);
    if let Some(state) = &ask.state {
        redirect.query_pairs_mut().append_pair("state", state);
    }
    answer::redirect(&redirect)
}

fn refuse_to_app(redirect: Url, ask: &Ask, error: &str, description: &str) -> Answer {
    to_app(redirect, ask, &[("error", error), ("error_description", description)])
}

fn refuse(language: Language, fault: AuthFault) -> Answer {
    answer::page(StatusCode::BAD_REQUEST, page::refusal(language, fault))
}

/// Korean where the browser asks for it first.
fn language(request: &Parts) -> Language {
    let wanted = request.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    match wanted.is_some_and(|wanted| wanted.trim_start().to_ascii_lowercase().starts_with("ko")) {
        true => Language::Korean,
        false => Language::English,
    }
}
