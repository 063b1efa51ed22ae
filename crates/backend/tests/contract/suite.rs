//! The list of all behaviours.

/// Makes a test of each behaviour. What hands in the stores answers nothing where its server is not
/// named. A store without transactions gives the reason why the behaviours that need one do not
/// apply to it; they are reported as ignored, with that reason.
macro_rules! every_behaviour {
    ($stores:path $(, no_transactions: $reason:literal)?) => {
        $crate::suite::holds! { $stores; []; [
            runs::a_run_comes_back_as_it_was_issued,
            runs::an_outlived_run_may_be_forgotten_and_a_young_one_not,
            playing::a_players_runs_come_back_as_they_were_stored,
            playing::of_changes_at_once_one_is_stored,
            playing::of_runs_at_once_no_more_are_accepted_than_there_was_time_to_play,
            scores::a_run_has_one_score,
            scores::of_many_at_once_one_is_stored,
            scores::of_scores_at_once_the_best_stays,
            scores::each_stored_score_is_one_event_until_it_is_acknowledged,
            board::the_best_of_each_player_in_order,
            board::pages_and_ranks_agree_with_a_sort,
            board::a_name_changes_without_a_score,
            board::a_lower_score_brings_its_name_and_leaves_the_place,
            allowances::a_window_gives_its_limit_and_no_more,
            allowances::no_request_is_within_a_limit_of_none,
            accounts::a_player_is_registered_once,
            player_data::records_come_back_with_their_sync_counts,
            player_data::a_stale_revision_changes_nothing,
            player_data::of_revisions_at_once_one_is_stored,
            player_data::a_deleted_dataset_never_counts_backwards,
            player_data::one_dataset_too_many_is_refused,
            player_data::of_new_datasets_at_once_no_more_than_the_limit_are_stored,
            player_data::datasets_of_another_player_are_out_of_reach,
            player_data::a_full_dataset_comes_back,
            player_data::many_changes_are_what_they_add_up_to,
            player_data::a_reader_never_sees_half_a_change,
        ] }
        $crate::suite::holds! { $stores; [$(#[ignore = $reason])?]; [
            statistics::redelivered_and_shuffled_events_count_once,
            statistics::a_consumer_that_dies_before_acknowledging_counts_nothing_twice,
        ] }
    };
}

macro_rules! holds {
    ($stores:path; $attributes:tt; [$($room:ident :: $behaviour:ident),+ $(,)?]) => {
        $($crate::suite::test! { $stores; $attributes; $room::$behaviour })+
    };
}

macro_rules! test {
    ($stores:path; [$(#[$attribute:meta])*]; $room:ident :: $behaviour:ident) => {
        #[tokio::test(flavor = "multi_thread")]
        $(#[$attribute])*
        async fn $behaviour() {
            if let Some(stores) = $stores().await {
                $crate::$room::$behaviour(stores).await;
            }
        }
    };
}

pub(crate) use {every_behaviour, holds, test};
