//! The one way from the launcher to its page, and to the player who does not look at it.

use naru_launcher_core::Listener;
use naru_launcher_core::view::LauncherEvent;
use tauri::{AppHandle, Emitter, Runtime};

use crate::labels::MAIN;
use crate::notices;

/// The event's name on the bridge.
pub(crate) const EVENT: &str = "launcher";

/// Hands each change on to the main window.
pub(crate) struct Page<R: Runtime>(pub(crate) AppHandle<R>);

impl<R: Runtime> Listener for Page<R> {
    fn on_event(&self, event: LauncherEvent) {
        notices::on_event(&self.0, &event);
        if let Err(error) = self.0.emit_to(MAIN, EVENT, event) {
            tracing::warn!(%error, "the page could not be told");
        }
    }
}
