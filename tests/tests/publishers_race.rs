//! Of two publishers at the same moment one wins, and nothing of the other's is seen.

#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use naru_patcher::{
    ChannelOptions, InstallFolder, PublishError, PublishOptions, PublishPlan, Published, Publisher,
    ReleaseLog, Silent, UpdateOptions, Updater,
};
use naru_testkit::{Fault, Nth, Rule, Shape, Tree, TreeFile};
use naru_tests::{Cloud, Outcome, Settings, assert_same, game_files, scratch};

const ROUNDS: u64 = 100;

/// A build of one of the two: the same paths with other bytes, and one path that only it has.
fn build(round: u64, who: &str, random: &mut fastrand::Rng) -> Tree {
    let mut tree = Tree::generate(7, Shape { files: 6, largest: 2_000 });
    let file = |text: String| TreeFile { bytes: text.into_bytes().into(), executable: false };
    tree.files.insert("shared".into(), file(format!("{who} in round {round}")));
    tree.files.insert(format!("only-{who}/{round}"), file(random.u64(..).to_string()));
    tree
}

fn publisher(cloud: &Cloud, folder: &Path) -> Publisher {
    Publisher::new(release_log(cloud), PublishOptions::new(folder))
}

fn release_log(cloud: &Cloud) -> ReleaseLog {
    let edge = cloud.invalidator();
    ReleaseLog::new(cloud.bucket(), Some(edge), ChannelOptions::default(), Arc::new(Silent))
}

fn release_1(cloud: &Cloud, folder: &Path) {
    Tree::generate(7, Shape { files: 6, largest: 2_000 }).write_to(folder);
    let publisher = publisher(cloud, folder);
    let publish = async { publisher.publish(publisher.plan().await?).await };
    assert_eq!(cloud.runtime().block_on(publish).unwrap().number, 1);
}

#[test]
fn of_two_racing_publishers_one_wins_each_round() {
    let mut random = fastrand::Rng::with_seed(Settings::from_environment().seed);
    let root = scratch();
    let cloud = Cloud::start(&root.path().join("cloud"));
    release_1(&cloud, &root.path().join("first"));
    let install = root.path().join("install");
    let mut won = [0, 0];
    for round in 0..ROUNDS {
        let folders = ["left", "right"].map(|who| root.path().join(who));
        let trees = ["left", "right"].map(|who| build(round, who, &mut random));
        folders.iter().zip(&trees).for_each(|(folder, tree)| tree.write_to(folder));
        let head_start = Duration::from_micros(random.u64(..3_000));
        let winner = race(&cloud, &folders, round + 2, head_start, random.bool());
        won[winner] += 1;
        update(&cloud, &install);
        let at = format!("round {round}");
        assert_same(&game_files(&install), &trees[winner].snapshot(), "players get the winner's build", &at);
    }
    let list = cloud.runtime().block_on(release_log(&cloud).releases()).unwrap();
    let numbers: Vec<u64> = list.iter().map(|release| release.number).collect();
    let expected: Vec<u64> = (1..=ROUNDS + 1).rev().collect();
    assert_eq!(numbers, expected, "each round made one release, without a gap and without a second one");
    println!("counted race: {ROUNDS} rounds, won {won:?}, 0 lost, 0 mixed");
}

/// Both plan against the same release and publish at the same time; answers who won.
fn race(cloud: &Cloud, folders: &[PathBuf; 2], number: u64, head_start: Duration, swap: bool) -> usize {
    let publishers = folders.each_ref().map(|folder| publisher(cloud, folder));
    let plans = publishers.each_ref().map(|publisher| cloud.runtime().block_on(publisher.plan()).unwrap());
    let mut waits = [Duration::ZERO, head_start];
    if swap {
        waits.reverse();
    }
    let results = std::thread::scope(|scope| {
        let mut runs = Vec::new();
        for ((publisher, plan), wait) in publishers.into_iter().zip(plans).zip(waits) {
            runs.push(scope.spawn(move || cloud.runtime().block_on(publish_after(wait, publisher, plan))));
        }
        runs.into_iter().map(|run| run.join().unwrap()).collect::<Vec<_>>()
    });
    let winner =
        results.iter().position(Result::is_ok).unwrap_or_else(|| panic!("no publisher won: {results:?}"));
    assert_eq!(results[winner].as_ref().unwrap().number, number);
    let loser = &results[1 - winner];
    assert!(
        matches!(loser, Err(PublishError::Conflict { expected: Some(live) }) if *live == number - 1),
        "the loser is told that it lost: {loser:?}"
    );
    winner
}

async fn publish_after(
    wait: Duration,
    publisher: Publisher,
    plan: PublishPlan,
) -> Result<Published, PublishError> {
    tokio::time::sleep(wait).await;
    publisher.publish(plan).await
}

fn update(cloud: &Cloud, install: &Path) {
    let updater =
        Updater::new(cloud.edge(), InstallFolder::new(install), UpdateOptions::default(), Arc::new(Silent));
    let update = async { updater.update(updater.plan().await?).await };
    cloud.runtime().block_on(update).unwrap();
}

#[test]
fn of_two_racing_processes_one_ends_with_the_exit_code_of_a_conflict() {
    let mut random = fastrand::Rng::with_seed(Settings::from_environment().seed);
    let root = scratch();
    let cloud = Cloud::start(&root.path().join("cloud"));
    release_1(&cloud, &root.path().join("first"));
    // Both have planned before either may write the pointer.
    let slow = cloud.s3_proxy();
    let wait = Fault::Latency(Duration::from_secs(2));
    slow.inject(Rule::new("version.json", Nth::Every, wait).method("PUT"));
    for round in 0..3 {
        let naru = ["left", "right"].map(|who| {
            cloud.naru(&root.path().join("home").join(who)).with("AWS_ENDPOINT_URL_S3", &slow.url())
        });
        let folders = ["left", "right"].map(|who| root.path().join(who));
        let trees = ["left", "right"].map(|who| build(round, who, &mut random));
        folders.iter().zip(&trees).for_each(|(folder, tree)| tree.write_to(folder));
        let outcomes = std::thread::scope(|scope| {
            let runs = [0, 1].map(|who| {
                let mut command = naru[who].publish(&folders[who]);
                scope.spawn(move || Outcome::of(&mut command))
            });
            runs.map(|run| run.join().unwrap())
        });
        let winner = outcomes.iter().position(|outcome| outcome.exit == Some(0)).unwrap();
        let loser = &outcomes[1 - winner];
        assert_eq!((loser.exit, loser.code()), (Some(5), "conflict"), "scripts tell a conflict by this");
        assert_eq!(loser.last["changed"], false, "the loser's build is not out: {loser:?}");
        assert_eq!(outcomes[winner].number("number"), round + 2);
        let install = root.path().join("install");
        update(&cloud, &install);
        let at = format!("round {round}");
        assert_same(&game_files(&install), &trees[winner].snapshot(), "players get the winner's build", &at);
    }
}
