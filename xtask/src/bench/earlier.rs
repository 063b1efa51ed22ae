//! `naru` beside an earlier build of itself: what a change has cost.

use std::path::Path;

use anyhow::{Context, Result};

use super::race::{Contender, Course, Target};
use super::work::Corpus;

/// Both builds scan, install and update in turns. Each has its own cache and folders.
pub fn compare(course: &Course<'_>, corpus: &Corpus, earlier: &Path) -> Result<()> {
    let earlier = earlier.canonicalize().with_context(|| format!("looking for {}", earlier.display()))?;
    let earlier = earlier.display().to_string();
    let folder = &corpus.folder;
    let race = |work: &str, prepare: &str, arguments: &str| {
        let contender = |name, program: &str, own: &str| {
            let line = |lines: &str| lines.replace("NARU", program).replace("OWN", own);
            Contender::new(name, line(prepare), line(arguments))
        };
        let contenders = [contender("Naru", "naru", "now"), contender("earlier build", &earlier, "earlier")];
        course.race(&Target { work: format!("{work}: {}", corpus.name), at_most: None }, &contenders)
    };
    course.shell("publishing", &format!("naru publish {folder}/old --yes --quiet"))?;
    let scan = format!("NARU publish {folder}/new --dry-run --quiet >/dev/null");
    race("cold scan", "", &format!("XDG_CACHE_HOME=$PWD/cold-OWN-$RUN {scan}"))?;
    race("install", "sync -f .", "NARU update --install install-OWN-$RUN --quiet")?;
    course.shell("publishing the new release", &format!("naru publish {folder}/new --yes --quiet"))?;
    race(
        "update",
        "cp -r --preserve=timestamps install-OWN-$RUN update-OWN-$RUN; sync -f .",
        "NARU update --install update-OWN-$RUN --quiet",
    )
}
