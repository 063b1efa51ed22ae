//! Staying logged in: another token before the old one runs out.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use naru_launcher_core::view::{self, Account};
use naru_launcher_core::{Endpoint, Endpoints, GameRequest, Launcher};
use naru_testkit::{ChaosProxy, Fault, Nth, Rule};

use crate::person::log_in;
use crate::world::{World, until, wait};

const REFRESH: &str = "/login/kakao/refresh";

/// A token is good for an hour.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn is_logged_in(view: &view::Launcher) -> bool {
    matches!(view.account, Account::LoggedIn { .. })
}

fn is_expired(view: &view::Launcher) -> bool {
    matches!(view.account, Account::Expired { .. })
}

fn runs() -> GameRequest {
    GameRequest { method: "POST".into(), path_and_query: "/runs".into(), ..GameRequest::default() }
}

/// The services with something between them and the launcher.
async fn behind(world: &World) -> (ChaosProxy, Endpoints) {
    let services = world.cloud.endpoints().services_url.trim_start_matches("http://").parse().unwrap();
    let proxy = ChaosProxy::start(services).await;
    let url = Endpoint::parse(&proxy.url()).unwrap();
    (proxy, Endpoints { services: Some(url), ..world.endpoints() })
}

fn refreshes(proxy: &ChaosProxy) -> usize {
    proxy.count("POST", REFRESH)
}

/// When the token that is kept came. (Two tokens of one second are the same text.)
fn came_at(world: &World) -> String {
    world.keychain.login()["refresh"]["came_at"].as_str().unwrap().to_owned()
}

/// Ends the launcher.
async fn close(launcher: Arc<Launcher>) {
    let account = Arc::downgrade(launcher.account());
    drop(launcher);
    wait("nobody works for it any more", || account.strong_count() == 0).await;
}

