//! Every command from every window: the main window may ask, the others may not.

use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::windows::{GAME, LOGIN, MAIN};
use crate::{context, game_protocol, with_commands};

/// The list that the build script has made rights of.
const COMMANDS: &str = include_str!("../build.rs");

fn commands() -> Vec<&'static str> {
    let list = COMMANDS.split("const COMMANDS: &[&str] = &[").nth(1).and_then(|rest| rest.split("];").next());
    list.expect("build.rs lists the commands").split('"').skip(1).step_by(2).collect()
}

fn app() -> App<MockRuntime> {
    with_commands(mock_builder()).build(context()).expect("the mock has no window to fail at")
}

fn window(app: &App<MockRuntime>, label: &str, address: &str) -> WebviewWindow<MockRuntime> {
    let url = WebviewUrl::External(address.parse().expect("an address"));
    WebviewWindowBuilder::new(app, label, url).build().expect("the mock has no window to fail at")
}

/// The words of the refusal, if it was one of the access list.
fn refusal(window: &WebviewWindow<MockRuntime>, command: &str) -> Option<String> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: window.url().expect("it has one"),
        body: InvokeBody::default(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    let error = get_ipc_response(window, request).err()?.to_string();
    error.contains("not allowed").then_some(error)
}

#[test]
fn no_command_answers_a_provider_s_page_or_a_game() {
    let app = app();
    let game = game_protocol::address("index.html").expect("an address").to_string();
    let strangers = [
        window(&app, LOGIN, "https://accounts.kakao.com/login"),
        window(&app, GAME, &game),
        window(&app, "another", "tauri://localhost"),
    ];
    let commands = commands();
    assert!(commands.len() > 20, "the list was read: {commands:?}");
    let of_tauri = [
        "plugin:event|listen",
        "plugin:window|close",
        "plugin:opener|open_path",
        "plugin:dialog|open",
        "plugin:updater|install",
    ];
    for stranger in &strangers {
        for command in commands.iter().chain(&of_tauri) {
            assert!(
                refusal(stranger, command).is_some(),
                "`{}` must not reach `{command}`: the page there is not ours",
                stranger.label()
            );
        }
    }
}

#[test]
fn the_launcher_s_own_page_may_ask_what_it_needs_and_no_more() {
    let app = app();
    let main = window(&app, MAIN, "tauri://localhost");
    let rights = include_str!("../capabilities/main.json");
    for command in commands() {
        let right = format!("\"allow-{}\"", command.replace('_', "-"));
        assert!(rights.contains(&right), "`main` shows `{command}`'s button");
    }
    for command in [
        "plugin:opener|open_path",
        "plugin:dialog|open",
        "plugin:window|close",
        "plugin:autostart|enable",
        "plugin:updater|install",
    ] {
        assert!(refusal(&main, command).is_some(), "`main` has no use for `{command}`");
    }
}
