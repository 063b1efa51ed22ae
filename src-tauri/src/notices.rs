//! Desktop notifications, for a player who is not looking at the launcher.

use std::sync::{Arc, Mutex, PoisonError};

use naru_launcher_core::Launcher;
use naru_launcher_core::view::{Action, Bilingual, Job, JobKind, JobState, Language, LauncherEvent, Offer};
use tauri::{AppHandle, Manager, Runtime};

use crate::labels::MAIN;
use crate::words::Words;

/// Something that is worth a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// A newer release than the installed one can be had.
    Released(u64),
    /// This one was installed.
    Installed(u64),
    /// This one is live.
    Published(u64),
    /// The work has failed.
    Failed,
}

/// The last of which there was a notice: of each thing there is one, also when the window was in front then.
#[derive(Debug, Default)]
pub(crate) struct Notices(Mutex<Last>);

#[derive(Debug, Default)]
struct Last {
    release: Option<u64>,
    job: Option<u64>,
}

impl Notices {
    /// The notice that an event is worth, the first time.
    fn notice(&self, event: &LauncherEvent) -> Option<Notice> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            LauncherEvent::Game(game) => {
                let Offer::Available { release } = &game.offer else { return None };
                let is_first = game.action == Action::Update
                    && last.release.replace(release.number) != Some(release.number);
                is_first.then_some(Notice::Released(release.number))
            }
            LauncherEvent::Job(Some(job)) => {
                let notice = outcome(job)?;
                (last.job.replace(job.id) != Some(job.id)).then_some(notice)
            }
            _ => None,
        }
    }
}

fn outcome(job: &Job) -> Option<Notice> {
    match (&job.state, job.kind) {
        (JobState::Failed { .. }, _) => Some(Notice::Failed),
        (JobState::Done { outcome }, JobKind::Update) => outcome.release.map(Notice::Installed),
        (JobState::Done { outcome }, JobKind::Publish | JobKind::Rollback) => {
            outcome.release.map(Notice::Published)
        }
        _ => None,
    }
}

/// Tells the player of a change by the system's notices, unless he looks at the window.
pub(crate) fn on_event<R: Runtime>(app: &AppHandle<R>, event: &LauncherEvent) {
    let Some(notice) = app.try_state::<Notices>().and_then(|notices| notices.notice(event)) else { return };
    let Some(launcher) = app.try_state::<Arc<Launcher>>() else { return };
    if is_seen(app) {
        return;
    }
    let view = launcher.view();
    let language = view.settings.shown_language;
    let title = in_language(&view.brand.game, language).to_owned();
    let text = sentence(Words::of(language), notice);
    // The bus may take its time, and news must not wait for it.
    tauri::async_runtime::spawn_blocking(move || {
        let shown = notify_rust::Notification::new().summary(&title).body(&text).appname(&title).show();
        if let Err(error) = shown {
            tracing::info!(%error, "the system takes no notices");
        }
    });
}

fn sentence(words: &Words, notice: Notice) -> String {
    let (sentence, number) = match notice {
        Notice::Released(number) => (words.released, number),
        Notice::Installed(number) => (words.installed, number),
        Notice::Published(number) => (words.published, number),
        Notice::Failed => return words.failed.to_owned(),
    };
    sentence.replace("{}", &number.to_string())
}

fn is_seen<R: Runtime>(app: &AppHandle<R>) -> bool {
    let window = app.get_webview_window(MAIN);
    window.is_some_and(|window| window.is_visible().unwrap_or(false) && window.is_focused().unwrap_or(false))
}

fn in_language(text: &Bilingual, language: Language) -> &str {
    match language {
        Language::Ko => &text.ko,
        Language::En => &text.en,
    }
}

#[cfg(test)]
mod tests {
    use naru_launcher_core::view::{Changed, ErrorCode, Game, InstalledRelease, OfferedRelease, Outcome};
    use naru_launcher_core::view::{Problem, ProblemCode};

    use super::*;

    fn offered(number: u64, action: Action) -> LauncherEvent {
        let installed = InstalledRelease {
            number: 1,
            channel: "live".into(),
            notes: Bilingual::default(),
            files: 1,
            bytes: 1,
        };
        let release = OfferedRelease {
            number,
            notes: Bilingual::default(),
            bytes: 1,
            download_bytes: 1,
            download_files: 1,
            staged_bytes: 0,
        };
        LauncherEvent::Game(Game {
            folder: "/game".into(),
            installed: (action != Action::Install).then_some(installed),
            unreadable: None,
            offer: Offer::Available { release },
            playing: false,
            wounds: 0,
            action,
        })
    }

    fn ended(id: u64, kind: JobKind, state: JobState) -> LauncherEvent {
        let job = Job { state, ..Job::new(id, kind) };
        LauncherEvent::Job(Some(job))
    }

    fn done(release: u64) -> JobState {
        let outcome = Outcome { release: Some(release), travelled_bytes: 1, wounds: 0, kept: Vec::new() };
        JobState::Done { outcome }
    }

    #[test]
    fn a_newer_release_is_told_once() {
        let notices = Notices::default();
        assert_eq!(
            notices.notice(&offered(1, Action::Install)),
            None,
            "who has nothing installed looks at the window"
        );
        assert_eq!(notices.notice(&offered(2, Action::Update)), Some(Notice::Released(2)));
        assert_eq!(notices.notice(&offered(2, Action::Update)), None, "every check finds it again");
        assert_eq!(notices.notice(&offered(3, Action::Update)), Some(Notice::Released(3)));
        let damaged = notices.notice(&offered(1, Action::Repair));
        assert_eq!(
            damaged, None,
            "what is missing of the installed release is offered too, and is no newer one"
        );
    }

    #[test]
    fn the_end_of_long_work_is_told_once() {
        let notices = Notices::default();
        assert_eq!(notices.notice(&ended(1, JobKind::Update, JobState::Running { stoppable: true })), None);
        assert_eq!(notices.notice(&ended(1, JobKind::Update, done(2))), Some(Notice::Installed(2)));
        assert_eq!(notices.notice(&ended(1, JobKind::Update, done(2))), None);
        assert_eq!(notices.notice(&ended(2, JobKind::Publish, done(3))), Some(Notice::Published(3)));
        assert_eq!(
            notices.notice(&ended(3, JobKind::Update, JobState::Cancelled)),
            None,
            "he did it himself"
        );
        let problem = Problem {
            code: ProblemCode::Failure(ErrorCode::Busy),
            detail: String::new(),
            changed: Changed::Nothing,
        };
        let failed = JobState::Failed { problem };
        assert_eq!(notices.notice(&ended(4, JobKind::Verify, failed)), Some(Notice::Failed));
    }
}
