//! The same login at an OpenID provider that others wrote, by Google's row.
//!
//! `npm install oidc-provider@9` in a folder, then
//! `NARU_OIDC_PROVIDER=<folder> cargo test -p naru-backend -- --ignored`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use naru_backend::accounts::{Accounts, App, LoginError, Provider, ProviderHttp, Providers};
use naru_backend::platform::{BoundedHttp, KeySets, ProviderRefusal, SignedTokenError, SystemClock};
use naru_local_cloud::{Config, LocalCloud, StudioApp};
use naru_protocol::login::{LoginAttempt, LoginProvider, LoginRequest};
use naru_protocol::{ClientSecret, CodeVerifier, Nonce};
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::cases::embedded::HERE;
use crate::forger::AnyIdentity;

const SECRET: &str = "a-client-secret-of-some-length-00";

struct Independent {
    process: Child,
    /// Kept open: the provider goes on writing, and a closed pipe would end it.
    _output: Lines<BufReader<ChildStdout>>,
    url: String,
    row: Provider,
}

impl Drop for Independent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start() -> Independent {
    let folder = std::env::var("NARU_OIDC_PROVIDER").expect("NARU_OIDC_PROVIDER names the npm folder");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/accounts/oidc-provider.mjs");
    let mut process = Command::new("node")
        .args([script, &folder, &free.port().to_string(), HERE])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(output.any(|line| line.unwrap() == "ready"));
    let url = format!("http://{free}");
    Independent { process, _output: output, row: row(&url), url }
}

/// Google's row, which is OpenID Connect and nothing else, with the addresses of this provider.
fn row(url: &str) -> Provider {
    Provider::google(App::with_secret("app", SECRET), Some(url)).unwrap()
}

impl Independent {
    fn accounts(&self, change: impl FnOnce(&mut Provider)) -> Accounts {
        let mut row = self.row.clone();
        change(&mut row);
        let http = BoundedHttp::new().unwrap();
        let providers = ProviderHttp::new(http.clone(), KeySets::new(http));
        Accounts::new(Providers::new([row]), providers, Arc::new(AnyIdentity), Arc::new(SystemClock))
    }

    /// Logs in and consents on the provider's own pages.
    async fn consent(&self) -> LoginRequest {
        self.consent_at(&self.row.public()).await
    }

    async fn consent_at(&self, row: &LoginProvider) -> LoginRequest {
        let random = [(); 3].map(|()| std::array::from_fn(|_| fastrand::u8(..)));
        let attempt = LoginAttempt::new(HERE, random).unwrap();
        let mut url = attempt.authorize_url(row).unwrap();
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut cookies = BTreeMap::new();
        let mut form: Option<Vec<(&str, &str)>> = None;
        while !url.as_str().starts_with(HERE) {
            let request = match form.take() {
                Some(form) => browser.post(url.clone()).form(&form),
                None => browser.get(url.clone()),
            };
            let sent: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = request.header(COOKIE, sent.join("; ")).send().await.unwrap();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            match answer.headers().get("location") {
                Some(location) => url = url.join(location.to_str().unwrap()).unwrap(),
                None => {
                    let html = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
                    form = Some(match html.contains("value=\"login\"") {
                        true => vec![("prompt", "login"), ("login", "one"), ("password", "any")],
                        false => vec![("prompt", "consent")],
                    });
                }
            }
        }
        let code = attempt.read_redirect(&url).unwrap();
        attempt.into_request(code)
    }
}

