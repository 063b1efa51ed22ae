//! Requests that a web page could have caused. A real browser is let loose in `tests/web`.

use std::fs;

use naru_local_cloud::{Config, LocalCloud};
use reqwest::{Client, Method, RequestBuilder, StatusCode};

use crate::support::{self, Cloud};

/// One address of each port that answers programs, and its status.
fn addresses(cloud: &Cloud) -> [(String, u16); 5] {
    let at = cloud.cloud.endpoints();
    [
        (format!("{}/naru/a", at.s3_url), 403),
        (format!("{}a", at.edge_url), 200),
        (format!("{}/user-pool/inbox", at.control_url), 200),
        (format!("{}/login/providers", at.services_url), 200),
        (format!("{}/.well-known/jwks.json", at.kakao_url), 200),
    ]
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn no_port_answers_to_a_name_that_is_not_its_own() {
    let cloud = support::start().await;
    cloud.put("a", "text").await;
    let client = Client::new();
    for (url, own) in addresses(&cloud) {
        assert_eq!(status(client.get(&url)).await, own, "{url}: a program asks");
        let rebound = client.get(&url).header("host", "evil.example");
        assert_eq!(status(rebound).await, 421, "{url}: a page whose name was made to lead here");
        let port = url.split(':').nth(2).unwrap().split('/').next().unwrap();
        let rebound = client.get(&url).header("host", format!("evil.example:{port}"));
        assert_eq!(status(rebound).await, 421, "{url}: with the port too");
        let other = client.get(&url).header("host", "127.0.0.1:1");
        assert_eq!(status(other).await, 421, "{url}: another server's port");
        let localhost = client.get(url.replace("127.0.0.1", "localhost"));
        assert_eq!(status(localhost).await, own, "{url}: its other name");
    }
}

#[tokio::test]
async fn no_port_answers_a_page_of_another_origin() {
    let cloud = support::start().await;
    cloud.put("a", "text").await;
    let client = Client::new();
    for (url, _) in addresses(&cloud) {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
            for method in [Method::GET, Method::POST, Method::PUT, Method::OPTIONS] {
                let asked =
                    client.request(method.clone(), &url).header("origin", origin).send().await.unwrap();
                assert_eq!(asked.status(), StatusCode::FORBIDDEN, "{method} {url} from {origin}");
                let allowed = asked.headers().get("access-control-allow-origin");
                assert_eq!(allowed, None, "{method} {url}: the page reads nothing, not even the refusal");
            }
        }
        for site in ["cross-site", "same-site"] {
            let image = client.get(&url).header("sec-fetch-site", site);
            assert_eq!(status(image).await, 403, "{url}: an image on a page, {site}");
        }
        let socket = client.get(&url).header("connection", "upgrade").header("upgrade", "websocket");
        assert_eq!(status(socket).await, 403, "{url}: there is no WebSocket");
        let form = client.post(&url).header("content-type", "multipart/form-data; boundary=x").body("--x--");
        assert_eq!(status(form).await, 403, "{url}: a form uploads nothing");
    }
}

#[tokio::test]
async fn what_is_served_runs_nowhere() {
    let cloud = support::start().await;
    let page = cloud.s3.put_object().bucket("naru").key("page.html").content_type("text/html");
    page.body(b"<script>steal()</script>".to_vec().into()).send().await.unwrap();
    let expires = std::time::Duration::from_secs(60);
    let expires = aws_sdk_s3::presigning::PresigningConfig::expires_in(expires).unwrap();
    let signed = cloud.s3.get_object().bucket("naru").key("page.html").presigned(expires).await.unwrap();
    for url in [cloud.edge_url("page.html"), cloud.edge_url("absent"), signed.uri().to_owned()] {
        let answer = reqwest::get(&url).await.unwrap();
        let header =
            |name| answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        assert_eq!(header("x-content-type-options"), "nosniff", "{url}: bytes are not guessed to be a page");
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("sandbox;"),
            "{url}: a page of the bucket has no origin and no scripts: {policy}"
        );
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{url}: nor is it embedded");
    }
}

#[tokio::test]
async fn a_named_page_may_ask_the_services_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let page = "http://localhost:5173";
    let config = Config { pages: vec![page.to_owned()], ..Config::new(folder.path()) };
    let cloud = LocalCloud::start(config).await.unwrap();
    let at = cloud.endpoints();
    let client = Client::new();
    let ask = |url: String| client.get(url).header("origin", page).header("sec-fetch-site", "same-site");
    let services = ask(format!("{}/login/providers", at.services_url)).send().await.unwrap();
    assert_eq!(services.status(), StatusCode::OK, "the game that is developed in a browser");
    assert!(services.headers().contains_key("access-control-allow-origin"), "and it can read the answer");
    let inbox = ask(format!("{}/user-pool/inbox", at.control_url));
    assert_eq!(status(inbox).await, 403, "no page has business there");
}

#[tokio::test]
async fn the_form_of_the_login_page_is_its_own() {
    let cloud = support::start().await;
    let at = cloud.cloud.endpoints();
    let form = [
        ("client_id", "00000000000000000000000naru00key"),
        ("redirect_uri", "http://127.0.0.1:9720/login/kakao"),
        ("response_type", "code"),
        ("nickname", "Mallory"),
        ("decision", "agree"),
    ];
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let post = |origin: &str| {
        let url = format!("{}/oauth/authorize", at.kakao_url);
        client.post(url).header("origin", origin).form(&form)
    };
    assert_eq!(status(post("https://evil.example")).await, 403, "no other page may agree for the player");
    assert_eq!(status(post(&at.kakao_url)).await, 302, "the page's own form");
}

#[tokio::test]
async fn each_data_folder_has_keys_of_its_own_and_keeps_them() {
    let one = support::start().await;
    let other = support::start().await;
    let keys = one.cloud.publisher().clone();
    assert_ne!(keys.access_key_id, other.cloud.publisher().access_key_id);
    assert_ne!(keys.secret_access_key, other.cloud.publisher().secret_access_key);
    assert_eq!((keys.access_key_id.len(), keys.secret_access_key.len()), (20, 40), "in the form of AWS's");
    let debug = format!("{keys:?}");
    assert!(!debug.contains(&keys.secret_access_key), "a log must not have it: {debug}");

    let foreign = support::s3(&other.cloud, support::publisher(&one.cloud));
    let refused = foreign.list_buckets().send().await;
    assert_eq!(support::refusal(refused), support::refused(403, "InvalidAccessKeyId"));

    let again = one.restart().await;
    assert_eq!(again.cloud.publisher(), &keys, "what was exported stays good over a restart");
    let secret = again.folder.path().join("keys/publisher");
    assert!(fs::metadata(&secret).unwrap().len() > 0);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&secret).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "other users of the machine must not read it");
    }
}
