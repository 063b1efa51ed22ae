//! A person at the provider's page.

use std::sync::Arc;

use naru_launcher_core::view::LoginWay;
use naru_launcher_core::{Launcher, LoginPage};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use url::Url;
use url::form_urlencoded::Serializer;

/// Where the embedded Kakao lets logins lead to.
pub const HERE: &str = "http://127.0.0.1:9720/login/kakao";

pub async fn begin(launcher: &Arc<Launcher>) -> LoginPage {
    launcher.account().begin_login("kakao", LoginWay::Window, HERE).await.unwrap()
}

/// Fills in the page's form; answers where it leads.
pub async fn decide(page: &LoginPage, nickname: &str, decision: &str) -> Url {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(page.url.query_pairs()).append_pair("nickname", nickname);
    let form = form.append_pair("decision", decision).finish();
    let mut url = page.url.clone();
    url.set_query(None);
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let sent = browser.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
    let answer = sent.send().await.unwrap();
    assert_eq!(answer.status(), 302, "the page leads back to the launcher");
    Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap()
}

/// A whole login.
pub async fn log_in(launcher: &Arc<Launcher>, nickname: &str) {
    let page = begin(launcher).await;
    let redirect = decide(&page, nickname, "agree").await;
    launcher.account().finish_login(&redirect).await.unwrap();
}
