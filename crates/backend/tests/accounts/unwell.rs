//! Providers that are down, slow, broken or endless.

use std::time::{Duration, Instant};

use naru_backend::accounts::LoginError;
use naru_backend::platform::ProviderError;

use crate::forger::{self, Health};

const HOST: &str = "127.0.0.1";

/// What is wrong, what was asked for at the token endpoint and for keys, the error.
type Case = (Health, &'static [&'static str; 2], fn(String, &'static str) -> ProviderError);

fn cases() -> Vec<Case> {
    const WANTED: &[&str; 2] = &["tokens", "key set"];
    vec![
        (Health::Slow, WANTED, |host, _| ProviderError::Slow { host }),
        (Health::Trickles, WANTED, |host, _| ProviderError::Slow { host }),
        (Health::Garbage, WANTED, |host, wanted| ProviderError::Garbage { host, wanted }),
        (Health::Oversized, WANTED, |host, _| ProviderError::TooLarge { host, limit: 65_536 }),
        (Health::Fails, WANTED, |host, _| ProviderError::Status { host, status: 500 }),
        (Health::Redirects, WANTED, |host, _| ProviderError::Status { host, status: 302 }),
    ]
}

#[tokio::test]
async fn an_unwell_provider_logs_nobody_in_and_holds_nobody_up() {
    for (health, wanted, error) in cases() {
        for (place, wanted) in wanted.iter().enumerate() {
            let forger = forger::start().await;
            let begun = Instant::now();
            let result = forger.login_with(|script| script.health[place] = health).await;
            let expected = LoginError::Provider(error(HOST.to_owned(), wanted));
            assert_eq!(result.map(|_| ()), Err(expected), "{health:?} {wanted}");
            assert!(
                begun.elapsed() < Duration::from_millis(4500),
                "{health:?} {wanted}: sooner than it answers"
            );
        }
    }
}

#[tokio::test]
async fn an_unwell_provider_is_no_reason_to_end_a_login() {
    for (health, wanted, error) in cases() {
        let forger = forger::start().await;
        let result = forger.refresh_with(|script| script.health[0] = health).await;
        let expected = LoginError::Provider(error(HOST.to_owned(), wanted[0]));
        assert_eq!(result.map(|_| ()), Err(expected), "{health:?}: it is told from a refusal");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_as_such() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let accounts = forger::accounts(&format!("http://{free}"), Duration::ZERO);
    let result = accounts.login("kakao", &forger::request()).await;
    let expected = LoginError::Provider(ProviderError::Down { host: HOST.to_owned() });
    assert_eq!(result.map(|_| ()), Err(expected));
}

#[tokio::test]
async fn known_keys_serve_while_the_keys_cannot_be_fetched() {
    const PAUSE: Duration = Duration::from_secs(60);
    let forger = forger::start_with_times(Duration::ZERO, PAUSE).await;
    forger.script.lock().unwrap().health[1] = Health::Fails;
    let down = LoginError::Provider(ProviderError::Status { host: HOST.to_owned(), status: 500 });
    for _ in 0..2 {
        let result = forger.login().await.map(|_| ());
        assert_eq!(result, Err(down.clone()), "without keys it is the issuer's fault, not the token's");
    }
    assert_eq!(forger.key_requests(), 1, "an issuer that has failed is left alone for a while");

    let forger = forger::start_with_times(Duration::ZERO, Duration::from_millis(400)).await;
    forger.login().await.unwrap();
    tokio::time::sleep(Duration::from_millis(450)).await;
    forger.script.lock().unwrap().health[1] = Health::Fails;
    for turn in 0..2 {
        assert!(forger.login().await.is_ok(), "old keys are good, asked again or not: {turn}");
    }
    assert_eq!(forger.key_requests(), 2, "once for both");
}
