//! Naru's windows. Rules live in `naru_launcher_core`; here are only windows, and the commands of a page.

mod commands;
mod display;
mod error;
mod events;
mod game_protocol;
#[cfg(test)]
mod ipc_matrix;
mod login;
mod logs;
mod newer;
mod notices;
mod problem;
mod ready;
mod start;
mod tray;
mod windows;
mod words;
mod world;

use tauri::{App, Builder, Context, Manager, Runtime};

pub use error::StartError;
use ready::PageReady;
use start::{Opening, Plan};
pub use world::World;

/// Opens the window and returns when the player has ended the launcher.
pub fn run(world: World) -> Result<(), StartError> {
    display::require()?;
    let app = with_commands(plugins(tauri::Builder::default()))
        .register_asynchronous_uri_scheme_protocol(game_protocol::SCHEME, game_protocol::answer)
        .on_window_event(windows::main::on_event)
        .setup(move |app| Ok(set_up(&world, app)?))
        .build(context())
        .map_err(StartError::Window)?;
    app.run(|_, _| {});
    Ok(())
}

/// The page, the icons and the rights, compiled in.
fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// What a page may ask, where its window has the right. `build.rs` lists the same names.
fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        commands::launcher::launcher,
        commands::launcher::page_ready,
        commands::launcher::check,
        commands::launcher::news,
        commands::job::begin,
        commands::job::pause,
        commands::job::resume,
        commands::job::cancel,
        commands::job::dismiss,
        commands::game::play,
        commands::account::log_in,
        commands::account::cancel_login,
        commands::account::log_out,
        commands::account::learn_public_name,
        commands::account::choose_public_name,
        commands::scores::board,
        commands::scores::statistics,
        commands::settings::change_settings,
        commands::folders::choose_install_folder,
        commands::folders::choose_build_folder,
        commands::folders::move_install,
        commands::folders::open_install_folder,
        commands::folders::open_logs,
        commands::folders::save_support_bundle,
        commands::publisher::compare_build,
        commands::publisher::publish,
        commands::publisher::releases,
        commands::publisher::roll_back,
        commands::launcher::install_launcher,
    ])
}

/// The first is asked first: a second launcher hands its words to the first one and ends.
fn plugins<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
        .plugin(tauri_plugin_single_instance::init(|app, _, _| windows::main::show(app)))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_window_state::Builder::new().with_denylist(&[windows::LOGIN]).build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(tauri_plugin_autostart::Builder::new().build())
}

fn set_up<R: Runtime>(world: &World, app: &mut App<R>) -> Result<(), StartError> {
    app.manage(PageReady::default());
    app.manage(login::Waiting::default());
    app.manage(notices::Notices::default());
    let plan = Plan::read(world, app)?;
    let language = plan.language();
    Opening::prepare(plan, app);
    windows::main::open(app, language).map_err(StartError::Window)?;
    tauri::async_runtime::spawn(ready::watch(app.handle().clone()));
    Ok(())
}
