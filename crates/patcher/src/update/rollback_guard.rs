//! Keeps a server, or an attacker in between, from taking an install folder back to an older release.

use naru_protocol::Pointer;

use crate::UpdateError;
use crate::install_folder::Installed;
use crate::release::Wanted;

/// Refuses a pointer that would lead an install folder back, or to another channel's release.
pub(super) fn check(
    wanted: &Wanted,
    installed: Option<&Installed>,
    pointer: &Pointer,
) -> Result<(), UpdateError> {
    let release = pointer.release.as_ref();
    // Mix-and-match attack: a pointer that another channel's publisher has made.
    if let Some(release) = release.filter(|release| release.channel != wanted.channel) {
        let (wanted, offered) = (wanted.channel.clone(), release.channel.clone());
        return Err(UpdateError::OtherChannel { wanted, offered });
    }
    // Another channel than the installed one counts by itself: switching is not going back.
    let Some(installed) = installed.filter(|installed| installed.channel == wanted.channel) else {
        return Ok(());
    };
    // Rollback attack: an old release with a known vulnerability.
    let epoch = release.map_or(0, |release| release.epoch);
    if (epoch, pointer.version) < (installed.epoch, installed.number) {
        let (installed, offered) = (installed.number, pointer.version);
        return Err(UpdateError::OlderRelease { installed, offered });
    }
    // A release is immutable, so other content under its number was not published by the studio's tool.
    let named = release.and_then(|release| release.manifest_for(wanted.platform));
    let is_same = (epoch, pointer.version) == (installed.epoch, installed.number);
    if is_same && named.is_some_and(|named| named.manifest.digest != installed.manifest) {
        return Err(UpdateError::SameNumberOtherContent { number: installed.number });
    }
    Ok(())
}
