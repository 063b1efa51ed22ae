//! Every command of `naru` as it goes well, through the life of a game.

use naru_tests::install_2017;

use super::session::{Session, first_release, second_release};

#[test]
fn the_commands_answer_as_they_always_did() {
    let mut session = Session::start("cli-life");
    write_settings(&mut session);
    publish_and_install(&mut session);
    repair_damage(&mut session);
    publish_the_next_release(&mut session);
    go_back(&mut session);
    use_another_channel(&mut session);
    session.golden.check();
}

fn write_settings(session: &mut Session) {
    session.run("init", 0);
    note_settings(session, "home/naru.toml");
    session.run(
        "init --config other.toml --bucket my-game --region ap-northeast-2 \
         --edge-url https://d1234example.cloudfront.net/ --distribution E1234EXAMPLE",
        0,
    );
    note_settings(session, "home/other.toml");
    std::fs::remove_file(session.path("home/naru.toml")).unwrap();
}

/// Sections and keys are contract; the comments are for people.
fn note_settings(session: &mut Session, name: &str) {
    session.golden.heading(&format!("# {name}"));
    for line in std::fs::read_to_string(session.path(name)).unwrap().lines() {
        let is_setting = line.starts_with('[') || line.contains(" = ");
        if is_setting {
            session.golden.line(line);
        } else {
            session.golden.sentence(line);
        }
    }
}

fn publish_and_install(session: &mut Session) {
    session.run("status --install ../game", 0);
    session.run("releases", 0);
    session.build(&first_release());
    session.write("notes.md", "[en]\nThe cave opens.\n\n[ko]\n동굴이 열립니다.\n");
    session.run("publish ../build --dry-run", 0);
    session.run("publish ../build --notes ../notes.md --yes", 0);
    session.run("publish ../build --yes", 0);
    session.run("publish ../build --dry-run", 0);
    session.run("publish ../build --check --dry-run", 0);
    session.run("publish ../build --check --yes", 0);
    session.run("releases", 0);
    session.run("update --install ../game --dry-run", 0);
    session.run("update --install ../game", 0);
    session.run("update --install ../game", 0);
    session.run("update --install ../game --dry-run", 0);
    session.run("status --install ../game", 0);
    session.run("verify --install ../game", 0);
    session.run("repair --install ../game", 0);
}

fn repair_damage(session: &mut Session) {
    session.write("game/options.ini", "volume=9\n");
    session.write("game/a save of the player", "kept");
    session.run("verify --install ../game", 0);
    damage(session);
    session.run("verify --install ../game", 15);
    session.run("repair --install ../game", 0);
    session.run("verify --install ../game", 0);
    session.run("status --install ../game", 0);
}

/// One damage of each kind.
fn damage(session: &Session) {
    let mut pak = std::fs::read(session.path("game/world.pak")).unwrap();
    pak[70_000] ^= 1;
    session.write("game/world.pak", pak);
    session.write("game/swap/left", "short");
    std::fs::remove_file(session.path("game/same")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(session.path("game/Case.txt"), mode).unwrap();
}

fn publish_the_next_release(session: &mut Session) {
    session.build(&second_release());
    session.run("publish ../build --dry-run", 0);
    session.run("publish ../build --yes", 0);
    session.run("update --install ../game --dry-run", 0);
    session.run("update --install ../game", 0);
    session.run("status --install ../game", 0);
    session.run("verify --install ../game", 0);
    session.run("update --install ../fresh", 0);
    session.run("releases", 0);
}

fn go_back(session: &mut Session) {
    session.run("rollback 1 --dry-run", 0);
    session.run("rollback 1 --yes", 0);
    session.run("rollback 1 --yes", 0);
    session.run("releases", 0);
    session.run("update --install ../game", 0);
    session.run("status --install ../game", 0);
    let naru = session.naru.clone().with("NARU_DISTRIBUTION", "");
    session.run_as(&naru, "rollback 2 --yes", 0);
    session.run_as(&naru, "rollback 2 --yes", 0);
}

fn use_another_channel(session: &mut Session) {
    session.build(&first_release());
    session.run("publish ../build --channel beta --yes", 0);
    session.run("releases --channel beta", 0);
    session.run("update --install ../beta --channel beta", 0);
    session.run("status --install ../beta", 0);
    // Without the option, the channel that it was installed from.
    session.run("update --install ../beta", 0);
    session.run("update --install ../beta --channel live", 0);
}

#[test]
fn an_install_folder_of_2017_is_taken_over_with_the_same_lines() {
    let mut session = Session::start("cli-2017");
    session.build(&first_release());
    session.run("publish ../build --yes", 0);
    let (edge, folder) = (session.cloud.edge(), session.path("game"));
    let number = session.cloud.runtime().block_on(install_2017(&*edge, "update", &folder));
    assert_eq!(number, 1, "what the client of 2017 installs is the release");
    for name in ["version.json", "filedb.db"] {
        session.write(&format!("game/{name}"), session.cloud.read(&format!("update/{name}")));
    }
    session.run("status --install ../game", 0);
    session.run("verify --install ../game", 7);
    session.run("update --install ../game --dry-run", 0);
    session.run("update --install ../game", 0);
    session.run("status --install ../game", 0);
    session.golden.check();
}
