//! Scores and their stream.

use naru_backend::scores::Recorded;

use crate::stores::{Stores, player, run_id, score};

pub async fn a_run_has_one_score(stores: Stores) {
    let first = score(1, 1, 100);
    assert_eq!(stores.scores.record(&first, None).await.unwrap(), Recorded::New);

    let mut later = first.clone();
    later.at = score(9, 1, 0).at;
    let again = stores.scores.record(&later, None).await.unwrap();
    assert_eq!(again, Recorded::Same(first.clone()), "the answer of the first time, with its time");

    let mut other = first.clone();
    (other.recording, other.points) = ([99; 32], 9000);
    assert_eq!(stores.scores.record(&other, None).await.unwrap(), Recorded::Other);
    let mut foreign = first.clone();
    foreign.player = player(2);
    assert_eq!(stores.scores.record(&foreign, None).await.unwrap(), Recorded::Other);

    assert_eq!(stores.scores.stored(&run_id(1)).await.unwrap(), Some(first));
    assert_eq!(stores.scores.stored(&run_id(2)).await.unwrap(), None);
    assert_eq!(stores.board.best_of(&player(1)).await.unwrap().unwrap().key.points, 100);
    assert_eq!(stores.board.best_of(&player(2)).await.unwrap(), None);
    assert_eq!(stores.stream.pending(10).await.unwrap().len(), 1, "refusals are no events");
}

pub async fn of_many_at_once_one_is_stored(stores: Stores) {
    let tasks: Vec<_> = (0..16_u8)
        .map(|recording| {
            let scores = stores.scores.clone();
            let mut score = score(1, 1, 100 + u32::from(recording));
            score.recording = [recording; 32];
            tokio::spawn(async move { scores.record(&score, None).await.unwrap() })
        })
        .collect();
    let mut new = 0;
    for task in tasks {
        new += usize::from(task.await.unwrap() == Recorded::New);
    }
    assert_eq!(new, 1);
    assert_eq!(stores.stream.pending(100).await.unwrap().len(), 1);
}

pub async fn of_scores_at_once_the_best_stays(stores: Stores) {
    let tasks: Vec<_> = (1..=24_u32)
        .map(|number| {
            let scores = stores.scores.clone();
            // Best, worst and middling scores come in turn.
            let score = score(number.into(), 1, number * 7 % 25);
            tokio::spawn(async move { scores.record(&score, Some("name")).await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Recorded::New, "each is another run");
    }
    let best = stores.board.best_of(&player(1)).await.unwrap().unwrap();
    assert_eq!(best.key.points, 24, "a lower score that was written later must not take the place");
    assert_eq!(stores.board.page(None, 10).await.unwrap(), [best], "one place for each player");
}

pub async fn each_stored_score_is_one_event_until_it_is_acknowledged(stores: Stores) {
    for number in 1..=5 {
        stores.scores.record(&score(number, 1, 10), None).await.unwrap();
    }
    let first = stores.stream.pending(2).await.unwrap();
    assert_eq!(first.len(), 2);
    assert_eq!(stores.stream.pending(2).await.unwrap(), first, "delivered again until acknowledged");
    stores.stream.acknowledge(&[run_id(1), run_id(2)]).await.unwrap();
    stores.stream.acknowledge(&[run_id(1)]).await.unwrap();
    let mut rest: Vec<_> =
        stores.stream.pending(100).await.unwrap().into_iter().map(|event| event.run).collect();
    rest.sort();
    assert_eq!(rest, [run_id(3), run_id(4), run_id(5)]);
}
