//! From the environment to a launcher that works. What a developer can get wrong is looked at before
//! the window opens; all that takes time waits until its page has been drawn.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use naru_launcher_core::view::{Changed, ErrorCode, Language, Problem, ProblemCode};
use naru_launcher_core::{
    BrandFile, BucketName, DistributionId, Endpoint, Endpoints, Environment, Folder, Folders, KeyPrefix,
    Launcher, LauncherEnvironment, Listener, RegionName, SystemClock, SystemKeychain, chosen_language,
};
use tauri::async_runtime::spawn_blocking;
use tauri::{App, AppHandle, Manager, Runtime};
use tokio::sync::OnceCell;
use tracing_appender::non_blocking::WorkerGuard;

use crate::events::Page;
use crate::problem::of_system;
use crate::words::Words;
use crate::{Invocation, StartError};
use crate::{logs, self_update, tray};

/// The branding folder's file, compiled in.
const BRAND: &str = include_str!(env!("NARU_BRAND_FILE"));

/// How often the server is asked for a newer release.
const BETWEEN_CHECKS: Duration = Duration::from_secs(30 * 60);

/// Where the launcher keeps what is its own.
pub(crate) struct DataFolder(pub(crate) PathBuf);

/// The folder of the logs.
pub(crate) struct Logs(pub(crate) PathBuf);

