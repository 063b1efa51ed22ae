//! The login, through the stand-in's page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use naru_launcher_core::view::{Account, Launcher, LauncherEvent, LoginWay, ProblemCode, Remembered};
use naru_launcher_core::{Endpoints, GameRequest};
use url::Url;

use crate::person::{HERE, begin, decide, log_in};
use crate::world::{World, until};

fn is_logged_in(view: &Launcher) -> bool {
    matches!(view.account, Account::LoggedIn { .. })
}

fn secret(world: &World) -> Option<String> {
    let secret = world.keychain.secret.lock().unwrap().clone();
    secret.map(|secret| String::from_utf8(secret).unwrap())
}

/// What the launcher keeps of a player whose token says that it is good until `exp`.
fn kept(exp: i64) -> Vec<u8> {
    let claims = URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{exp}}}"));
    let at = jiff::Timestamp::from_second(exp).unwrap();
    let player = r#"{"nickname":"사공","provider":"kakao"}"#;
    format!(r#"{{"player":{player},"token":"e30.{claims}.sig","expires_at":"{at}"}}"#).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_logs_in_and_stays_logged_in() {
    let world = World::new().await;
    let core = world.open();
    assert_eq!(core.view().providers, ["kakao"]);
    let page = begin(&core).await;
    assert_eq!(page.redirect.as_str(), HERE);
    assert!(matches!(core.view().account, Account::LoggingIn { way: LoginWay::Window, .. }));
    let redirect = decide(&page, "사공", "agree").await;
    core.finish_login(&redirect).await.unwrap();
    let Account::LoggedIn { player, remembered } = core.view().account else { panic!() };
    assert_eq!((player.nickname.as_deref(), &*player.provider), (Some("사공"), "kakao"));
    assert_eq!(remembered, Remembered::Keychain);
    assert!(secret(&world).unwrap().contains("사공"));

    let again = world.open();
    until(&again, "the keychain is read", is_logged_in).await;
    let offline = world.open_offline();
    until(&offline, "a pulled cable logs nobody out", is_logged_in).await;
    offline.board(None).await.unwrap_err();
    assert!(is_logged_in(&offline.view()), "nor does a request that comes to nothing");
    let problem = core.finish_login(&redirect).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::LoginRefused, "a redirect is worth one login");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_of_another_login_is_refused_and_the_right_one_is_still_waited_for() {
    let world = World::new().await;
    let core = world.open();
    let strangers = begin(&world.open()).await;
    let smuggled = decide(&strangers, "도둑", "agree").await;
    let page = begin(&core).await;
    let problem = core.finish_login(&smuggled).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::LoginRefused, "it would log the player in as somebody else");
    let elsewhere = Url::parse("http://127.0.0.1:9999/login/kakao?code=a&state=b").unwrap();
    core.finish_login(&elsewhere).await.unwrap_err();
    assert!(matches!(core.view().account, Account::LoggingIn { .. }), "nobody can end it from outside");
    core.finish_login(&decide(&page, "사공", "agree").await).await.unwrap();
    assert!(is_logged_in(&core.view()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_who_says_no_is_logged_out_without_a_complaint() {
    let world = World::new().await;
    let core = world.open();
    let page = begin(&core).await;
    core.finish_login(&decide(&page, "사공", "cancel").await).await.unwrap_err();
    assert_eq!(core.view().account, Account::LoggedOut { problem: None }, "he knows what he did");
    begin(&core).await;
    core.cancel_login();
    assert_eq!(core.view().account, Account::LoggedOut { problem: None }, "so does one who closes it");
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_forgets() {
    let world = World::new().await;
    let core = world.open();
    log_in(&core, "사공").await;
    core.log_out();
    assert_eq!(core.view().account, Account::LoggedOut { problem: None });
    world.keychain.until("nothing is left for the next start", |secret| secret.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_the_login_is_kept_in_memory_and_says_why() {
    let world = World::new().await;
    *world.keychain.is_locked.lock().unwrap() = true;
    let core = world.open();
    log_in(&core, "사공").await;
    let Account::LoggedIn { remembered, .. } = core.view().account else { panic!() };
    assert_eq!(remembered, Remembered::Memory { reason: "locked".into() });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_has_run_out_is_no_logout() {
    let world = World::new().await;
    *world.keychain.secret.lock().unwrap() = Some(kept(1_000_000_000));
    let core = world.open();
    let view = until(&core, "it is read", |view| matches!(view.account, Account::Expired { .. })).await;
    let Account::Expired { player } = view.account else { panic!() };
    assert_eq!(player.nickname.as_deref(), Some("사공"), "he is greeted by his name all the same");
    core.board(None).await.unwrap();
    log_in(&core, "사공").await;
    assert!(is_logged_in(&core.view()), "and logs in again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_a_refresh_token_runs_out_while_the_window_is_open() {
    let world = World::new().await;
    let soon = jiff::Timestamp::now().as_second() + 30;
    *world.keychain.secret.lock().unwrap() = Some(kept(soon));
    let core = world.open();
    until(&core, "it is good at first", is_logged_in).await;
    world.clock.move_by(SignedDuration::from_secs(31));
    let is_told = |event: &LauncherEvent| matches!(event, LauncherEvent::Account(Account::Expired { .. }));
    world.heard.until("the window hears of it without asking", is_told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_services_refuse_counts_as_run_out() {
    let world = World::new().await;
    *world.keychain.secret.lock().unwrap() = Some(kept(4_000_000_000));
    let core = world.open();
    until(&core, "it is read", is_logged_in).await;
    let board = core.board(None).await.unwrap();
    assert_eq!(board.own, None, "the board is shown all the same");
    assert!(matches!(core.view().account, Account::Expired { .. }), "made up, or of another service");
    let runs =
        GameRequest { method: "POST".into(), path_and_query: "/runs".into(), ..GameRequest::default() };
    assert_eq!(core.services_request(runs).await.status, 401, "the game plays on without scores");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_are_away_are_told_as_such() {
    let world = World::new().await;
    let core = world.open_offline();
    let problem = core.begin_login("kakao", LoginWay::Browser, HERE).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::Unreachable);
    let Account::LoggedOut { problem: shown } = core.view().account else { panic!() };
    assert_eq!(shown, Some(problem));
    let problem = core.begin_login("../runs", LoginWay::Browser, HERE).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::NotFound, "only the brand's own providers are asked for");
    let core = world.open_with(Endpoints { services: None, ..world.endpoints() });
    assert!(core.view().providers.is_empty(), "no services, no login");
}
