//! All behaviours on DynamoDB, as two independent servers implement it, and
//! what only this adapter has to show.
//!
//! The servers are named by `NARU_TEST_MOTO` and `NARU_TEST_DYNALITE`; `cargo xtask test` installs,
//! starts and names both. Where one is not named, its tests say so and check nothing.

mod bounds;
mod lambda;
mod lost_answers;
mod reads;
mod stream;
mod stream_records;
mod tables;
mod unwell;
mod world;

mod moto {
    //! All behaviours on moto.

    use super::world::{MOTO, World};
    use crate::stores::Stores;

    async fn stores() -> Option<Stores> {
        Some(World::on(MOTO).await?.stores())
    }

    crate::suite::every_behaviour!(stores);
}

mod dynalite {
    //! All behaviours but those that need a transaction on dynalite.

    use naru_backend::scores::ScoreEvent;
    use naru_backend::statistics::StatisticsStore;

    use super::world::{DYNALITE, World};
    use crate::stores::{Stores, run_id};

    async fn stores() -> Option<Stores> {
        Some(World::on(DYNALITE).await?.stores())
    }

    crate::suite::every_behaviour!(
        stores,
        no_transactions: "does not apply: an event and its count change in a transaction, which dynalite 4 lacks"
    );

    #[tokio::test]
    async fn dynalite_still_has_no_transactions() {
        let Some(world) = World::on(DYNALITE).await else { return };
        let event = ScoreEvent { run: run_id(1), points: 1 };
        let counted = world.statistics.apply(&[event]).await.unwrap_err().to_string();
        assert!(
            counted.contains("UnknownOperationException"),
            "the behaviours that are ignored on dynalite could run there now: {counted}"
        );
    }
}
