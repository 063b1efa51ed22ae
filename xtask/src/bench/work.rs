//! The races: which work, who runs it, and how.

use anyhow::Result;

use super::race::{Contender, Course, Target};

/// A corpus, unpacked.
pub struct Corpus {
    /// Its name.
    pub name: String,
    /// The folder with `old` and `new`.
    pub folder: String,
    /// Whether it is many small files: then `cp -r` is a bound worth holding.
    pub small_files: bool,
}

fn target(work: &str, corpus: &Corpus, at_most: Option<f64>) -> Target {
    Target { work: format!("{work}: {}", corpus.name), at_most }
}

/// Reading and hashing every file. Naru is timed as the whole command, which also asks the store for the
/// live release.
pub fn cold_scan(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let new = format!("{}/new", corpus.folder);
    let contenders = [
        Contender::new(
            "Naru",
            "",
            format!("XDG_CACHE_HOME=$PWD/cache-$RUN naru publish {new} --dry-run --quiet >/dev/null"),
        ),
        Contender::new(
            "xargs -P2 b3sum --no-mmap",
            "",
            format!("find {new} -type f -print0 | xargs -0 -P2 -n 256 b3sum --no-mmap >/dev/null"),
        ),
        Contender::new("b3sum", "", format!("find {new} -type f -print0 | xargs -0 b3sum >/dev/null")),
    ];
    course
        .shell("warming the page cache", &format!("find {new} -type f -print0 | xargs -0 cat >/dev/null"))?;
    course.race(&target("cold scan", corpus, Some(1.1)), &contenders)
}

/// Finding out that nothing has changed.
pub fn warm_scan(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let prepare = format!(
        "rm -rf tree; cp -r --preserve=timestamps {}/new tree; \
         cd tree; git init -q; git add -A; cd ..; sleep 2; naru publish tree --yes --quiet; \
         naru publish tree --dry-run --quiet; cd tree; git update-index -q --refresh",
        corpus.folder
    );
    course.shell("preparing the warm scan", &prepare)?;
    let naru = "naru publish tree --dry-run --quiet >/dev/null";
    let contenders = [
        Contender::new("Naru", "", naru),
        Contender::new("git diff-files", "", "cd tree; git diff-files --quiet"),
    ];
    course.race(&target("warm scan", corpus, Some(1.0)), &contenders)?;
    let walk = [
        Contender::new("Naru", "", naru),
        Contender::new(
            "find, one stat each",
            "",
            "find tree -path tree/.git -prune -o -type f -printf %s >/dev/null",
        ),
    ];
    course.race(&target("warm scan against a stat walk", corpus, None), &walk)
}

/// Publishing a build that is live already.
pub fn no_change(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let old = format!("{}/old", corpus.folder);
    let sync = format!(
        "naru publish {old} --yes --quiet; sleep 2; naru publish {old} --yes --quiet; \
         rclone sync {old} naru:$NARU_BUCKET/rclone; aws s3 sync --quiet {old} s3://$NARU_BUCKET/aws"
    );
    course.shell("preparing the publish without a change", &sync)?;
    let contenders = [
        Contender::new("Naru", "", format!("naru publish {old} --yes --quiet")),
        Contender::new("rclone sync", "", format!("rclone sync {old} naru:$NARU_BUCKET/rclone")),
        Contender::new("aws s3 sync", "", format!("aws s3 sync --quiet {old} s3://$NARU_BUCKET/aws")),
    ];
    course.race(&target("publish without a change", corpus, Some(0.2)), &contenders)
}

/// Publishing a build for the first time.
pub fn first_publish(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let old = format!("{}/old", corpus.folder);
    let contenders = [
        Contender::new(
            "Naru",
            "",
            format!("NARU_PREFIX=first-$(date +%s%N) naru publish {old} --yes --quiet"),
        ),
        Contender::new(
            "s5cmd cp",
            "",
            format!("s5cmd --log error cp {old}/ s3://$NARU_BUCKET/s5-$(date +%s%N)/"),
        ),
    ];
    course.race(&target("first publish", corpus, None), &contenders)
}

