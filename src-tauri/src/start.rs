//! From the surroundings to a launcher that works.

use std::path::PathBuf;
use std::sync::Arc;

use naru_launcher_core::view::Language;
use naru_launcher_core::{
    BrandFile, Core, Endpoints, Folder, Listener, Places, Surroundings, SystemClock, SystemKeychain,
};
use tauri::{App, Manager, Runtime};
use url::Url;

use crate::events::Page;
use crate::{StartError, World};
use crate::{logs, newer};

/// The branding folder's file, compiled in.
const BRAND: &str = include_str!(env!("NARU_BRAND_FILE"));

/// Where the launcher keeps what is its own.
pub struct DataFolder(pub PathBuf);

/// Where the logs are.
pub struct Logs {
    /// The folder.
    pub folder: PathBuf,
    /// Writes what is left when the launcher ends.
    _writer: tracing_appender::non_blocking::WorkerGuard,
}

/// Opens the launcher and hands it to the windows.
pub fn prepare<R: Runtime>(world: &World, app: &App<R>) -> Result<(), StartError> {
    let data = match world.folder("NARU_DATA").map_err(StartError::Folder)? {
        Some(folder) => folder,
        None => app.path().app_local_data_dir().map_err(StartError::Window)?,
    };
    let logs = data.join("logs");
    // Made first, for the player alone, with all that comes to lie in it.
    let own = Folder::make_private(&data).map_err(StartError::Folder)?;
    own.make_own("logs").map_err(StartError::Folder)?;
    let writer = logs::begin(&logs).map_err(StartError::Folder)?;
    let brand = BrandFile::parse(BRAND).map_err(StartError::Brand)?;
    let endpoints = endpoints(&brand, world)?;
    let places = Places {
        logs: logs.clone(),
        default_install: data.join("game"),
        cache: app.path().app_cache_dir().ok(),
        data: data.clone(),
    };
    let surroundings = Surroundings {
        runtime: tauri::async_runtime::handle().inner().clone(),
        system_language: language(world),
        install_folder: world.folder("NARU_INSTALL").map_err(StartError::Folder)?,
        admin: world.has_flag("--admin"),
        system_variables: world.system_variables.clone(),
        proxies: world.proxies.clone(),
        launcher: newer::packaged(app.handle()),
        aws: None,
        clock: Arc::new(SystemClock),
    };
    let keychain = Arc::new(SystemKeychain { service: app.config().identifier.clone() });
    let page: Arc<dyn Listener> = Arc::new(Page(app.handle().clone()));
    let core = Core::open(brand, endpoints, places, surroundings, keychain, page);
    app.manage(core.map_err(StartError::Launcher)?);
    app.manage(DataFolder(data));
    app.manage(Logs { folder: logs, _writer: writer });
    Ok(())
}

/// What the brand says, and over it what the environment says: for development, tests and a studio's tools.
fn endpoints(brand: &BrandFile, world: &World) -> Result<Endpoints, StartError> {
    let mut endpoints = brand.endpoints.clone();
    let url = |name, known: Option<Url>| match world.variable(name) {
        Some(text) => Url::parse(text).map(Some).map_err(|error| StartError::variable(name, text, error)),
        None => Ok(known),
    };
    endpoints.edge = url("NARU_EDGE_URL", endpoints.edge)?;
    endpoints.services = url("NARU_SERVICES_URL", endpoints.services)?;
    endpoints.news = url("NARU_NEWS_URL", endpoints.news)?;
    if let Some(prefix) = world.variable("NARU_PREFIX") {
        prefix.clone_into(&mut endpoints.prefix);
    }
    if let Some(bucket) = world.variable("NARU_BUCKET") {
        let publishing = endpoints.publishing.get_or_insert_default();
        bucket.clone_into(&mut publishing.bucket);
        let known = |name, known: Option<String>| world.variable(name).map(str::to_owned).or(known);
        publishing.region = known("NARU_REGION", publishing.region.take());
        publishing.distribution = known("NARU_DISTRIBUTION", publishing.distribution.take());
    }
    Ok(endpoints)
}

fn language(world: &World) -> Language {
    let is_korean = world.locale.as_deref().is_some_and(|locale| locale.starts_with("ko"));
    if is_korean { Language::Ko } else { Language::En }
}
