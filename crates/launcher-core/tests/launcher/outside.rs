//! The player's own programs, which a launcher opens pages and folders in.

use std::os::unix::fs::PermissionsExt;

use crate::world::{World, wait, write};

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_the_systems_environment_and_nothing_else_of_the_launchers() {
    let mut world = World::new().await;
    let (programs, out) = (world.path("programs"), world.path("out"));
    let browser = programs.join("xdg-open");
    let script = format!(
        "#!/bin/sh\ncat /proc/$$/environ > {out}.new; echo \"$1\" >> {out}.new; mv {out}.new {out}\n",
        out = out.display()
    );
    write(&browser, script.as_bytes());
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    world.environment.extend([
        ("PATH".into(), format!("{}:/usr/bin:/bin", programs.display()).into()),
        ("AWS_SECRET_ACCESS_KEY".into(), "a publisher's key".into()),
    ]);
    world.open().open_outside("https://example.com/login").await.unwrap();
    wait("the browser has started", || out.exists()).await;
    let environ = std::fs::read_to_string(&out).unwrap();
    assert!(environ.trim_end().ends_with("https://example.com/login"), "{environ:?}");
    assert!(environ.contains("PATH="), "a browser finds what it needs: {environ:?}");
    for stranger in ["AWS_", "CARGO"] {
        let leaked = environ.split('\0').find(|variable| variable.starts_with(stranger));
        assert_eq!(leaked, None, "a browser hands its environment on to all that it starts");
    }
}
