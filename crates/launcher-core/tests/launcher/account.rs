//! The login, through the stand-in's page.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use naru_launcher_core::view::{
    self, Account, ErrorCode, LauncherEvent, LoginWay, ProblemCode, Provider, PublicName, Remembered,
};
use naru_launcher_core::{Endpoint, Endpoints, GameRequest, Launcher};
use naru_local_cloud::StudioApp;
use naru_testkit::{ChaosProxy, Fault, Nth, Rule};
use url::Url;

use crate::person::{HERE, begin, decide, log_in};
use crate::world::{World, until};

fn is_logged_in(view: &view::Launcher) -> bool {
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
async fn a_page_that_is_no_web_page_is_not_opened() {
    let world = World::new().await;
    let services = world.cloud.endpoints().services_url.trim_start_matches("http://").parse().unwrap();
    let proxy = ChaosProxy::start(services).await;
    let at = Endpoint::parse(&proxy.url()).unwrap();
    let launcher = world.open_with(Endpoints { services: Some(at), ..world.endpoints() });
    for page in ["file:///usr/bin/true", "steam://run/1", "http://kauth.kakao.com/", "http://0.0.0.0:1/"] {
        let rows = format!(
            r#"[{{"provider":"kakao","authorizeUrl":"{page}","clientId":"k","scopes":[],"windowHosts":["kakao.com"]}}]"#
        );
        let answer =
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{rows}", rows.len());
        proxy.clear();
        proxy.inject(Rule::new("/login/providers", Nth::Every, Fault::Raw(answer.into_bytes().into())));
        let opened = launcher.account().begin_login("kakao", LoginWay::Browser, HERE).await;
        let problem = opened.err().unwrap_or_else(|| panic!("{page} would be handed to the system"));
        assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::BadFormat), "{page}: {}", problem.detail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_logs_in_and_stays_logged_in() {
    let world = World::new().await;
    let launcher = world.open();
    let ways = vec![LoginWay::Window, LoginWay::Browser];
    assert_eq!(launcher.view().providers, [Provider { name: "kakao".into(), ways }]);
    let page = begin(&launcher).await;
    assert_eq!(page.redirect.as_str(), HERE);
    assert!(matches!(launcher.view().account, Account::LoggingIn { way: LoginWay::Window, .. }));
    let redirect = decide(&page, "사공", "agree").await;
    launcher.account().finish_login(&redirect).await.unwrap();
    let Account::LoggedIn { player, remembered, .. } = launcher.view().account else { panic!() };
    assert_eq!((player.nickname.as_deref(), &*player.provider), (Some("사공"), "kakao"));
    assert_eq!(remembered, Remembered::Keychain);
    assert!(secret(&world).unwrap().contains("사공"));

    let again = world.open();
    until(&again, "the keychain is read", is_logged_in).await;
    let offline = world.open_offline();
    until(&offline, "a pulled cable logs nobody out", is_logged_in).await;
    offline.scores().board(None).await.unwrap_err();
    assert!(is_logged_in(&offline.view()), "nor does a request that comes to nothing");
    let problem = launcher.account().finish_login(&redirect).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::LoginRefused, "a redirect is worth one login");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_of_another_login_is_refused_and_the_right_one_is_still_waited_for() {
    let world = World::new().await;
    let launcher = world.open();
    let strangers = begin(&world.open()).await;
    let smuggled = decide(&strangers, "도둑", "agree").await;
    let page = begin(&launcher).await;
    let problem = launcher.account().finish_login(&smuggled).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::LoginRefused, "it would log the player in as somebody else");
    let elsewhere = Url::parse("http://127.0.0.1:9999/login/kakao?code=a&state=b").unwrap();
    launcher.account().finish_login(&elsewhere).await.unwrap_err();
    assert!(matches!(launcher.view().account, Account::LoggingIn { .. }), "nobody can end it from outside");
    launcher.account().finish_login(&decide(&page, "사공", "agree").await).await.unwrap();
    assert!(is_logged_in(&launcher.view()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_gone_with_an_answer_that_does_not_count_ends_the_login_with_the_reason() {
    let world = World::new().await;
    let launcher = world.open();
    let page = begin(&launcher).await;
    let elsewhere = Url::parse("http://127.0.0.1:9999/login/kakao?code=a&state=b").unwrap();
    let problem = launcher.account().finish_login(&elsewhere).await.unwrap_err();
    assert_eq!(
        launcher.account().login_under_way(),
        Some(page.login),
        "a browser may still come with the right one"
    );
    launcher.account().fail_login(page.login, problem.clone());
    assert_eq!(launcher.view().account, Account::LoggedOut { problem: Some(problem.clone()) });
    begin(&launcher).await;
    launcher.account().fail_login(page.login, problem);
    assert!(launcher.account().login_under_way().is_some(), "the next login is another one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_ends_twice_logs_in_once() {
    let world = World::new().await;
    let launcher = world.open();
    let page = begin(&launcher).await;
    let redirect = decide(&page, "사공", "agree").await;
    // A second press on the provider's page, while the first one's code is being exchanged.
    let second = async {
        let problem = launcher.account().finish_login(&redirect).await.unwrap_err();
        launcher.account().fail_login(page.login, problem);
    };
    let (first, ()) = tokio::join!(launcher.account().finish_login(&redirect), second);
    first.unwrap();
    assert!(is_logged_in(&launcher.view()), "the first one counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_who_says_no_is_logged_out_without_a_complaint() {
    let world = World::new().await;
    let launcher = world.open();
    let page = begin(&launcher).await;
    launcher.account().finish_login(&decide(&page, "사공", "cancel").await).await.unwrap_err();
    assert_eq!(launcher.view().account, Account::LoggedOut { problem: None }, "he knows what he did");
    begin(&launcher).await;
    launcher.account().cancel_login();
    assert_eq!(launcher.view().account, Account::LoggedOut { problem: None }, "so does one who closes it");
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_forgets() {
    let world = World::new().await;
    let launcher = world.open();
    log_in(&launcher, "사공").await;
    launcher.account().log_out();
    assert_eq!(launcher.view().account, Account::LoggedOut { problem: None });
    world.keychain.until("nothing is left for the next start", |secret| secret.is_none()).await;
}

fn public_name(view: &view::Launcher) -> PublicName {
    match &view.account {
        Account::LoggedIn { public_name, .. } => public_name.clone(),
        other => panic!("nobody is logged in: {other:?}"),
    }
}

/// Logs in, and waits for what the services say of the player's name.
async fn log_in_and_hear(launcher: &Arc<Launcher>, nickname: &str) -> PublicName {
    log_in(launcher, nickname).await;
    let said = |view: &view::Launcher| public_name(view) != PublicName::Unknown;
    public_name(&until(launcher, "the services have said", said).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_name_is_public_only_where_the_player_says_so_and_he_is_asked_once() {
    let world = World::new().await;
    let launcher = world.open();
    let unasked = PublicName::Unasked { suggestion: "김나루".into() };
    assert_eq!(
        log_in_and_hear(&launcher, "김나루").await,
        unasked,
        "his real name is a suggestion and no more"
    );
    launcher.account().log_out();
    assert_eq!(log_in_and_hear(&launcher, "김나루").await, unasked, "who has not answered was not asked");

    launcher.account().choose_public_name(None).await.unwrap();
    assert_eq!(public_name(&launcher.view()), PublicName::None);
    launcher.account().log_out();
    assert_eq!(log_in_and_hear(&launcher, "김나루").await, PublicName::None, "he has answered");

    for name in ["\u{3164}", "a\u{202e}b", "  ", &"가".repeat(25)] {
        let refused = launcher.account().choose_public_name(Some(name.into())).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::NameRefused, "{name:?}");
        assert_eq!(public_name(&launcher.view()), PublicName::None, "{name:?} changed nothing");
    }
    launcher.account().choose_public_name(Some(" 나루지기 ".into())).await.unwrap();
    let chosen = PublicName::Chosen { name: "나루지기".into() };
    assert_eq!(public_name(&launcher.view()), chosen);
    launcher.account().log_out();
    assert_eq!(log_in_and_hear(&launcher, "김나루").await, chosen, "the services keep it");
    launcher.account().choose_public_name(None).await.unwrap();
    launcher.account().log_out();
    assert_eq!(log_in_and_hear(&launcher, "김나루").await, PublicName::None, "and give it back");
    assert_eq!(
        log_in_and_hear(&launcher, "사공").await,
        PublicName::Unasked { suggestion: "사공".into() },
        "another player"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_who_chooses_the_providers_name_is_not_asked_again() {
    let world = World::new().await;
    let launcher = world.open();
    log_in_and_hear(&launcher, "사공").await;
    launcher.account().choose_public_name(Some("사공".into())).await.unwrap();
    launcher.account().log_out();
    let chosen = PublicName::Chosen { name: "사공".into() };
    assert_eq!(log_in_and_hear(&launcher, "사공").await, chosen, "he was asked and said yes");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_the_login_is_kept_in_memory_and_says_why() {
    let world = World::new().await;
    *world.keychain.is_locked.lock().unwrap() = true;
    let launcher = world.open();
    log_in(&launcher, "사공").await;
    let Account::LoggedIn { remembered, .. } = launcher.view().account else { panic!() };
    assert_eq!(remembered, Remembered::Memory { reason: "locked".into() });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_has_run_out_is_no_logout() {
    let world = World::new().await;
    *world.keychain.secret.lock().unwrap() = Some(kept(1_000_000_000));
    let launcher = world.open();
    let view = until(&launcher, "it is read", |view| matches!(view.account, Account::Expired { .. })).await;
    let Account::Expired { player, .. } = view.account else { panic!() };
    assert_eq!(player.nickname.as_deref(), Some("사공"), "he is greeted by his name all the same");
    launcher.scores().board(None).await.unwrap();
    log_in(&launcher, "사공").await;
    assert!(is_logged_in(&launcher.view()), "and logs in again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_a_refresh_token_runs_out_while_the_window_is_open() {
    let world = World::new().await;
    let soon = jiff::Timestamp::now().as_second() + 30;
    *world.keychain.secret.lock().unwrap() = Some(kept(soon));
    let launcher = world.open();
    until(&launcher, "it is good at first", is_logged_in).await;
    world.clock.move_by(SignedDuration::from_secs(31));
    let is_told = |event: &LauncherEvent| matches!(event, LauncherEvent::Account(Account::Expired { .. }));
    world.heard.until("the window hears of it without asking", is_told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_services_refuse_counts_as_run_out() {
    let world = World::new().await;
    *world.keychain.secret.lock().unwrap() = Some(kept(4_000_000_000));
    let launcher = world.open();
    until(&launcher, "it is read", is_logged_in).await;
    let board = launcher.scores().board(None).await.unwrap();
    assert_eq!(board.own, None, "the board is shown all the same");
    assert!(matches!(launcher.view().account, Account::Expired { .. }), "made up, or of another service");
    let runs =
        GameRequest { method: "POST".into(), path_and_query: "/runs".into(), ..GameRequest::default() };
    assert_eq!(launcher.scores().forward(runs).await.status, 401, "the game plays on without scores");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_are_away_are_told_as_such() {
    let world = World::new().await;
    let launcher = world.open_offline();
    let problem = launcher.account().begin_login("kakao", LoginWay::Browser, HERE).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::Unreachable));
    let Account::LoggedOut { problem: shown } = launcher.view().account else { panic!() };
    assert_eq!(shown, Some(problem));
    let problem = launcher.account().begin_login("../runs", LoginWay::Browser, HERE).await.unwrap_err();
    assert_eq!(
        problem.code,
        ProblemCode::Failure(ErrorCode::NotFound),
        "only the brand's own providers are asked for"
    );
    let launcher = world.open_with(Endpoints { services: None, ..world.endpoints() });
    assert!(launcher.view().providers.is_empty(), "no services, no login");
}

/// An app at a provider that these tests do not contact.
fn app() -> Option<StudioApp> {
    Some(StudioApp { client_id: "7".into(), client_secret: "secret".into(), url: None })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_is_there_for_what_both_the_studio_and_its_services_have() {
    let mut world = World::with(|config| (config.google, config.facebook) = (app(), app())).await;
    world.brand.providers = ["google", "naver", "kakao"].map(str::to_owned).to_vec();
    let launcher = world.open();
    let names = |view: &view::Launcher| view.providers.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&launcher.view()), ["google", "naver", "kakao"], "nobody has said yet which there are");
    launcher.check().await;
    let view = until(&launcher, "the services are asked", |view| view.providers.len() == 2).await;
    assert_eq!(
        names(&view),
        ["google", "kakao"],
        "a button that leads nowhere is none; Facebook is not the brand's"
    );
    assert_eq!(view.providers[0].ways, [LoginWay::Browser], "Google shows its page in no window of an app");
    let told = |event: &LauncherEvent| matches!(event, LauncherEvent::Providers(rows) if rows.len() == 2);
    world.heard.until("the page hears of it", told).await;

    let page = launcher.account().begin_login("google", LoginWay::Browser, HERE).await.unwrap();
    assert!(page.url.as_str().starts_with("https://accounts.google.com/"), "{}", page.url);
    let refused = launcher.account().begin_login("google", LoginWay::Window, HERE).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::LoginRefused, "Google would show an error there");
    let refused = launcher.account().begin_login("naver", LoginWay::Browser, HERE).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::LoginRefused, "also where the page knew no better");
    let offline = world.open_offline();
    offline.check().await;
    assert_eq!(
        offline.view().providers.len(),
        3,
        "who is offline is told so, and not that there is no login"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_leads_to_no_address_here_ends_in_the_window() {
    let mut world = World::with(|config| config.facebook = app()).await;
    world.brand.providers = vec!["facebook".to_owned()];
    let launcher = world.open();
    let page = launcher.account().begin_login("facebook", LoginWay::Window, HERE).await.unwrap();
    let end = "https://www.facebook.com/connect/login_success.html";
    assert_eq!(page.redirect.as_str(), end, "the window waits for it, and does not load it");
    let sent = page.url.query_pairs().find(|(name, _)| name == "redirect_uri");
    assert_eq!(sent.unwrap().1, end, "Facebook compares them");
    assert_eq!(page.hosts, ["facebook.com"], "from the provider's row");
    let refused = launcher.account().begin_login("facebook", LoginWay::Browser, HERE).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::LoginRefused, "a browser would never come back");
}
