//! From the surroundings to a launcher that works.

use std::path::PathBuf;
use std::sync::Arc;

use naru_launcher_core::view::Language;
use naru_launcher_core::{
    BrandFile, BucketName, Core, DistributionId, Endpoint, Endpoints, Folder, KeyPrefix, Listener, Places,
    RegionName, Surroundings, SystemClock, SystemKeychain,
};
use tauri::{App, Manager, Runtime};

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
        network: Arc::clone(&world.network),
        open_files: world.open_files,
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
/// A variable is held to the rule of the brand's own key.
fn endpoints(brand: &BrandFile, world: &World) -> Result<Endpoints, StartError> {
    let mut endpoints = brand.endpoints.clone();
    endpoints.edge = endpoint(world, "NARU_EDGE_URL")?.or(endpoints.edge);
    endpoints.services = endpoint(world, "NARU_SERVICES_URL")?.or(endpoints.services);
    endpoints.news = endpoint(world, "NARU_NEWS_URL")?.or(endpoints.news);
    if let Some(prefix) = name::<KeyPrefix>(world, "NARU_PREFIX")? {
        endpoints.prefix = prefix;
    }
    if let Some(bucket) = name::<BucketName>(world, "NARU_BUCKET")? {
        let publishing = endpoints.publishing.get_or_insert_default();
        publishing.bucket = bucket;
        let region = name::<RegionName>(world, "NARU_REGION")?;
        publishing.region = region.or(publishing.region.take());
        let distribution = name::<DistributionId>(world, "NARU_DISTRIBUTION")?;
        publishing.distribution = distribution.or(publishing.distribution.take());
    }
    Ok(endpoints)
}

fn endpoint(world: &World, name: &'static str) -> Result<Option<Endpoint>, StartError> {
    let endpoint = world.variable(name).map(Endpoint::parse).transpose();
    endpoint.map_err(|error| StartError::Variable { name, problem: error.to_string() })
}

fn name<T>(world: &World, name: &'static str) -> Result<Option<T>, StartError>
where
    T: TryFrom<String, Error = String>,
{
    let read = world.variable(name).map(|text| T::try_from(text.to_owned())).transpose();
    read.map_err(|problem| StartError::Variable { name, problem })
}

fn language(world: &World) -> Language {
    let is_korean = world.locale.as_deref().is_some_and(|locale| locale.starts_with("ko"));
    if is_korean { Language::Ko } else { Language::En }
}
