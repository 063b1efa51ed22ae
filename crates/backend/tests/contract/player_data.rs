//! Datasets.

use fastrand::Rng;
use naru_backend::player_data::{
    Commit, Dataset, DatasetName, Deletion, MAX_DATASET_BYTES, MAX_DATASETS, MAX_RECORDS, Revision,
};
use naru_protocol::{DatasetUpdate, RecordChange};

use crate::stores::{Stores, at, player};

fn name(text: &str) -> DatasetName {
    DatasetName::parse(text).unwrap()
}

fn update(changes: &[(&str, Option<&str>, u64)]) -> DatasetUpdate {
    let change = |&(key, value, sync_count): &(&str, Option<&str>, u64)| RecordChange {
        key: key.to_owned(),
        value: value.map(str::to_owned),
        sync_count,
    };
    DatasetUpdate { changes: changes.iter().map(change).collect() }
}

async fn change(stores: &Stores, dataset: &str, changes: &[(&str, Option<&str>, u64)]) -> Commit {
    let revision = load(stores, dataset).await.revise(&update(changes), at(5)).unwrap();
    stores.datasets.commit(&player(1), &name(dataset), &revision).await.unwrap()
}

async fn load(stores: &Stores, dataset: &str) -> Dataset {
    stores.datasets.load(&player(1), &name(dataset)).await.unwrap()
}

pub async fn records_come_back_with_their_sync_counts(stores: Stores) {
    assert_eq!(load(&stores, "save").await, Dataset::absent(0));
    assert_eq!(
        change(&stores, "save", &[("level", Some("3"), 0), ("gold", Some("0"), 0)]).await,
        Commit::Done
    );
    assert_eq!(change(&stores, "save", &[("gold", None, 1), ("이름", Some("나루"), 0)]).await, Commit::Done);
    let dataset = load(&stores, "save").await;
    assert_eq!((dataset.exists, dataset.sync_count), (true, 2));
    let values: Vec<_> =
        dataset.records.iter().map(|(key, record)| (key.as_str(), record.value.as_deref())).collect();
    assert_eq!(values, [("gold", None), ("level", Some("3")), ("이름", Some("나루"))]);
    assert_eq!(dataset.changes_since(1).len(), 2, "what changed in the second update, the removal too");
    assert_eq!(dataset.changes_since(0).len(), 2, "from the start, what there is");

    let list = stores.datasets.list(&player(1)).await.unwrap();
    assert_eq!((list.len(), list[0].records, list[0].sync_count), (1, 2, 2));
    assert_eq!(list[0].bytes, ("level3".len() + "이름나루".len()) as u64);
}

pub async fn a_stale_revision_changes_nothing(stores: Stores) {
    change(&stores, "save", &[("a", Some("1"), 0)]).await;
    let revision = load(&stores, "save").await.revise(&update(&[("b", Some("2"), 0)]), at(6)).unwrap();
    change(&stores, "save", &[("c", Some("3"), 0)]).await;
    let before = load(&stores, "save").await;
    let commit = stores.datasets.commit(&player(1), &name("save"), &revision).await.unwrap();
    assert_eq!(commit, Commit::Stale);
    assert_eq!(load(&stores, "save").await, before);
}

pub async fn of_revisions_at_once_one_is_stored(stores: Stores) {
    // The first round makes the dataset, the others change it.
    for round in 0..4 {
        let dataset = load(&stores, "save").await;
        let tasks: Vec<_> = (0..8)
            .map(|task| {
                let (datasets, value) = (stores.datasets.clone(), format!("{round}.{task}"));
                let revision = dataset.revise(&update(&[("k", Some(&value), round)]), at(1)).unwrap();
                tokio::spawn(async move {
                    let commit = datasets.commit(&player(1), &name("save"), &revision).await.unwrap();
                    (commit == Commit::Done).then_some(value)
                })
            })
            .collect();
        let mut stored = Vec::new();
        for task in tasks {
            stored.extend(task.await.unwrap());
        }
        assert_eq!(
            stored.len(),
            1,
            "round {round}: all but one changed what was no longer there: {stored:?}"
        );
        let dataset = load(&stores, "save").await;
        assert_eq!((dataset.sync_count, &dataset.records["k"].value), (round + 1, &stored.pop()));
    }
}

pub async fn a_deleted_dataset_never_counts_backwards(stores: Stores) {
    for count in 0..3 {
        change(&stores, "save", &[("a", Some("1"), count)]).await;
    }
    for expected in [Deletion::Deleted, Deletion::Absent] {
        assert_eq!(stores.datasets.delete(&player(1), &name("save")).await.unwrap(), expected);
    }
    let gone = load(&stores, "save").await;
    assert_eq!((gone.exists, gone.sync_count, gone.records.len()), (false, 4, 0));
    assert!(gone.must_start_over(3), "who knew the old records must drop them");

    assert_eq!(change(&stores, "save", &[("b", Some("2"), 0)]).await, Commit::Done);
    let anew = load(&stores, "save").await;
    assert_eq!((anew.sync_count, anew.records.len()), (5, 1));
    assert!(anew.must_start_over(3) && !anew.must_start_over(5));
}

pub async fn one_dataset_too_many_is_refused(stores: Stores) {
    for number in 0..MAX_DATASETS {
        assert_eq!(change(&stores, &format!("d{number}"), &[("a", Some("1"), 0)]).await, Commit::Done);
    }
    assert_eq!(change(&stores, "another", &[("a", Some("1"), 0)]).await, Commit::TooMany);
    assert_eq!(
        change(&stores, "d3", &[("a", Some("2"), 1)]).await,
        Commit::Done,
        "those that are there change"
    );
    stores.datasets.delete(&player(1), &name("d0")).await.unwrap();
    assert_eq!(change(&stores, "another", &[("a", Some("1"), 0)]).await, Commit::Done);
}

