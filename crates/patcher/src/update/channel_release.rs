//! The release of a channel, as the server offers it.

use std::sync::Arc;

use naru_protocol::Keys;
use naru_store::ObjectRef;

use super::{Updater, rollback_guard};
use crate::install_folder::InstalledRelease;
use crate::release::{Wanted, WantedRelease, read_release};
use crate::remote::read_pointer;
use crate::{UpdateError, Warning};

impl Updater {
    /// Reads the channel's release, after the checks that keep an old or a mixed one out.
    pub(super) async fn channel_release(
        &self,
        installed: Option<&InstalledRelease>,
    ) -> Result<WantedRelease, UpdateError> {
        let wanted = Wanted {
            keys: Keys::new(&self.options.prefix),
            channel: self.channel(installed.map(|release| &release.installed)),
            platform: self.options.platform,
        };
        let object = ObjectRef::newest(wanted.keys.pointer(&wanted.channel));
        // Endless-data attack: the pointer's size is unknown, so it is read up to a limit. What it names
        // is read up to the size that it announces, and held against its digest.
        let read = read_pointer(&*self.store, &object).await?;
        let nothing = || UpdateError::NothingPublished {
            at: format!("{}/{}", self.store.name().trim_end_matches('/'), object.key),
        };
        let pointer = read.ok_or_else(nothing)?.pointer;
        rollback_guard::check(&wanted, installed.map(|release| &release.installed), &pointer)?;
        let mut release = read_release(Arc::clone(&self.store), &wanted, pointer).await?;
        if release.head.made_by_2017 {
            self.progress.warn(Warning::Release2017);
            release.refused.drain(..).for_each(|name| self.progress.warn(Warning::RefusedName(name)));
            // The 2017 format can't say what belongs to the player: what was said before holds on.
            if let Some(installed) = installed {
                release.head.preserve.clone_from(&installed.known.preserve);
                release.head.config.clone_from(&installed.known.config);
            }
        }
        Ok(release)
    }
}
