//! What keeps an action from beginning, as windows are told it.

use crate::lease::Holder;
use crate::view::{Obstacle, Obstacles};

/// While these hold the lease. Who waits for whom is the lease's rule.
pub(super) fn obstacles(holders: &[Holder], is_installed: bool) -> Obstacles {
    let of = |wanted: Holder| wanted.waits_for(holders).map(Obstacle::from).collect::<Vec<_>>();
    let mut play = of(Holder::Game);
    if !is_installed {
        play.push(Obstacle::NotInstalled);
    }
    Obstacles { play, publish: of(Holder::PublisherJob), self_update: of(Holder::SelfUpdate) }
}

impl From<Holder> for Obstacle {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::Game => Self::Game,
            Holder::Job | Holder::PublisherJob => Self::Job,
            Holder::SelfUpdate => Self::SelfUpdate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_is_told_all_that_it_waits_for() {
        use Obstacle::{Game, Job, SelfUpdate};
        type Waits<'a> = &'a [Obstacle];
        let table: [(&[Holder], Waits, Waits, Waits); 6] = [
            (&[], &[], &[], &[]),
            (&[Holder::Game], &[Game], &[], &[Game]),
            (&[Holder::Job], &[Job], &[Job], &[Job]),
            (&[Holder::PublisherJob], &[], &[Job], &[Job]),
            (&[Holder::Game, Holder::PublisherJob], &[Game], &[Job], &[Game, Job]),
            (&[Holder::SelfUpdate], &[SelfUpdate], &[SelfUpdate], &[SelfUpdate]),
        ];
        for (holders, play, publish, self_update) in table {
            let told = obstacles(holders, true);
            assert_eq!(told.play, play, "{holders:?}, then playing");
            assert_eq!(told.publish, publish, "{holders:?}, then publishing");
            assert_eq!(told.self_update, self_update, "{holders:?}, then a newer launcher");
        }
    }

    #[test]
    fn only_playing_needs_an_installed_game() {
        let told = obstacles(&[Holder::Job], false);
        assert_eq!(told.play, [Obstacle::Job, Obstacle::NotInstalled]);
        assert_eq!(told.publish, [Obstacle::Job]);
        assert_eq!(obstacles(&[], false).self_update, []);
    }
}