/// Logs in and ends the launcher.
async fn log_in_and_close(world: &World) {
    let launcher = world.open();
    log_in(&launcher, "사공").await;
    close(launcher).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_refreshed_in_good_time_and_nobody_notices() {
    let world = World::new().await;
    let (proxy, endpoints) = behind(&world).await;
    let launcher = world.open_with(endpoints);
    log_in(&launcher, "사공").await;
    let first = came_at(&world);
    world.clock.move_by(SignedDuration::from_mins(44));
    assert_eq!(
        launcher.scores().forward(runs()).await.status,
        201,
        "it is good, and three quarters are not over"
    );
    assert_eq!(refreshes(&proxy), 0, "so nobody was asked for another");
    world.clock.move_by(SignedDuration::from_mins(2));
    let is_other = |kept: Option<&[u8]>| !String::from_utf8_lossy(kept.unwrap()).contains(&first);
    world.keychain.until("the new token is kept for the next start", is_other).await;
    assert!(is_logged_in(&launcher.view()), "and nothing has changed for the player");
    for hour in 0..5 {
        let before = came_at(&world);
        world.clock.move_by(HOUR);
        wait("hour by hour", || came_at(&world) != before).await;
        assert_eq!(launcher.scores().forward(runs()).await.status, 201, "{hour}: scores count all day");
    }
    assert_eq!(refreshes(&proxy), 6, "one for each");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launcher_that_was_closed_for_days_starts_logged_in() {
    let world = World::new().await;
    log_in_and_close(&world).await;
    let first = came_at(&world);
    world.clock.move_by(HOUR * 72);
    let launcher = world.open();
    until(&launcher, "the keychain is read", is_logged_in).await;
    assert_eq!(
        launcher.scores().forward(runs()).await.status,
        201,
        "the game need not wait for a clock to tick"
    );
    assert_ne!(came_at(&world), first, "by a new token");
    assert!(
        launcher.scores().board(None).await.unwrap().own.is_none(),
        "and the board is asked as the player"
    );
    assert!(is_logged_in(&launcher.view()), "who is in no doubt of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_failure_of_the_network_or_a_server_logs_anybody_out() {
    let unavailable = |status: u16, code: &str| {
        let body = format!(r#"{{"type":"x","title":"t","status":{status},"code":"{code}","detail":"d"}}"#);
        let head =
            format!("HTTP/1.1 {status} x\r\nContent-Type: application/problem+json\r\nContent-Length: ");
        Fault::Raw(format!("{head}{}\r\n\r\n{body}", body.len()).into_bytes().into())
    };
    let world = World::new().await;
    log_in_and_close(&world).await;
    for (name, fault) in [
        ("the service fails", Fault::Status(500, Vec::new())),
        ("the provider is down", unavailable(502, "provider-down")),
        ("a setting of the service is wrong", unavailable(502, "app-refused")),
        ("a provider was taken away", unavailable(404, "unknown-provider")),
        ("a refusal that says nothing of the refresh token", unavailable(401, "not-logged-in")),
        (
            "a portal of a hotel",
            Fault::Raw(
                "HTTP/1.1 401 x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno".as_bytes().into(),
            ),
        ),
        (
            "an answer of something else",
            Fault::Raw(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}".as_bytes().into(),
            ),
        ),
        ("an answer that breaks off", Fault::DropAnswer),
    ] {
        let (proxy, endpoints) = behind(&world).await;
        let launcher = world.open_with(endpoints);
        until(&launcher, "the keychain is read", is_logged_in).await;
        let kept = world.keychain.login();
        proxy.inject(Rule::new(REFRESH, Nth::Every, fault));
        world.clock.move_by(HOUR * 2);
        wait(&format!("{name}: it is tried"), || refreshes(&proxy) == 1).await;
        // Waits for the try that is under way.
        launcher.scores().forward(runs()).await;
        launcher.scores().forward(runs()).await;
        assert_eq!(refreshes(&proxy), 1, "{name}: there is a pause, whoever asks");
        assert!(is_logged_in(&launcher.view()), "{name}");
        world.clock.move_by(SignedDuration::from_secs(6));
        wait(&format!("{name}: it is tried again"), || refreshes(&proxy) == 2).await;
        launcher.scores().forward(runs()).await;
        assert_eq!(world.keychain.login(), kept, "{name}: what is kept stays as it is");
        proxy.clear();
        world.clock.move_by(SignedDuration::from_secs(60));
        wait(&format!("{name}: it works again"), || world.keychain.login() != kept).await;
        assert_eq!(
            launcher.scores().forward(runs()).await.status,
            201,
            "{name}: it is over, and all is as before"
        );
        close(launcher).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cable_that_is_pulled_for_a_week_logs_nobody_out() {
    let world = World::new().await;
    log_in_and_close(&world).await;
    let offline = world.open_offline();
    until(&offline, "it is known who plays", is_logged_in).await;
    for _ in 0..7 {
        world.clock.move_by(HOUR * 24);
        assert_eq!(offline.scores().forward(runs()).await.status, 503, "the game is told to try later");
        assert!(is_logged_in(&offline.view()), "who plays is known all the same");
    }
    close(offline).await;
    let online = world.open();
    until(&online, "the keychain is read", is_logged_in).await;
    assert_eq!(online.scores().forward(runs()).await.status, 201, "and back online the login goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_the_provider_no_longer_takes_is_told_to_the_player() {
    let world = World::with(|config| config.kakao_apps[0].refresh_lifetime = Duration::ZERO).await;
    let launcher = world.open();
    log_in(&launcher, "사공").await;
    world.clock.move_by(HOUR);
    let view = until(&launcher, "he has to log in again", is_expired).await;
    let Account::Expired { player, .. } = view.account else { panic!() };
    assert_eq!(player.nickname.as_deref(), Some("사공"), "he is greeted by his name all the same");
    let forgotten = |kept: Option<&[u8]>| !String::from_utf8_lossy(kept.unwrap()).contains("refresh");
    world.keychain.until("it is worth nothing, and not kept", forgotten).await;
    let again = world.open();
    until(&again, "the next start knows it too", is_expired).await;
    log_in(&launcher, "사공").await;
    assert!(is_logged_in(&launcher.view()), "and logs in again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_replaced_is_kept_before_the_next_one_is_needed() {
    let month = |config: &mut naru_local_cloud::Config| {
        config.kakao_apps[0].refresh_lifetime = Duration::from_secs(29 * 24 * 60 * 60);
    };
    let world = World::with(month).await;
    log_in_and_close(&world).await;
    let mut seen = vec![world.keychain.login()["refresh"]["token"].clone()];
    for turn in 0..3 {
        world.clock.move_by(HOUR * 2);
        // As if the launcher were killed between two of them: the keychain is all that is left.
        let launcher = world.open();
        until(&launcher, "the keychain is read", is_logged_in).await;
        assert_eq!(launcher.scores().forward(runs()).await.status, 201, "{turn}");
        let kept = world.keychain.login()["refresh"]["token"].clone();
        assert!(!seen.contains(&kept), "{turn}: Kakao has replaced it");
        seen.push(kept);
        close(launcher).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_are_one_refresh() {
    let world = World::new().await;
    let (proxy, endpoints) = behind(&world).await;
    let launcher = world.open_with(endpoints);
    log_in(&launcher, "사공").await;
    proxy.inject(Rule::new(REFRESH, Nth::Every, Fault::Latency(Duration::from_millis(300))));
    world.clock.move_by(HOUR * 2);
    let asked = (0..8).map(|_| {
        tokio::spawn({
            let launcher = launcher.clone();
            async move { launcher.scores().forward(runs()).await.status }
        })
    });
    for asked in asked.collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap(), 201, "each gets the new token");
    }
    assert_eq!(refreshes(&proxy), 1, "a refresh token that is replaced is good for one exchange");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_or_set_is_no_matter() {
    let world = World::new().await;
    world.clock.move_by(HOUR * 24 * 365);
    let (proxy, endpoints) = behind(&world).await;
    let launcher = world.open_with(endpoints);
    log_in(&launcher, "사공").await;
    assert_eq!(launcher.scores().forward(runs()).await.status, 201, "a year ahead: the token is not old");
    assert_eq!(refreshes(&proxy), 0, "nor is another one asked for again and again");
    let before = came_at(&world);
    world.clock.move_by(-HOUR * 24 * 365);
    wait("set right, nobody knows how old the token is", || came_at(&world) != before).await;
    assert_eq!(refreshes(&proxy), 1, "once");
    assert_eq!(launcher.scores().forward(runs()).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_services_no_longer_take_is_replaced_at_once_but_not_again_and_again() {
    let world = World::new().await;
    let (proxy, endpoints) = behind(&world).await;
    let launcher = world.open_with(endpoints);
    log_in(&launcher, "사공").await;
    world.clock.move_by(SignedDuration::from_mins(5));
    let refused =
        || Fault::Raw("HTTP/1.1 401 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".as_bytes().into());
    proxy.inject(Rule::new("/runs", Nth::Only(1), refused()));
    assert_eq!(launcher.scores().forward(runs()).await.status, 201, "the game never hears of it");
    assert_eq!(refreshes(&proxy), 1, "by a new token");
    proxy.inject(Rule::new("/runs", Nth::Every, refused()));
    for _ in 0..5 {
        assert_eq!(launcher.scores().forward(runs()).await.status, 401, "services that take no token at all");
    }
    assert_eq!(refreshes(&proxy), 1, "are no matter of the token");
    assert!(is_logged_in(&launcher.view()), "nor of the player");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_logs_out_during_a_refresh_stays_logged_out() {
    let world = World::new().await;
    let (proxy, endpoints) = behind(&world).await;
    let launcher = world.open_with(endpoints);
    log_in(&launcher, "사공").await;
    proxy.inject(Rule::new(REFRESH, Nth::Every, Fault::Latency(Duration::from_millis(300))));
    world.clock.move_by(HOUR);
    wait("it is under way", || refreshes(&proxy) == 1).await;
    launcher.account().log_out();
    world.keychain.until("nothing is left for the next start", |secret| secret.is_none()).await;
    // Waits for the refresh that is under way, and for nothing else.
    assert_eq!(launcher.scores().forward(runs()).await.status, 401);
    assert_eq!(launcher.view().account, Account::LoggedOut { problem: None }, "its answer is nobody's");
    assert!(world.keychain.secret.lock().unwrap().is_none(), "nor is it kept");
}