/// Installing over loopback. All have their files on the disk at the end: Naru's commit is durable.
pub fn install(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let old = format!("{}/old", corpus.folder);
    course.shell("publishing", &format!("naru publish {old} --yes --quiet"))?;
    course.shell("listing", &lists(&old, "find . -type f"))?;
    let mut contenders = vec![Contender::new("Naru", "sync -f .", "naru update --install game-$RUN --quiet")];
    contenders.extend(downloaders());
    course.race(&target("install", corpus, Some(1.0)), &contenders)?;
    let copy = [
        Contender::new("Naru", "sync -f .", "naru update --install second-$RUN --quiet"),
        Contender::new("cp -r", "sync -f .", format!("cp -r {old} copy-$RUN; sync -f .")),
    ];
    course.race(&target("install against a copy", corpus, corpus.small_files.then_some(1.3)), &copy)
}

/// From one release to the next; the others fetch the files that differ.
pub fn update(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let folder = &corpus.folder;
    course.shell("publishing the old release", &format!("naru publish {folder}/old --yes --quiet; rm -rf installed; naru update --install installed --quiet"))?;
    course.shell("publishing the new release", &format!("naru publish {folder}/new --yes --quiet"))?;
    let differ = format!(
        "find . -type f | while read -r f; do cmp -s \"$f\" \"{folder}/old/$f\" || echo \"$f\"; done"
    );
    course.shell("listing", &lists(&format!("{folder}/new"), &differ))?;
    let mut contenders = vec![Contender::new(
        "Naru",
        "cp -r --preserve=timestamps installed game-$RUN; sync -f .",
        "naru update --install game-$RUN --quiet",
    )];
    contenders.extend(downloaders());
    course.race(&target("update, changed files", corpus, Some(1.0)), &contenders)
}

/// Writes the input files of the downloaders: the same URLs on the same edge for all.
fn lists(tree: &str, find: &str) -> String {
    format!(
        r#"(cd {tree}; {find}) | sed 's|^\./||' > files.txt
python3 - <<'PY'
import os, urllib.parse
base = os.environ["NARU_EDGE_URL"] + "update/"
paths = [line.rstrip("\n") for line in open("files.txt")]
with open("curl.cfg", "w") as curl, open("aria.txt", "w") as aria:
    for path in paths:
        url = base + urllib.parse.quote(path)
        quoted = path.replace("\\", "\\\\").replace('"', '\\"')
        curl.write(f'url = "{{url}}"\noutput = "{{quoted}}"\n')
        aria.write(f"{{url}}\n  out={{path}}\n")
PY"#
    )
}

fn downloaders() -> [Contender; 3] {
    let settle = "sync -f .";
    [
        Contender::new(
            "aria2c",
            settle,
            "aria2c -q -j16 -x4 --file-allocation=none -d aria-$RUN -i aria.txt; sync -f .",
        ),
        Contender::new(
            "curl --parallel",
            "sed \"s|output = \\\"|&curl-$RUN/|\" curl.cfg > curl-$RUN.cfg; sync -f .",
            "curl -s --create-dirs --parallel --parallel-max 16 -K curl-$RUN.cfg 2>/dev/null; sync -f .",
        ),
        Contender::new(
            "rclone copy",
            settle,
            "rclone copy --transfers 16 --files-from files.txt naru:$NARU_BUCKET/update rclone-$RUN; sync -f .",
        ),
    ]
}

/// Peak memory of a publish and of an install.
pub fn memory(course: &Course<'_>, corpus: &Corpus) -> Result<()> {
    let old = format!("{}/old", corpus.folder);
    let lines = format!(
        "rm -rf game; command time -f %M -o publish.kib naru publish {old} --yes --quiet; \
         command time -f %M -o update.kib naru update --install game --quiet; cat publish.kib update.kib"
    );
    let printed = course.shell("measuring memory", &lines)?;
    let mebibytes: Vec<f64> =
        printed.lines().filter_map(|line| line.parse::<f64>().ok()).map(|kib| kib / 1024.0).collect();
    println!("\n### memory: {}\n\n| | peak MiB | target |\n| --- | --- | --- |", corpus.name);
    for (name, peak) in ["naru publish", "naru update"].iter().zip(&mebibytes) {
        println!("| {name} | {peak:.0} | ≤ 256, {} |", if *peak <= 256.0 { "met" } else { "**missed**" });
    }
    Ok(())
}