#[tokio::test]
#[ignore = "needs Node and the npm package oidc-provider"]
async fn an_independent_provider_agrees() {
    let provider = start();
    let accounts = provider.accounts(|_| {});
    let good = provider.consent().await;
    let answer = accounts.login("google", &good).await.unwrap();
    assert_eq!(answer.identity_id, "google:one");
    assert_eq!(answer.profile.nickname.as_deref(), Some("One"), "the scope `profile` brings the name");

    let refusal = || ProviderRefusal { status: 400, error: "invalid_grant".into(), code: String::new() };
    let replayed = accounts.login("google", &good).await.map(|_| ());
    assert_eq!(replayed, Err(LoginError::Code(refusal())), "replayed");
    let mut request = provider.consent().await;
    request.code_verifier = CodeVerifier::from_random([9; 32]);
    let verifier = accounts.login("google", &request).await.map(|_| ());
    assert_eq!(verifier, Err(LoginError::Code(refusal())), "another verifier");
    let mut request = provider.consent().await;
    request.nonce = Nonce::new("other");
    let nonce = accounts.login("google", &request).await.map(|_| ());
    assert_eq!(nonce, Err(SignedTokenError::Nonce.into()));

    let wrong = provider.accounts(|row| row.app.client_secret = Some(ClientSecret::new("wrong")));
    let secret = wrong.login("google", &provider.consent().await).await;
    assert!(matches!(secret, Err(LoginError::Client(_))), "{secret:?}");
    let wrong = provider.accounts(|row| row.issuers = vec!["https://other".into()]);
    let issuer = wrong.login("google", &provider.consent().await).await.map(|_| ());
    assert!(matches!(issuer, Err(LoginError::IdToken(SignedTokenError::Issuer(_)))), "{issuer:?}");
}

/// What stands between a launcher and Google's row in a server: its settings, the router, Cognito.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Node and the npm package oidc-provider"]
async fn google_is_served_from_settings_and_its_logins_are_refreshed() {
    let provider = start();
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    let (client_id, client_secret) = ("app".to_owned(), SECRET.to_owned());
    config.google = Some(StudioApp { client_id, client_secret, url: Some(provider.url.clone()) });
    let cloud = LocalCloud::start(config).await.unwrap();
    let services = cloud.endpoints().services_url.clone();
    let rows = reqwest::get(format!("{services}/login/providers")).await.unwrap();
    let rows: Vec<LoginProvider> = rows.json().await.unwrap();
    let row = rows.iter().find(|row| row.provider == "google").unwrap();
    assert_eq!(row.window_hosts, [""; 0], "Google's pages are for the player's own browser");

    let (status, login) = post(&services, "/login/google", &json!(provider.consent_at(row).await)).await;
    assert_eq!((status, &login["profile"]["id"]), (200, &json!("one")), "{login}");
    let good = json!({ "refresh_token": login["refreshToken"], "id": "one" });
    for _ in 0..2 {
        let (status, again) = post(&services, "/login/google/refresh", &good).await;
        assert_eq!(
            (status, &again["identityId"]),
            (200, &login["identityId"]),
            "Google's stays good: {again}"
        );
        assert_eq!(again["profile"]["nickname"], "One", "the ID token of a refresh has the profile too");
    }
    for (name, refresh_token, id, code) in [
        ("another player", &login["refreshToken"], "two", "wrong-player"),
        ("made up", &json!("made-up"), "one", "refresh-refused"),
    ] {
        let asked = json!({ "refresh_token": refresh_token, "id": id });
        let (_, problem) = post(&services, "/login/google/refresh", &asked).await;
        assert_eq!(problem["code"], code, "{name}: {problem}");
    }
    let revoke =
        [("token", login["refreshToken"].as_str().unwrap()), ("client_id", "app"), ("client_secret", SECRET)];
    let revoked = reqwest::Client::new().post(format!("{}/revoke", provider.url)).form(&revoke).send().await;
    assert_eq!(revoked.unwrap().status(), 200, "the player takes the app's right back at Google");
    let (status, problem) = post(&services, "/login/google/refresh", &good).await;
    assert_eq!((status, &problem["code"]), (401, &json!("refresh-refused")), "{problem}");
}

async fn post(services: &str, path: &str, body: &Value) -> (u16, Value) {
    let sent = reqwest::Client::new().post(format!("{services}{path}")).json(body).send().await.unwrap();
    (sent.status().as_u16(), sent.json().await.unwrap())
}
