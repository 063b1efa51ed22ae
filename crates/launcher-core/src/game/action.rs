//! What the big button does.

use crate::view::{Action, ErrorCode, Game, Offer, ProblemCode};

/// The one rule: of a game whose line of releases is `follows`, what the player most likely wants next.
pub(crate) fn action(game: &Game, follows: &str) -> Action {
    if game.playing {
        return Action::Playing;
    }
    if let Some(problem) = &game.unreadable {
        // The files are there; only the record of them is not, and a repair makes it anew.
        return if problem.code == ProblemCode::Failure(ErrorCode::BrokenLedger) {
            Action::Repair
        } else {
            Action::None
        };
    }
    let Some(installed) = &game.installed else {
        return if matches!(game.offer, Offer::Available { .. }) { Action::Install } else { Action::None };
    };
    match &game.offer {
        _ if game.wounds > 0 => Action::Repair,
        // The release that is installed already, to be fetched again: files of it are missing.
        Offer::Available { release }
            if (release.number, follows) == (installed.number, &*installed.channel) =>
        {
            Action::Repair
        }
        Offer::Available { .. } => Action::Update,
        _ => Action::Play,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Bilingual, InstalledRelease, OfferedRelease, Problem};

    fn game(installed: Option<u64>, offered: Option<u64>) -> Game {
        let release = |number| InstalledRelease {
            number,
            channel: "live".into(),
            notes: Bilingual::default(),
            files: 1,
            bytes: 1,
        };
        let offer = |number| OfferedRelease {
            number,
            notes: Bilingual::default(),
            bytes: 1,
            download_bytes: 1,
            download_files: 1,
            staged_bytes: 0,
        };
        Game {
            folder: "/game".into(),
            installed: installed.map(release),
            unreadable: None,
            offer: offered.map_or(Offer::Unknown, |number| Offer::Available { release: offer(number) }),
            playing: false,
            wounds: 0,
            action: Action::None,
        }
    }

    #[test]
    fn the_button_offers_what_is_possible() {
        assert_eq!(action(&game(None, None), "live"), Action::None, "there is nothing to start or to fetch");
        assert_eq!(action(&game(None, Some(3)), "live"), Action::Install);
        assert_eq!(
            action(&game(Some(3), None), "live"),
            Action::Play,
            "an unanswered question holds nobody up"
        );
        assert_eq!(action(&game(Some(3), Some(4)), "live"), Action::Update);
        assert_eq!(
            action(&game(Some(3), Some(3)), "live"),
            Action::Repair,
            "files of the release are missing"
        );
        assert_eq!(
            action(&game(Some(3), Some(3)), "beta"),
            Action::Update,
            "numbers of two lines can't be compared"
        );
    }

    #[test]
    fn playing_goes_before_all_else_and_wounds_before_an_update() {
        let wounded = Game { wounds: 2, ..game(Some(3), Some(4)) };
        assert_eq!(action(&wounded, "live"), Action::Repair);
        assert_eq!(action(&Game { playing: true, ..wounded }, "live"), Action::Playing);
    }

    #[test]
    fn a_failed_question_leaves_the_game_playable() {
        let offer = Offer::Failed { problem: Problem::plain(ErrorCode::Unreachable) };
        assert_eq!(action(&Game { offer: offer.clone(), ..game(Some(3), None) }, "live"), Action::Play);
        assert_eq!(action(&Game { offer, ..game(None, None) }, "live"), Action::None);
    }

    #[test]
    fn a_broken_record_is_repaired_and_an_unreadable_disk_is_not() {
        let broken = |code| Game { unreadable: Some(Problem::plain(code)), ..game(None, Some(3)) };
        assert_eq!(action(&broken(ProblemCode::Failure(ErrorCode::BrokenLedger)), "live"), Action::Repair);
        assert_eq!(action(&broken(ProblemCode::Failure(ErrorCode::DiskRefused)), "live"), Action::None);
    }
}