/// Writes what is left of the log when the launcher ends.
struct LogWriter(#[expect(dead_code, reason = "held until the launcher ends")] WorkerGuard);

/// What the launcher is opened with.
#[derive(Clone)]
pub(crate) struct Plan {
    brand: BrandFile,
    endpoints: Endpoints,
    environment: LauncherEnvironment,
}

impl Plan {
    /// Reads what the program was started with, and refuses what can't be right.
    pub(crate) fn read<R: Runtime>(invocation: &Invocation, app: &App<R>) -> Result<Self, StartError> {
        let data = match invocation.folder("NARU_DATA").map_err(StartError::Folder)? {
            Some(folder) => folder,
            None => app.path().app_local_data_dir().map_err(StartError::Window)?,
        };
        let brand = BrandFile::parse(BRAND).map_err(StartError::Brand)?;
        let endpoints = endpoints(&brand, &invocation.environment)?;
        let folders = Folders { logs: data.join("logs"), default_install: data.join("game"), data };
        let mut process = invocation.environment.clone();
        process.cache = app.path().app_cache_dir().ok();
        let environment = LauncherEnvironment {
            process,
            folders,
            runtime: tauri::async_runtime::handle().inner().clone(),
            system_language: language(invocation),
            install_folder: invocation.folder("NARU_INSTALL").map_err(StartError::Folder)?,
            admin: invocation.has_flag("--admin"),
            system_variables: invocation.system_variables.clone(),
            launcher: self_update::packaged(app.handle()),
            aws: None,
            clock: Arc::new(SystemClock),
        };
        Ok(Self { brand, endpoints, environment })
    }

    /// The language of the window's first frame.
    pub(crate) fn language(&self) -> Language {
        chosen_language(&self.environment.folders.data).unwrap_or(self.environment.system_language)
    }
}

/// The launcher behind the window. It is opened once, when the page first asks for it: until then the
/// processor is the web view's, which draws the first frame.
pub(crate) struct Opening {
    plan: Plan,
    launcher: OnceCell<()>,
}

impl Opening {
    /// Lets the windows know where things are, and opens nothing yet.
    pub(crate) fn prepare<R: Runtime>(plan: Plan, app: &App<R>) {
        app.manage(DataFolder(plan.environment.folders.data.clone()));
        app.manage(Logs(plan.environment.folders.logs.clone()));
        app.manage(Self { plan, launcher: OnceCell::new() });
    }

    /// The launcher; a page that was refused may ask again.
    pub(crate) async fn launcher<R: Runtime>(&self, app: &AppHandle<R>) -> Result<Arc<Launcher>, Problem> {
        let open = || {
            let (plan, app) = (self.plan.clone(), app.clone());
            async move { spawn_blocking(move || open(plan, &app)).await.map_err(of_system)? }
        };
        self.launcher.get_or_try_init(open).await?;
        Ok(Arc::clone(&app.state::<Arc<Launcher>>()))
    }
}

/// Opens log and launcher, then all that lives beside the window.
fn open<R: Runtime>(plan: Plan, app: &AppHandle<R>) -> Result<(), Problem> {
    let Plan { brand, endpoints, environment } = plan;
    let system_language = environment.system_language;
    let folders = &environment.folders;
    if app.try_state::<LogWriter>().is_none() {
        let writer = begin_log(folders).map_err(|error| Problem {
            code: ProblemCode::Failure(ErrorCode::DiskRefused),
            detail: format!("{}: {error}", folders.logs.display()),
            changed: Changed::Nothing,
        })?;
        app.manage(LogWriter(writer));
    }
    let keychain = Arc::new(SystemKeychain { service: app.config().identifier.clone() });
    let page: Arc<dyn Listener> = Arc::new(Page(app.clone()));
    let launcher = Launcher::open(brand, endpoints, environment, keychain, page)?;
    app.manage(Arc::clone(&launcher));
    add_tray(app, system_language);
    tauri::async_runtime::spawn(keep_checking(launcher));
    Ok(())
}

fn begin_log(folders: &Folders) -> std::io::Result<WorkerGuard> {
    // Made first, for the player alone, with all that comes to lie in it.
    Folder::make_private(&folders.data)?.make_own("logs")?;
    logs::begin(&folders.logs)
}

fn add_tray<R: Runtime>(app: &AppHandle<R>, language: Language) {
    let words = Words::of(language);
    let handle = app.clone();
    // Menus belong to the thread of the windows.
    if let Err(error) = app.run_on_main_thread(move || tray::add(&handle, words)) {
        tracing::warn!(%error, "no tray");
    }
}

async fn keep_checking(launcher: Arc<Launcher>) {
    loop {
        launcher.check().await;
        // Apart: the game's updates must not wait for a slow download of another thing.
        let launcher = Arc::clone(&launcher);
        tauri::async_runtime::spawn(async move { launcher.self_update().check().await });
        tokio::time::sleep(BETWEEN_CHECKS).await;
    }
}

/// What the brand says, and over it what the environment says: for development, tests and a studio's tools.
/// A variable is held to the rule of the brand's own key.
fn endpoints(brand: &BrandFile, environment: &Environment) -> Result<Endpoints, StartError> {
    let endpoint = |name| parsed(environment, name, Endpoint::parse);
    let mut endpoints = brand.endpoints.clone();
    endpoints.edge = endpoint("NARU_EDGE_URL")?.or(endpoints.edge);
    endpoints.services = endpoint("NARU_SERVICES_URL")?.or(endpoints.services);
    endpoints.news = endpoint("NARU_NEWS_URL")?.or(endpoints.news);
    if let Some(prefix) = name::<KeyPrefix>(environment, "NARU_PREFIX")? {
        endpoints.prefix = prefix;
    }
    if let Some(bucket) = name::<BucketName>(environment, "NARU_BUCKET")? {
        let publishing = endpoints.publishing.get_or_insert_default();
        publishing.bucket = bucket;
        let region = name::<RegionName>(environment, "NARU_REGION")?;
        publishing.region = region.or(publishing.region.take());
        let distribution = name::<DistributionId>(environment, "NARU_DISTRIBUTION")?;
        publishing.distribution = distribution.or(publishing.distribution.take());
    }
    Ok(endpoints)
}

fn name<T>(environment: &Environment, name: &'static str) -> Result<Option<T>, StartError>
where
    T: TryFrom<String, Error = String>,
{
    parsed(environment, name, |text| T::try_from(text.to_owned()))
}

fn parsed<T, E: Display>(
    environment: &Environment,
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, StartError> {
    environment.parsed(name, parse).map_err(StartError::Variable)
}

fn language(invocation: &Invocation) -> Language {
    let is_korean = invocation.locale.as_deref().is_some_and(|locale| locale.starts_with("ko"));
    if is_korean { Language::Ko } else { Language::En }
}

#[cfg(test)]
mod tests {
    use tauri::test::{MockRuntime, mock_builder};

    use super::*;
    use crate::labels::MAIN;
    use crate::windows;

    fn app_with_window(data: &std::path::Path) -> App<MockRuntime> {
        let environment = Environment::of([("NARU_DATA".into(), data.into())]);
        let invocation = Invocation { environment, ..Invocation::default() };
        let app = mock_builder().build(crate::context()).expect("the mock has no window to fail at");
        let plan = Plan::read(&invocation, &app).expect("a good environment");
        let language = plan.language();
        Opening::prepare(plan, &app);
        windows::main::open(&app, language).expect("the mock has no window to fail at");
        app
    }

    #[test]
    fn the_window_is_there_before_anything_else_is_opened() {
        let place = tempfile::tempdir().expect("a folder");
        let data = place.path().join("launcher");
        let app = app_with_window(&data);
        assert!(app.get_webview_window(MAIN).is_some(), "the page is on its way");
        assert!(app.try_state::<Arc<Launcher>>().is_none(), "the first frame does not wait for the launcher");
        assert!(!data.exists(), "nor for a log or any other file of it");
    }

    #[test]
    fn a_launcher_that_can_t_be_opened_is_told_to_the_page() {
        let place = tempfile::tempdir().expect("a folder");
        let data = place.path().join("launcher");
        std::fs::write(&data, "a file where the folder should be").expect("written");
        let app = app_with_window(&data);
        for turn in ["at first", "and each time the page asks again"] {
            let opened = tauri::async_runtime::block_on(app.state::<Opening>().launcher(app.handle()));
            let Err(problem) = opened else { panic!("{turn}: there is no place for a log") };
            assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::DiskRefused), "{turn}");
            assert!(problem.detail.contains("launcher"), "{turn}: it names the folder: {}", problem.detail);
        }
    }
}
