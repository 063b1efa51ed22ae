//! Facebook without an ID token, at a stand-in that answers as the documentation has it: `oauth/access_token`,
//! `debug_token`, `me`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use naru_backend::accounts::{Accounts, LoginError, Provider};
use naru_backend::platform::ProviderRefusal;
use naru_protocol::login::{LoginAnswer, RefreshRequest};
use naru_protocol::{AuthorizationCode, RefreshToken};
use serde_json::{Value, json};

use crate::forger::{self, accounts_at};

const APP: u64 = 138_483_919_580_948;
const SECRET: &str = "canary-app-secret";
const SHORT: &str = "canary-short";
const LONG: &str = "canary-long";

type Fields = HashMap<String, String>;
type Answer = (StatusCode, Json<Value>);

/// What it says. By default the truth.
#[derive(Clone)]
struct Script {
    app: u64,
    user: &'static str,
    profile_user: &'static str,
    is_valid: bool,
    /// With which code it refuses to tell of a player whose token is good.
    me_refuses: Option<i64>,
    has_long_lived: bool,
}

const TRUTH: Script = Script {
    app: APP,
    user: "1207059",
    profile_user: "1207059",
    is_valid: true,
    me_refuses: None,
    has_long_lived: true,
};

struct Facebook {
    script: Arc<Mutex<Script>>,
    accounts: Accounts,
}

async fn start() -> Facebook {
    start_with_secret(SECRET).await
}

async fn start_with_secret(secret: &str) -> Facebook {
    let script = Arc::new(Mutex::new(TRUTH));
    let routes = Router::new()
        .route("/oauth/access_token", post(access_token))
        .route("/debug_token", get(debug_token))
        .route("/me", get(me))
        .with_state(Arc::clone(&script));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let row = Provider::facebook(APP, secret, Some(&url)).unwrap();
    Facebook { script, accounts: accounts_at(row, Duration::ZERO) }
}

impl Facebook {
    async fn login(&self) -> Result<LoginAnswer, LoginError> {
        self.accounts.login("facebook", &forger::request()).await
    }

    async fn refresh(&self, token: &str, id: &str) -> Result<LoginAnswer, LoginError> {
        let request = RefreshRequest { refresh_token: RefreshToken::new(token), id: id.to_owned() };
        self.accounts.refresh("facebook", &request).await
    }

    fn says(&self, change: impl FnOnce(&mut Script)) {
        let mut script = TRUTH;
        change(&mut script);
        *self.script.lock().unwrap() = script;
    }
}

fn graph_error(code: i64) -> Answer {
    let error = json!({ "message": "canary", "type": "OAuthException", "code": code, "fbtrace_id": "A" });
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error })))
}

async fn access_token(State(script): State<Arc<Mutex<Script>>>, Form(form): Form<Fields>) -> Answer {
    let has = |name: &str, value: &str| form.get(name).is_some_and(|found| found == value);
    if !has("client_id", &APP.to_string()) || !has("client_secret", SECRET) {
        return graph_error(101);
    }
    let long_lived = has("grant_type", "fb_exchange_token") && has("fb_exchange_token", SHORT);
    match script.lock().unwrap().has_long_lived {
        true if long_lived => (
            StatusCode::OK,
            Json(json!({ "access_token": LONG, "token_type": "bearer", "expires_in": 5_183_944 })),
        ),
        _ if has("code", "code") => (
            StatusCode::OK,
            Json(json!({ "access_token": SHORT, "token_type": "bearer", "expires_in": 5000 })),
        ),
        _ => graph_error(100),
    }
}

async fn debug_token(
    State(script): State<Arc<Mutex<Script>>>,
    headers: HeaderMap,
    Query(asked): Query<Fields>,
) -> Answer {
    if headers["authorization"] != format!("Bearer {APP}|{SECRET}") {
        return graph_error(190);
    }
    let script = script.lock().unwrap().clone();
    let is_known = [SHORT, LONG].contains(&asked["input_token"].as_str());
    let data = match is_known && script.is_valid {
        true => {
            json!({ "app_id": script.app.to_string(), "type": "USER", "is_valid": true, "user_id": script.user })
        }
        false => json!({ "error": { "code": 190, "message": "canary" }, "is_valid": false, "scopes": [] }),
    };
    (StatusCode::OK, Json(json!({ "data": data })))
}

async fn me(State(script): State<Arc<Mutex<Script>>>, headers: HeaderMap) -> Answer {
    let is_known = [SHORT, LONG].iter().any(|token| headers["authorization"] == format!("Bearer {token}"));
    if let Some(code) = script.lock().unwrap().me_refuses {
        return graph_error(code);
    }
    let picture = json!({ "data": { "url": "https://example.com/one.png" } });
    let me = json!({ "id": script.lock().unwrap().profile_user, "name": "한 사람", "picture": picture });
    if is_known { (StatusCode::OK, Json(me)) } else { graph_error(190) }
}

