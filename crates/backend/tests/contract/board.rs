//! The board.

use std::collections::BTreeMap;

use fastrand::Rng;
use naru_backend::scores::{Best, BoardKey};

use crate::stores::{Stores, player, run_id, score};

pub async fn the_best_of_each_player_in_order(stores: Stores) {
    assert!(stores.board.page(None, 10).await.unwrap().is_empty());
    // Player 2 reaches player 1's score later; player 1 reaches it again, and falls short once.
    for (number, by, points) in [(1, 1, 50), (2, 2, 50), (3, 3, 80), (4, 1, 50), (5, 1, 20), (6, 2, 40)] {
        stores.scores.record(&score(number, by, points), Some("name")).await.unwrap();
    }
    let runs: Vec<_> =
        stores.board.page(None, 10).await.unwrap().into_iter().map(|best| best.key.run).collect();
    assert_eq!(runs, [run_id(3), run_id(1), run_id(2)], "the first to reach a score keeps its place");
}

pub async fn pages_and_ranks_agree_with_a_sort(stores: Stores) {
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let mut expected: BTreeMap<u32, BoardKey> = BTreeMap::new();
    for number in 1..=400 {
        // Few scores for many players: ties everywhere.
        let score = score(number, rng.u32(..90), rng.u32(..12) * 2);
        stores.scores.record(&score, None).await.unwrap();
        let key = BoardKey { points: score.points, reached_at: score.at, run: score.run };
        let by = (0..90).find(|&by| player(by) == score.player).unwrap();
        let best = expected.entry(by).or_insert_with(|| key.clone());
        if key.points > best.points {
            *best = key;
        }
    }
    let mut expected: Vec<_> = expected.into_iter().collect();
    expected.sort_by(|one, other| one.1.cmp(&other.1));

    for limit in [1, 7, 100] {
        let shown: Vec<_> = all_pages(&stores, limit).await.into_iter().map(|best| best.key).collect();
        assert_eq!(shown, expected.iter().map(|(_, key)| key.clone()).collect::<Vec<_>>(), "limit {limit}");
    }
    for (place, (by, key)) in expected.iter().enumerate() {
        assert_eq!(stores.board.count_before(key).await.unwrap(), place as u64);
        assert_eq!(&stores.board.best_of(&player(*by)).await.unwrap().unwrap().key, key);
    }
}

async fn all_pages(stores: &Stores, limit: usize) -> Vec<Best> {
    let mut all: Vec<Best> = Vec::new();
    loop {
        let after = all.last().map(|best| best.key.clone());
        let page = stores.board.page(after.as_ref(), limit).await.unwrap();
        assert!(page.len() <= limit);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

pub async fn a_name_changes_without_a_score(stores: Stores) {
    stores.names.rename(&player(1), Some("early")).await.unwrap();
    assert_eq!(stores.board.best_of(&player(1)).await.unwrap(), None, "a name alone is no place");
    stores.scores.record(&score(1, 1, 10), Some("first")).await.unwrap();
    stores.names.rename(&player(1), Some("나루")).await.unwrap();
    let best = stores.board.best_of(&player(1)).await.unwrap().unwrap();
    assert_eq!((best.nickname.as_deref(), best.key.points), (Some("나루"), 10));
    stores.names.rename(&player(1), None).await.unwrap();
    assert_eq!(stores.board.best_of(&player(1)).await.unwrap().unwrap().nickname, None);
}

pub async fn a_lower_score_brings_its_name_and_leaves_the_place(stores: Stores) {
    stores.scores.record(&score(1, 1, 50), Some("before")).await.unwrap();
    for (number, name) in [(2, Some("after")), (3, None), (4, None), (5, Some("나루"))] {
        stores.scores.record(&score(number, 1, 10), name).await.unwrap();
        let best = stores.board.best_of(&player(1)).await.unwrap().unwrap();
        assert_eq!((best.nickname.as_deref(), best.key.run), (name, run_id(1)), "score {number}");
        assert_eq!(stores.board.page(None, 2).await.unwrap()[0].nickname.as_deref(), name, "in order, too");
    }
}
