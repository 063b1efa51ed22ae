//! The launcher: one value that is opened once and asked by every window.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use naru_brand::{BrandFile, Endpoints};
use naru_patcher::RateLimit;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_blocking;

use crate::install::Installed;
use crate::launcher_update::Newer;
use crate::login::{AccountState, Keychain};
use crate::places::{Places, Surroundings};
use crate::play::SignOfLife;
use crate::services::Services;
use crate::settings::{SettingsFile, Stored, holds_game};
use crate::state::State;
use crate::view::{Brand, Launcher, LauncherEvent, Offer, Problem, PublisherAccess};

/// Hears of every change, in order. Called from one task; it may ask the core.
pub trait Listener: Send + Sync {
    /// Something has changed.
    fn hear(&self, event: LauncherEvent);
}

/// The launcher without a window.
pub struct Core {
    pub(crate) brand: BrandFile,
    pub(crate) endpoints: Endpoints,
    pub(crate) places: Places,
    pub(crate) surroundings: Surroundings,
    pub(crate) settings_file: SettingsFile,
    pub(crate) keychain: Arc<dyn Keychain>,
    /// Held while the keychain is written: the last word must be the newest one.
    pub(crate) keeping: tokio::sync::Mutex<()>,
    /// Held while a refresh token is exchanged: a provider may take each of them once.
    pub(crate) refreshing: tokio::sync::Mutex<()>,
    /// Rung when there is another login to tend.
    pub(crate) login_changed: Arc<Notify>,
    pub(crate) services: Option<Services>,
    /// One for all jobs: a change of the setting is felt by the download that runs.
    pub(crate) rate_limit: RateLimit,
    /// What tells that a native game runs.
    pub(crate) sign_of_life: SignOfLife,
    /// Held by whoever works on the install folder.
    pub(crate) folder: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    news: UnboundedSender<LauncherEvent>,
}

impl Core {
    /// Opens the launcher. What takes time — the keychain, an interrupted update, the publisher's
    /// credentials — is looked at afterwards, and told as news.
    pub fn open(
        brand: BrandFile,
        endpoints: Endpoints,
        places: Places,
        surroundings: Surroundings,
        keychain: Arc<dyn Keychain>,
        listener: Arc<dyn Listener>,
    ) -> Result<Arc<Self>, Problem> {
        let settings_file = SettingsFile::new(&places.data);
        let services = endpoints.services.as_ref().map(|at| Services::open(at.url(), &surroundings));
        let mut state = first_state(&brand, &endpoints, &places, &surroundings, settings_file.load());
        let sign_of_life = SignOfLife::new(&places.data);
        state.is_outlived = sign_of_life.is_held();
        let rate_limit = RateLimit::new(state.settings.rate_limit);
        let (news, heard) = unbounded_channel();
        surroundings.runtime.spawn(tell(heard, listener));
        let core = Arc::new(Self {
            brand,
            services: services.transpose()?,
            endpoints,
            places,
            surroundings,
            settings_file,
            keychain,
            rate_limit,
            sign_of_life,
            keeping: tokio::sync::Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
            login_changed: Arc::default(),
            folder: tokio::sync::Mutex::default(),
            state: Mutex::new(state),
            news,
        });
        core.begin_life();
        Ok(core)
    }

    /// Everything that a window shows, at this moment.
    pub fn view(&self) -> Launcher {
        let shown = self.read(State::shown);
        Launcher {
            version: self.surroundings.launcher.version.to_string(),
            brand: Brand::of(&self.brand, &self.endpoints),
            settings: shown.settings,
            game: shown.game,
            account: shown.account,
            providers: shown.providers,
            job: shown.job,
            publisher: shown.publisher,
            launcher_update: shown.launcher_update,
        }
    }

    /// What the window need not wait for.
    fn begin_life(self: &Arc<Self>) {
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move {
            let had_game = core.await_earlier_game().await;
            let folder = core.folder.lock().await;
            let worker = Arc::clone(&core);
            let work = move || {
                if let Err(problem) = worker.finish_interrupted() {
                    tracing::warn!(?problem, "an interrupted update could not be finished");
                }
                worker.look_again();
            };
            spawn_blocking(work).await.ok();
            drop(folder);
            if had_game {
                // Nobody asked while it ran.
                core.check().await;
                core.check_launcher().await;
            }
        });
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move { core.remember_login().await });
        self.tend_login();
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move { core.look_for_credentials().await });
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state())
    }

    /// Changes the state and tells what is seen of it. The one place from which news goes out.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let before = state.shown();
        let done = change(&mut state);
        // Under the lock, so that the order of news is the order of changes.
        state.shown().news_since(before).into_iter().for_each(|event| self.tell(event));
        done
    }

    /// What is shown of the account has changed with the time alone.
    pub(crate) fn tell_account(&self) {
        self.tell(LauncherEvent::Account(self.read(|state| state.account.shown())));
    }

    pub(crate) fn tell(&self, event: LauncherEvent) {
        // Nobody hears any more when the runtime is going down.
        self.news.send(event).ok();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn tell(mut news: UnboundedReceiver<LauncherEvent>, listener: Arc<dyn Listener>) {
    while let Some(event) = news.recv().await {
        listener.hear(event);
    }
}

fn first_state(
    brand: &BrandFile,
    endpoints: &Endpoints,
    places: &Places,
    surroundings: &Surroundings,
    settings: Stored,
) -> State {
    let install = match &surroundings.install_folder {
        Some(folder) => folder.clone(),
        None => install_folder(places, &settings),
    };
    let wanted = if endpoints.services.is_some() { brand.providers.clone() } else { Vec::new() };
    let bucket = endpoints.publishing.as_ref().map(|publishing| publishing.bucket.as_str().to_owned());
    State {
        settings,
        system_language: surroundings.system_language,
        installed: Installed::look(&install),
        install,
        offer: Offer::Unknown,
        checking: None,
        wounds: 0,
        playing: None,
        is_outlived: false,
        account: AccountState::new(Arc::clone(&surroundings.clock), wanted),
        job: None,
        last_job: 0,
        publisher: PublisherAccess { shown: surroundings.admin, bucket },
        compared: None,
        newer_launcher: Newer::default(),
    }
}

/// Where the game is: also when the launcher was killed between moving it and saying so.
fn install_folder(places: &Places, settings: &Stored) -> std::path::PathBuf {
    let chosen = settings.install_folder.clone().unwrap_or_else(|| places.default_install.clone());
    match &settings.moving {
        Some(moving) if moving.from == chosen && !holds_game(&chosen) && holds_game(&moving.to) => {
            moving.to.clone()
        }
        _ => chosen,
    }
}
