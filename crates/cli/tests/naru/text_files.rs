//! Notes and rules that a publisher writes by hand, with what editors and shells make of them.

use crate::server::Server;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn rules_of_what_is_published_are_read_whole_or_stop_the_publish() {
    let server = Server::start();
    let place = server.place().with_build();
    place.write("build/secret.txt", "key");
    place.write("build/.naruignore", [b"*.log\n", &utf16("secret.txt\r\n")[..]].concat());
    let answer = place.naru(&["publish", "build", "--dry-run"]).with_exit(4);
    assert!(answer.stderr.contains(".naruignore is UTF-16 text"), "{}", answer.stderr);
    assert!(answer.stderr.contains("hint: replace it with a UTF-8 text file"), "{}", answer.stderr);
    let korean = place.naru(&["publish", "build", "--dry-run", "--lang", "ko"]).with_exit(4);
    assert!(korean.stderr.contains("UTF-16 텍스트이거나 일부가 UTF-16입니다"), "{}", korean.stderr);

    place.write("build/.naruignore", "\u{feff}secret.txt\r\n");
    let plan = place.naru(&["publish", "build", "--dry-run"]).with_exit(0);
    assert!(!plan.stdout.contains("secret.txt"), "a byte order mark hides no rule: {}", plan.stdout);
}

#[test]
fn notes_lose_what_windows_adds_and_are_listed_in_the_reader_s_language() {
    let server = Server::start();
    let place = server.place().with_build();
    place.write("notes.txt", "\u{feff}[ko]\r\n새 동굴\r\n[en]\r\nA new cave\r\n");
    place.naru(&["publish", "build", "--yes", "--notes", "notes.txt"]).with_exit(0);
    let listed = place.naru(&["releases", "--json"]).with_exit(0).last("result");
    assert_eq!(listed["releases"][0]["notes"], "[ko]\n새 동굴\n[en]\nA new cave", "programs get all of it");
    for (language, note, other) in [("ko", "새 동굴", "A new cave"), ("en", "A new cave", "새 동굴")] {
        let lines = place.naru(&["releases", "--lang", language]).with_exit(0).stdout;
        assert!(lines.trim_end().ends_with(note), "{lines}");
        place.naru(&["update"]).with_exit(0);
        let status = place.naru(&["status", "--lang", language]).with_exit(0).stdout;
        assert!(status.contains(note) && !status.contains(other) && !status.contains("[ko]"), "{status}");
    }
}

#[test]
fn notes_that_are_no_text_are_refused_by_name() {
    let server = Server::start();
    let place = server.place().with_build();
    place.write("notes.txt", utf16("Fixes.\r\n"));
    let answer = place.naru(&["publish", "build", "--yes", "--notes", "notes.txt"]).with_exit(2);
    assert!(answer.stderr.contains("notes.txt is UTF-16 text"), "{}", answer.stderr);
    place.write("notes.txt", vec![b'x'; 2 << 20]);
    place.naru(&["publish", "build", "--yes", "--notes", "notes.txt"]).with_exit(2);
    let listed = place.naru(&["releases", "--json"]).with_exit(0).last("result");
    assert_eq!(listed["releases"].as_array().map(Vec::len), Some(0), "nothing was published");
}

#[test]
fn bytes_that_a_rolled_back_release_has_left_are_not_called_an_interrupted_run_s() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.write("build/index.html", vec![b'2'; 2048]);
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.naru(&["rollback", "1", "--yes"]).with_exit(0);
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let said = format!("{}{}", answer.stdout, answer.stderr);
    assert!(said.contains("(2.0 KiB already in the bucket)"), "{said}");
    assert!(!said.contains("interrupted"), "no run was: {said}");
}
