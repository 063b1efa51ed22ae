//! Naru's windows. Rules live in `naru_launcher_core`; here are only windows, and the commands of a page.

#![warn(unreachable_pub)]

mod commands;
mod display;
mod events;
mod game_protocol;
mod invocation;
#[cfg(test)]
mod ipc_matrix;
mod labels;
mod login;
mod logs;
mod notices;
mod problem;
mod ready;
mod self_update;
mod start;
mod start_error;
mod tray;
mod windows;
mod words;

use tauri::{App, Builder, Context, Manager, Runtime};

use commands::with_commands;
pub use invocation::Invocation;
use ready::PageReady;
use start::{Opening, Plan};
pub use start_error::StartError;

/// Opens the window and returns when the player has ended the launcher.
pub fn run(invocation: Invocation) -> Result<(), StartError> {
    display::require()?;
    let app = with_commands(plugins(tauri::Builder::default()))
        .register_asynchronous_uri_scheme_protocol(game_protocol::SCHEME, game_protocol::answer)
        .on_window_event(tray::on_window_event)
        .setup(move |app| Ok(set_up(&invocation, app)?))
        .build(context())
        .map_err(StartError::Window)?;
    app.run(|_, _| {});
    Ok(())
}

/// The page, the icons and the rights, compiled in.
fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The first is asked first: a second launcher hands its words to the first one and ends.
fn plugins<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
        .plugin(tauri_plugin_single_instance::init(|app, _, _| windows::main::show(app)))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_window_state::Builder::new().with_denylist(&[labels::LOGIN]).build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(tauri_plugin_autostart::Builder::new().build())
}

fn set_up<R: Runtime>(invocation: &Invocation, app: &mut App<R>) -> Result<(), StartError> {
    app.manage(PageReady::default());
    app.manage(login::Waiting::default());
    app.manage(notices::Notices::default());
    let plan = Plan::read(invocation, app)?;
    let language = plan.language();
    Opening::prepare(plan, app);
    let window = windows::main::open(app, language).map_err(StartError::Window)?;
    // WebKitWebDriver takes no picture of a web view that the processor paints.
    if !invocation.is_automated {
        windows::painting::suit_machine(&window).map_err(StartError::Window)?;
    }
    tauri::async_runtime::spawn(ready::watch(app.handle().clone()));
    Ok(())
}
