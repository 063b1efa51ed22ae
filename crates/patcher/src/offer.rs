//! What a server may offer to an install folder.

use naru_protocol::Pointer;

use crate::UpdateError;
use crate::kept::Kept;
use crate::remote::Wanted;

/// Refuses a pointer that would lead an install folder back, or to another channel's release.
pub(crate) fn check_offer(
    wanted: &Wanted,
    kept: Option<&Kept>,
    pointer: &Pointer,
) -> Result<(), UpdateError> {
    let release = pointer.release.as_ref();
    if let Some(release) = release.filter(|release| release.channel != wanted.channel) {
        let (wanted, offered) = (wanted.channel.clone(), release.channel.clone());
        return Err(UpdateError::OtherChannel { wanted, offered });
    }
    // Another channel than the installed one counts by itself: switching is not going back.
    let Some(installed) =
        kept.map(|kept| &kept.installed).filter(|installed| installed.channel == wanted.channel)
    else {
        return Ok(());
    };
    let epoch = release.map_or(0, |release| release.epoch);
    if (epoch, pointer.version) < (installed.epoch, installed.number) {
        let (installed, offered) = (installed.number, pointer.version);
        return Err(UpdateError::OlderRelease { installed, offered });
    }
    let named = release.and_then(|release| release.manifest_for(wanted.platform));
    let is_same = (epoch, pointer.version) == (installed.epoch, installed.number);
    if is_same && named.is_some_and(|named| named.manifest.digest != installed.manifest) {
        return Err(UpdateError::SameNumberOtherContent { number: installed.number });
    }
    Ok(())
}
