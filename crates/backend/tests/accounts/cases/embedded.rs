//! The embedded cloud with the accounts service before it, and a browser without a window.

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sdk_cognitoidentity::Client;
use aws_sdk_cognitoidentity::config::{BehaviorVersion, Region};
use naru_backend::accounts::{App, KakaoHosts, Login, LoginPlaces, Provider, Providers};
use naru_backend::platform::{BoundedHttp, TokenVerifier};
use naru_local_cloud::{Config, KakaoApp, LocalCloud};
use naru_protocol::AuthorizationCode;
use naru_protocol::login::{LoginAttempt, LoginProvider, LoginRequest};
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use crate::login_host::LoginHost;

pub const HERE: &str = "http://127.0.0.1:9720/login/kakao";

pub struct World {
    pub cloud: LocalCloud,
    pub folder: TempDir,
    pub host: LoginHost,
    pub browser: reqwest::Client,
}

/// Another studio's app at Kakao.
pub fn other_app() -> KakaoApp {
    KakaoApp { app_id: 666, rest_api_key: "other".into(), ..KakaoApp::development() }
}

/// Nothing where this host is not there on this machine, which it has said then.
pub async fn start() -> Option<World> {
    start_with(|_| {}).await
}

pub async fn start_with(change: impl FnOnce(&mut Config)) -> Option<World> {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    config.kakao_apps.push(other_app());
    change(&mut config);
    let cloud = LocalCloud::start(config).await.unwrap();
    let host = LoginHost::start(&cloud).await?;
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Some(World { cloud, folder, host, browser })
}

/// The login as a server sets it up, with the app that the studio registered.
pub fn login(cloud: &LocalCloud) -> Login {
    let development = KakaoApp::development();
    let app = App::with_secret(&development.rest_api_key, &development.client_secret);
    let at = cloud.endpoints();
    let hosts = KakaoHosts { auth: at.kakao_url.clone(), api: at.kakao_url.clone() };
    let places = LoginPlaces {
        http: BoundedHttp::for_plain_http().unwrap(),
        providers: Providers::new([Provider::kakao(app, development.app_id, &hosts).unwrap()]),
        cognito: cognito(cloud),
        cognito_url: at.control_url.parse().unwrap(),
        identity_pool: at.identity_pool.clone(),
        developer_provider: at.developer_provider.clone(),
    };
    Login::open(places).unwrap()
}

pub fn cognito(cloud: &LocalCloud) -> Client {
    let keys = cloud.publisher();
    let credentials = Credentials::new(&keys.access_key_id, &keys.secret_access_key, None, None, "backend");
    let config = aws_sdk_cognitoidentity::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(cloud.endpoints().region.clone()))
        .endpoint_url(&cloud.endpoints().control_url)
        .credentials_provider(credentials);
    Client::from_conf(config.build())
}

impl World {
    pub fn verifier(&self) -> Arc<dyn TokenVerifier> {
        login(&self.cloud).tokens
    }

    /// Begins a login as the launcher does.
    pub async fn begin(&self) -> (LoginAttempt, Url) {
        let url = format!("{}/login/providers", self.host.url);
        let providers: Vec<LoginProvider> =
            serde_json::from_slice(&self.browser.get(url).send().await.unwrap().bytes().await.unwrap())
                .unwrap();
        let random = [(); 3].map(|()| std::array::from_fn(|_| fastrand::u8(..)));
        let attempt = LoginAttempt::new(HERE, random).unwrap();
        let page = attempt.authorize_url(&providers[0]).unwrap();
        (attempt, page)
    }

    /// Opens the page, fills in its form, and gives where it leads.
    pub async fn decide(&self, page: &Url, nickname: &str, decision: &str) -> Url {
        let page = self.browser.get(page.clone()).header("accept-language", "ko-KR,en").send().await.unwrap();
        assert_eq!(page.status(), 200);
        let html = String::from_utf8(page.bytes().await.unwrap().to_vec()).unwrap();
        assert!(html.contains("<html lang=ko>") && html.contains("동의하고 계속하기"), "{html}");
        let mut form = hidden_fields(&html);
        form.push(("nickname".into(), nickname.into()));
        form.push(("decision".into(), decision.into()));
        let url = format!("{}/oauth/authorize", self.cloud.endpoints().kakao_url);
        let redirect = self.browser.post(url).form(&form).send().await.unwrap();
        assert_eq!(redirect.status(), 302);
        Url::parse(redirect.headers()["location"].to_str().unwrap()).unwrap()
    }

    /// All of a login but the last step.
    pub async fn consent(&self, nickname: &str) -> LoginRequest {
        let (attempt, page) = self.begin().await;
        let redirect = self.decide(&page, nickname, "agree").await;
        let code = attempt.read_redirect(&redirect).unwrap();
        attempt.into_request(code)
    }

    pub async fn post(&self, request: &LoginRequest) -> (u16, Value) {
        let answer = self.browser.post(format!("{}/login/kakao", self.host.url)).json(request).send().await;
        read(answer.unwrap()).await
    }

    /// Tokens of Kakao for another app, as its owner can get them.
    pub async fn tokens_of(&self, app: &KakaoApp, nickname: &str) -> Value {
        let (attempt, mut page) = self.begin().await;
        let query = page.query().unwrap().replace(&KakaoApp::development().rest_api_key, &app.rest_api_key);
        page.set_query(Some(&query));
        let redirect = self.decide(&page, nickname, "agree").await;
        let code: AuthorizationCode = attempt.read_redirect(&redirect).unwrap();
        let request = attempt.into_request(code);
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &app.rest_api_key),
            ("client_secret", &app.client_secret),
            ("redirect_uri", HERE),
            ("code", request.code.expose()),
            ("code_verifier", request.code_verifier.expose()),
        ];
        let url = format!("{}/oauth/token", self.cloud.endpoints().kakao_url);
        read(self.browser.post(url).form(&form).send().await.unwrap()).await.1
    }

    pub async fn login_2017(&self, id: &str, token: &str) -> (u16, Value) {
        let query = [("id", id), ("access_token", token), ("expires_in", "21599")];
        let url = Url::parse_with_params(&format!("{}/login/kakao", self.host.url), query).unwrap();
        read(self.browser.get(url).send().await.unwrap()).await
    }
}

pub async fn read(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store", "tokens and refusals are kept by nobody");
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
}

/// The hidden fields of the page's first form.
fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let form = html.split("</form>").next().unwrap();
    let fields = form.split("<input type=hidden name=").skip(1);
    fields
        .map(|field| {
            let (name, rest) = field.split_once(" value=\"").unwrap();
            let value = rest.split('"').next().unwrap().replace("&amp;", "&");
            (name.to_owned(), value)
        })
        .collect()
}
