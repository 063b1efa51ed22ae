//! Records of players.

use naru_backend::accounts::PlayerRecord;

use crate::stores::{Stores, at, player};

pub async fn a_player_is_registered_once(stores: Stores) {
    let first = PlayerRecord { account: player(1), email: "one@naru.test".to_owned(), created_at: at(1) };
    assert!(stores.players.register(&first).await.unwrap());
    let again = PlayerRecord { created_at: at(2), email: "other@naru.test".to_owned(), ..first.clone() };
    assert!(
        !stores.players.register(&again).await.unwrap(),
        "a trigger that is called twice changes nothing"
    );
    assert_eq!(stores.players.find(&player(1)).await.unwrap(), Some(first));
    assert_eq!(stores.players.find(&player(2)).await.unwrap(), None);
}
