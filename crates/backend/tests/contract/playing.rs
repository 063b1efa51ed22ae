//! What time of the players their runs have taken.

use std::time::Duration;

use naru_backend::scores::{Playing, Run};

use crate::stores::{Stores, at, player, run_id};

fn run(number: u128, by: u32) -> Run {
    Run { id: run_id(number), player: player(by), seed: 1, rules_version: 1, issued_at: at(0) }
}

pub async fn a_players_runs_come_back_as_they_were_stored(stores: Stores) {
    assert_eq!(stores.playing.load(&player(1)).await.unwrap(), (Playing::default(), 0));
    let mut playing = Playing::default();
    playing.open(&run(1, 1));
    assert!(!stores.playing.commit(&player(1), 1, &playing).await.unwrap(), "there is no version 1 yet");
    assert!(stores.playing.commit(&player(1), 0, &playing).await.unwrap());
    assert!(!stores.playing.commit(&player(1), 0, &Playing::default()).await.unwrap(), "it is the second");
    assert_eq!(stores.playing.load(&player(1)).await.unwrap(), (playing.clone(), 1));
    playing.take(&run(1, 1), [1; 32], Duration::from_secs(28), at(30_000)).unwrap();
    assert!(stores.playing.commit(&player(1), 1, &playing).await.unwrap());
    assert_eq!(stores.playing.load(&player(1)).await.unwrap(), (playing, 2));
    assert_eq!(stores.playing.load(&player(2)).await.unwrap().1, 0, "another player's time is another's");
}

pub async fn of_changes_at_once_one_is_stored(stores: Stores) {
    for before in 0..3 {
        let tasks: Vec<_> = (0..12)
            .map(|number| {
                let store = stores.playing.clone();
                let mut playing = Playing::default();
                playing.open(&run(number, 1));
                tokio::spawn(async move { store.commit(&player(1), before, &playing).await.unwrap() })
            })
            .collect();
        let mut stored = 0;
        for task in tasks {
            stored += usize::from(task.await.unwrap());
        }
        assert_eq!(stored, 1, "all of them were decided on version {before}");
    }
}

/// The flow's own loop, as many requests at once go through it.
pub async fn of_runs_at_once_no_more_are_accepted_than_there_was_time_to_play(stores: Stores) {
    let mut playing = Playing::default();
    (1..=3).for_each(|number| playing.open(&run(number, 1)));
    assert!(stores.playing.commit(&player(1), 0, &playing).await.unwrap());
    let tasks: Vec<_> = (1..=3_u8)
        .map(|number| {
            let store = stores.playing.clone();
            tokio::spawn(async move {
                loop {
                    let (mut playing, version) = store.load(&player(1)).await.unwrap();
                    let taken = playing.take(
                        &run(number.into(), 1),
                        [number; 32],
                        Duration::from_secs(28),
                        at(34_000),
                    );
                    if taken.is_err() || store.commit(&player(1), version, &playing).await.unwrap() {
                        return taken.is_ok();
                    }
                }
            })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += usize::from(task.await.unwrap());
    }
    assert_eq!(accepted, 1, "34 seconds are time for one run of 28");
}
