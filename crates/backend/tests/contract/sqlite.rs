//! All behaviours on SQLite.

use std::sync::Arc;

use naru_backend::adapters::Database;

use crate::stores::Stores;
use crate::{allowance, board, datasets, players, runs, scores, statistics};

fn stores() -> Stores {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(Database::open(&folder.path().join("services.db")).unwrap());
    Stores {
        runs: database.clone(),
        scores: database.clone(),
        stream: database.clone(),
        board: database.clone(),
        statistics: database.clone(),
        datasets: database.clone(),
        players: database.clone(),
        allowance: database,
        _keep: Box::new(folder),
    }
}

macro_rules! holds {
    ($($room:ident :: $behaviour:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                $room::$behaviour(stores()).await;
            }
        )+
    };
}

holds! {
    runs::a_run_comes_back_as_it_was_issued,
    runs::an_outlived_run_may_be_forgotten_and_a_young_one_not,
    scores::a_run_has_one_score,
    scores::of_many_at_once_one_is_stored,
    scores::each_stored_score_is_one_event_until_it_is_acknowledged,
    board::the_best_of_each_player_in_order,
    board::pages_and_ranks_agree_with_a_sort,
    board::a_name_changes_without_a_score,
    statistics::redelivered_and_shuffled_events_count_once,
    statistics::a_consumer_that_dies_before_acknowledging_counts_nothing_twice,
    allowance::a_window_gives_its_limit_and_no_more,
    players::a_player_is_registered_once,
    datasets::records_come_back_with_their_sync_counts,
    datasets::a_stale_revision_changes_nothing,
    datasets::of_revisions_at_once_one_is_stored,
    datasets::a_deleted_dataset_never_counts_backwards,
    datasets::one_dataset_too_many_is_refused,
    datasets::datasets_of_another_player_are_out_of_reach,
}
