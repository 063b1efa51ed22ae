//! Secrets turn up in no trace and no file.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use naru_local_cloud::KakaoApp;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::cases::embedded;
use crate::facebook;
use crate::forger::{self, Signer};

#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Traces {
    type Writer = Traces;

    fn make_writer(&self) -> Traces {
        self.clone()
    }
}

/// At TRACE the AWS SDK writes whole requests and answers; docs/accounts.md says so.
///
/// The subscriber is that of all threads: of one of several threads alone it would miss what another
/// thread has come by first.
#[tokio::test]
async fn secrets_turn_up_in_no_trace_and_no_file() {
    let traces = Traces::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(traces.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let Some(world) = embedded::start().await else { return };
    let request = world.consent("나루").await;
    let (_, answer) = world.post(&request).await;
    world.post(&request).await;
    let tokens = world.tokens_of(&KakaoApp::development(), "나루").await;
    let access = tokens["access_token"].as_str().unwrap();
    world.login_2017("1", access).await;
    let refresh = json!({ "refresh_token": answer["refreshToken"], "id": answer["profile"]["id"] });
    let url = format!("{}/login/kakao/refresh", world.host.url);
    assert_eq!(world.browser.post(&url).json(&refresh).send().await.unwrap().status(), 200);
    let made_up = json!({ "refresh_token": "canary-refresh-made-up", "id": "1" });
    assert_eq!(world.browser.post(&url).json(&made_up).send().await.unwrap().status(), 401);
    let identity = answer["identityId"].as_str().unwrap();
    let token = answer["token"].as_str().unwrap();
    let keys = embedded::cognito(&world.cloud).get_credentials_for_identity();
    let keys = keys.identity_id(identity).logins("cognito-identity.amazonaws.com", token).send().await;
    let keys = keys.unwrap().credentials.unwrap();
    let of_provider = tokens_of_a_provider().await;
    let of_facebook = facebook::secrets_of_some_logins().await;
    let flood = "flood".repeat(20);
    let address = format!("{}/login/{flood}?id=1&access_token=t", world.host.url);
    assert_eq!(world.browser.get(address).send().await.unwrap().status(), 404);

    // What the service itself sends and receives; the last are the client's own.
    let of_service = [
        request.code.expose(),
        request.code_verifier.expose(),
        request.nonce.expose(),
        token,
        access,
        answer["refreshToken"].as_str().unwrap(),
        "canary-refresh-made-up",
        &KakaoApp::development().client_secret,
    ];
    let of_client = [
        tokens["refresh_token"].as_str().unwrap(),
        tokens["id_token"].as_str().unwrap(),
        keys.secret_key().unwrap(),
        keys.session_token().unwrap(),
    ];
    world.cloud.stop().await;

    let traces = traces.0.lock().unwrap().clone();
    let ours: Vec<u8> = lines_of("naru_backend", &traces);
    for said in ["a player logged in", "a login failed", "a login was refreshed", "a refresh failed"] {
        assert!(contains(&ours, said), "the operator is told: {said}");
    }
    let of_provider = of_provider.iter().map(String::as_str);
    assert!(contains(&ours, "flood") && !contains(&ours, &flood), "whoever asks does not fill the log");
    for secret in of_service.into_iter().chain(of_client).chain(of_provider).chain(of_facebook) {
        let line = traces.split(|byte| *byte == b'\n').find(|line| contains(line, secret));
        let shown = line.map(|line| String::from_utf8_lossy(line).chars().take(200).collect::<String>());
        assert_eq!(shown, None, "a trace holds a secret");
    }
    let mut files = 0;
    scan(world.folder.path(), &mut |path, bytes| {
        files += 1;
        for secret in of_service.iter().chain(&of_client) {
            assert!(!contains(bytes, secret), "{} holds a secret", path.display());
        }
    });
    assert!(files >= 2, "the index and the lock at least");
}

/// What a provider gives the service for a code, and that must stay secret: of a login, and of one that failed.
async fn tokens_of_a_provider() -> Vec<String> {
    let forger = forger::start().await;
    forger.login().await.unwrap();
    assert!(forger.login_with(|script| script.signer = Signer::Foreign).await.is_err());
    let given = forger.given.lock().unwrap().clone();
    assert_eq!(given.len(), 4, "an access token and an ID token each");
    given
}

/// The traces of one crate.
fn lines_of(name: &str, traces: &[u8]) -> Vec<u8> {
    let lines = traces.split(|byte| *byte == b'\n').filter(|line| contains(line, name));
    lines.flat_map(|line| line.iter().chain(b"\n")).copied().collect()
}

fn scan(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with("keys") => {}
            true => scan(&path, look),
            false => look(&path, &fs::read(&path).unwrap()),
        }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    !text.is_empty() && bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
