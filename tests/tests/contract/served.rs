//! `naru serve` as a process, and one player who has logged in there.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use naru_local_cloud::KakaoApp;
use naru_tests::Naru;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

const SERVE: &str = "serve --data cloud --s3-port 0 --edge-port 0 --control-port 0 --services-port 0 \
                     --kakao-port 0 --invalidation-seconds 0 --shapes-2017";

/// Where the login ends. Nothing listens there: the redirect is read, not followed.
const REDIRECT: &str = "http://127.0.0.1:9720/login/kakao";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const NONCE: &str = "a-nonce-of-thirty-two-characters";

/// A running `naru serve`; ended when this is dropped.
pub struct Served {
    process: Child,
    /// Its first line.
    pub line: String,
    /// That line, read.
    pub ready: Value,
    client: Client,
    _root: TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

impl Served {
    pub fn start() -> Self {
        let root = naru_tests::scratch();
        let naru = Naru::new(root.path(), &[]);
        let arguments: Vec<&str> = SERVE.split(' ').filter(|word| !word.is_empty()).collect();
        let mut process = naru.command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(30));
        Self {
            process,
            line: line.trim_end().to_owned(),
            ready,
            client: client.build().unwrap(),
            _root: root,
        }
    }

    /// A variable that it printed.
    pub fn variable(&self, name: &str) -> &str {
        self.ready["environment"][name].as_str().unwrap_or_else(|| panic!("serve names no {name}"))
    }

    /// A request to the services.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.variable("NARU_SERVICES_URL"));
        self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url)
    }

    /// The code that Kakao's page returns to a player who agrees there.
    async fn code(&self) -> String {
        let form = [
            ("response_type", "code"),
            ("client_id", &KakaoApp::development().rest_api_key),
            ("redirect_uri", REDIRECT),
            ("scope", "openid profile_nickname"),
            ("state", "a-state-of-thirty-two-characters"),
            ("nonce", NONCE),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("nickname", "나루"),
            ("decision", "agree"),
        ];
        let page = format!("{}/oauth/authorize", self.variable("NARU_KAKAO_URL"));
        let answer = self.client.post(page).form(&form).send().await.unwrap();
        let place = answer.headers()["location"].to_str().unwrap().to_owned();
        let code = place.split("code=").nth(1).unwrap_or_else(|| panic!("no code in {place}"));
        code.split('&').next().unwrap().to_owned()
    }

    /// What a launcher sends after the player has agreed.
    pub async fn login(&self) -> Value {
        json!({"code": self.code().await, "code_verifier": VERIFIER, "redirect_uri": REDIRECT, "nonce": NONCE})
    }

    /// What a client of 2017 has from Kakao: an access token.
    pub async fn access_token(&self) -> String {
        let (app, code) = (KakaoApp::development(), self.code().await);
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &app.rest_api_key),
            ("client_secret", &app.client_secret),
            ("redirect_uri", REDIRECT),
            ("code", &code),
            ("code_verifier", VERIFIER),
        ];
        let tokens = format!("{}/oauth/token", self.variable("NARU_KAKAO_URL"));
        let answer = self.client.post(tokens).form(&form).send().await.unwrap();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token in {answer}")).to_owned()
    }
}