pub async fn datasets_of_another_player_are_out_of_reach(stores: Stores) {
    change(&stores, "save", &[("a", Some("1"), 0)]).await;
    assert_eq!(stores.datasets.load(&player(2), &name("save")).await.unwrap(), Dataset::absent(0));
    assert!(stores.datasets.list(&player(2)).await.unwrap().is_empty());
    assert_eq!(stores.datasets.delete(&player(2), &name("save")).await.unwrap(), Deletion::Absent);
    assert!(load(&stores, "save").await.exists);
}

pub async fn of_new_datasets_at_once_no_more_than_the_limit_are_stored(stores: Stores) {
    let tasks: Vec<_> = (0..MAX_DATASETS + 6)
        .map(|number| {
            let (datasets, name) = (stores.datasets.clone(), name(&format!("d{number}")));
            let revision = Dataset::absent(0).revise(&update(&[("k", Some("v"), 0)]), at(1)).unwrap();
            tokio::spawn(async move { datasets.commit(&player(1), &name, &revision).await.unwrap() })
        })
        .collect();
    let mut commits = Vec::new();
    for task in tasks {
        commits.push(task.await.unwrap());
    }
    let of = |what| commits.iter().filter(|commit| **commit == what).count();
    assert_eq!((of(Commit::Done), of(Commit::TooMany)), (MAX_DATASETS, 6), "{commits:?}");
    assert_eq!(stores.datasets.list(&player(1)).await.unwrap().len(), MAX_DATASETS);
}

pub async fn a_full_dataset_comes_back(stores: Stores) {
    // Characters that JSON writes with six bytes, next to some that have three in UTF-8.
    let one = "\u{1}나".repeat((MAX_DATASET_BYTES - 1) / 4);
    change(&stores, "one", &[("k", Some(&one), 0)]).await;
    assert_eq!(load(&stores, "one").await.records["k"].value.as_deref(), Some(&*one), "one long value");
    change(&stores, "one", &[("k", Some("short"), 1)]).await;
    assert_eq!(load(&stores, "one").await.records["k"].value.as_deref(), Some("short"));

    let value = "v".repeat(MAX_DATASET_BYTES / MAX_RECORDS - 4);
    let keys: Vec<_> = (0..MAX_RECORDS).map(|number| format!("{number:04}")).collect();
    let changes: Vec<_> = keys.iter().map(|key| (key.as_str(), Some(value.as_str()), 0)).collect();
    assert_eq!(change(&stores, "many", &changes).await, Commit::Done);
    let dataset = load(&stores, "many").await;
    assert_eq!(dataset.records.len(), MAX_RECORDS);
    assert!(dataset.records.values().all(|record| record.value.as_ref() == Some(&value)));
    let list = stores.datasets.list(&player(1)).await.unwrap();
    let sizes: Vec<_> =
        list.iter().map(|summary| (summary.records as usize, summary.bytes as usize)).collect();
    assert_eq!(sizes, [(MAX_RECORDS, MAX_DATASET_BYTES), (1, "kshort".len())]);
}

pub async fn many_changes_are_what_they_add_up_to(stores: Stores) {
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let mut expected = Dataset::absent(0);
    // Some 60 changes of a few keys: enough for a store that keeps changes to put them together.
    for count in 0..60 {
        if rng.u8(..20) == 0 {
            stores.datasets.delete(&player(1), &name("save")).await.unwrap();
            expected = load(&stores, "save").await;
            assert_eq!(expected.records.len(), 0);
        }
        let (keys, value) = (rng.usize(1..4), "x".repeat(rng.usize(..30_000)));
        let keys: Vec<_> = (0..keys).map(|key| format!("{key}{}", rng.u8(..4))).collect();
        let changes: Vec<_> = keys
            .iter()
            .map(|key| {
                let known = expected.records.get(key).map_or(0, |record| record.sync_count);
                (key.as_str(), (rng.u8(..3) > 0).then_some(value.as_str()), known)
            })
            .collect();
        let revision = expected.revise(&update(&changes), at(count)).unwrap();
        let commit = stores.datasets.commit(&player(1), &name("save"), &revision).await.unwrap();
        assert_eq!(commit, Commit::Done);
        apply(&mut expected, revision);
        assert_eq!(load(&stores, "save").await, expected, "after change {count}");
    }
}

fn apply(dataset: &mut Dataset, revision: Revision) {
    dataset.records.extend(revision.written);
    dataset.records.retain(|key, _| !revision.dropped.contains(key));
    (dataset.exists, dataset.sync_count, dataset.forgotten) = (true, revision.sync_count, revision.forgotten);
}

pub async fn a_reader_never_sees_half_a_change(stores: Stores) {
    change(&stores, "save", &[("left", Some("0"), 0), ("right", Some("0"), 0)]).await;
    let datasets = stores.datasets.clone();
    let writer = tokio::spawn(async move {
        for turn in 1..=40 {
            let dataset = datasets.load(&player(1), &name("save")).await.unwrap();
            let value = turn.to_string();
            let changes = [("left", Some(&*value), turn), ("right", Some(&*value), turn)];
            let revision = dataset.revise(&update(&changes), at(1)).unwrap();
            datasets.commit(&player(1), &name("save"), &revision).await.unwrap();
        }
    });
    while !writer.is_finished() {
        let dataset = load(&stores, "save").await;
        let of = |key: &str| dataset.records[key].clone();
        assert_eq!(of("left"), of("right"), "both were written by one change");
        assert_eq!(of("left").sync_count, dataset.sync_count, "and it was the last one");
    }
    writer.await.unwrap();
    assert_eq!(load(&stores, "save").await.sync_count, 41);
}