/// What is said of a login, of one that is refreshed and of one that is refused, which must stay secret.
pub async fn secrets_of_some_logins() -> [&'static str; 4] {
    let facebook = start().await;
    facebook.login().await.unwrap();
    facebook.refresh(LONG, "1207059").await.unwrap();
    let made_up = "canary-facebook-made-up";
    facebook.refresh(made_up, "1207059").await.unwrap_err();
    [SHORT, LONG, SECRET, made_up]
}

fn identity(answer: Result<LoginAnswer, LoginError>) -> Result<String, LoginError> {
    answer.map(|answer| answer.identity_id)
}

fn invalid() -> ProviderRefusal {
    ProviderRefusal { status: 200, error: "invalid".to_owned(), code: "190".to_owned() }
}

#[tokio::test]
async fn without_an_id_token_our_own_apps_access_token_counts_and_refreshes_for_two_months() {
    let facebook = start().await;
    let login = facebook.login().await.unwrap();
    assert_eq!(login.identity_id, "facebook:1207059");
    assert_eq!(login.profile.nickname.as_deref(), Some("한 사람"));
    assert_eq!(login.profile.picture.as_deref(), Some("https://example.com/one.png"));
    assert_eq!(login.refresh_token.unwrap().expose(), LONG, "the token of 60 days");
    let again = facebook.refresh(LONG, "1207059").await.unwrap();
    assert_eq!((again.identity_id.as_str(), again.profile), ("facebook:1207059", login.profile));
    assert!(again.refresh_token.is_none(), "it stays the same for its 60 days");

    facebook.says(|lie| lie.has_long_lived = false);
    let short = facebook.login().await.unwrap();
    assert!(short.refresh_token.is_none(), "a player without one is logged in all the same, for an hour");
    let mut request = forger::request();
    request.code = AuthorizationCode::new("used");
    let used = facebook.accounts.login("facebook", &request).await;
    let refusal = ProviderRefusal { status: 400, error: "OAuthException".to_owned(), code: "100".to_owned() };
    assert_eq!(identity(used), Err(LoginError::Code(refusal)));
}

#[tokio::test]
async fn what_is_not_this_apps_and_this_players_logs_nobody_in() {
    let facebook = start().await;
    facebook.says(|lie| lie.app = 666);
    let other_app = LoginError::App { ours: APP, found: 666 };
    assert_eq!(
        identity(facebook.login().await),
        Err(other_app.clone()),
        "a token that another app was given"
    );
    assert_eq!(identity(facebook.refresh(LONG, "1207059").await), Err(other_app));
    facebook.says(|lie| lie.profile_user = "2");
    assert_eq!(identity(facebook.login().await), Err(LoginError::Player), "two sources name two players");
    facebook.says(|lie| (lie.user, lie.profile_user) = ("2", "2"));
    let other = facebook.refresh(LONG, "1207059").await;
    assert_eq!(identity(other), Err(LoginError::Player), "nobody becomes another player unnoticed");
    facebook.says(|lie| lie.is_valid = false);
    assert_eq!(identity(facebook.login().await), Err(LoginError::AccessToken(invalid())));
    let revoked = facebook.refresh(LONG, "1207059").await;
    assert_eq!(identity(revoked), Err(LoginError::Refresh(invalid())), "expired or taken back: log in again");
    facebook.says(|_| {});
    for made_up in ["made-up", "", "a&access_token=b"] {
        let refused = facebook.refresh(made_up, "1207059").await;
        assert_eq!(identity(refused), Err(LoginError::Refresh(invalid())), "{made_up:?}");
    }
}

#[tokio::test]
async fn a_wrong_app_secret_ends_no_login() {
    let facebook = start_with_secret("wrong").await;
    let refused = facebook.refresh(LONG, "1207059").await;
    let refusal = ProviderRefusal { status: 400, error: "OAuthException".to_owned(), code: "190".to_owned() };
    assert_eq!(identity(refused), Err(LoginError::Client(refusal)), "it is ours to mend");
}

#[tokio::test]
async fn troubles_of_facebooks_own_and_of_our_apps_settings_end_no_login() {
    let facebook = start().await;
    // Unknown error, downtime, too many calls, `appsecret_proof` wanted.
    for code in [1, 2, 4, 100] {
        facebook.says(|lie| lie.me_refuses = Some(code));
        let refused = identity(facebook.refresh(LONG, "1207059").await);
        assert!(
            matches!(refused, Err(LoginError::Client(_))),
            "{code}: the token is still good: {refused:?}"
        );
    }
    facebook.says(|lie| lie.me_refuses = Some(190));
    let refused = identity(facebook.refresh(LONG, "1207059").await);
    assert!(matches!(refused, Err(LoginError::Refresh(_))), "the token has come to its end: {refused:?}");
}
