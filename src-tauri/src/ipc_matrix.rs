//! Every command from every window: each window may ask what the registry gives it, and nothing else.

use serde_json::Value;
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::commands::{COMMANDS, with_commands};
use crate::labels::{GAME, LOGIN, MAIN};
use crate::{context, game_protocol};

/// Of Tauri and its plugins: no page has a use for them.
const OF_TAURI: [&str; 6] = [
    "plugin:window|close",
    "plugin:opener|open_path",
    "plugin:dialog|open",
    "plugin:autostart|enable",
    "plugin:updater|install",
    "plugin:event|emit",
];

/// The launcher's rights, and behind them nothing that a test would set going: who is let through is told so.
fn app() -> App<MockRuntime> {
    let answering = mock_builder().invoke_handler(|invoke| {
        invoke.resolver.resolve("let through");
        true
    });
    answering.build(context()).expect("the mock has no window to fail at")
}

/// A window of each label with the page that it shows, and an unknown one.
fn windows(app: &App<MockRuntime>) -> [WebviewWindow<MockRuntime>; 4] {
    let game = game_protocol::address("index.html").expect("an address").to_string();
    [
        window(app, MAIN, "tauri://localhost"),
        window(app, LOGIN, "https://accounts.kakao.com/login"),
        window(app, GAME, &game),
        window(app, "another", "tauri://localhost"),
    ]
}

fn window(app: &App<MockRuntime>, label: &str, address: &str) -> WebviewWindow<MockRuntime> {
    let url = WebviewUrl::External(address.parse().expect("an address"));
    WebviewWindowBuilder::new(app, label, url).build().expect("the mock has no window to fail at")
}

fn ask(window: &WebviewWindow<MockRuntime>, command: &str) -> Result<InvokeResponseBody, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: window.url().expect("it has one"),
        body: InvokeBody::default(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request)
}

/// Whether the access list lets a window's page ask for a command.
fn may_ask(window: &WebviewWindow<MockRuntime>, command: &str) -> bool {
    let refused = |error: Value| error.to_string().contains("not allowed");
    ask(window, command).err().is_none_or(|error| !refused(error))
}

#[test]
fn each_window_may_ask_what_the_registry_gives_it_and_no_more() {
    let app = app();
    for window in windows(&app) {
        for (command, allowed) in COMMANDS {
            let wanted = allowed.contains(&window.label());
            assert_eq!(may_ask(&window, command), wanted, "`{command}` asked by `{}`", window.label());
        }
    }
}

#[test]
fn no_page_may_ask_tauri_itself_beyond_hearing_events() {
    let app = app();
    for window in windows(&app) {
        for command in OF_TAURI {
            assert!(!may_ask(&window, command), "`{}` has no use for `{command}`", window.label());
        }
        for command in ["plugin:event|listen", "plugin:event|unlisten"] {
            let wanted = window.label() == MAIN;
            assert_eq!(may_ask(&window, command), wanted, "`{command}` asked by `{}`", window.label());
        }
    }
}

#[test]
fn the_registry_gives_rights_to_the_launcher_s_own_page_alone() {
    let given = |label: &str| COMMANDS.iter().filter(|(_, windows)| windows.contains(&label)).count();
    assert_eq!(given(MAIN), COMMANDS.len(), "every command is one that the page asks for");
    for stranger in [LOGIN, GAME] {
        assert_eq!(given(stranger), 0, "the page in `{stranger}` is not ours");
    }
    assert!(COMMANDS.len() > 20, "the registry was read: {COMMANDS:?}");
}

#[test]
fn before_the_launcher_is_open_a_command_is_answered_with_a_problem() {
    let app = with_commands(mock_builder()).build(context()).expect("the mock has no window to fail at");
    let main = window(&app, MAIN, "tauri://localhost");
    let error = ask(&main, "pause").expect_err("the page asks for the launcher first");
    assert_eq!(error["code"], "internal", "the page has a sentence for it: {error}");
}
