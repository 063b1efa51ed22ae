//! Real file systems that hold less than Linux's own: no Unix modes, no case, no hard links.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system that a Debian package brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// exfat-fuse: every file is 0777, `chmod` is accepted and changes nothing, case is ignored and
    /// each spelling has its own inode, no hard links, times in whole seconds.
    ExFat,
    /// ntfs-3g as it is mounted by default: every file is 0777, `chmod` is accepted and changes nothing.
    Ntfs,
    /// ntfs-3g's other program: case is ignored, all spellings have one inode, and names are listed in
    /// lower case.
    NtfsWithoutCase,
    /// NTFS mounted so that no file is ever shown as executable.
    NtfsMasked,
    /// bindfs that answers `chmod` with EPERM, as vfat and many network mounts do.
    ChmodRefused,
    /// bindfs that accepts `chmod` and changes nothing.
    ChmodIgnored,
}

impl FileSystem {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ExFat,
        Self::Ntfs,
        Self::NtfsWithoutCase,
        Self::NtfsMasked,
        Self::ChmodRefused,
        Self::ChmodIgnored,
    ];

    /// Those that lead to a file by any spelling of its name.
    pub const WITHOUT_CASE: [Self; 2] = [Self::ExFat, Self::NtfsWithoutCase];

    /// How it lists a name.
    pub fn listed(self, name: &str) -> String {
        if self == Self::NtfsWithoutCase { name.to_lowercase() } else { name.to_owned() }
    }

    fn mount(self, source: &Path, at: &Path) -> Command {
        let (program, arguments): (&str, &[&str]) = match self {
            Self::ExFat => ("mount.exfat-fuse", &[]),
            Self::Ntfs => ("ntfs-3g", &[]),
            Self::NtfsWithoutCase => ("lowntfs-3g", &["-o", "ignore_case"]),
            Self::NtfsMasked => ("ntfs-3g", &["-o", "fmask=0133,dmask=022"]),
            Self::ChmodRefused => ("bindfs", &["--chmod-deny"]),
            Self::ChmodIgnored => ("bindfs", &["--chmod-ignore"]),
        };
        let mut command = Command::new(program);
        command.args(arguments).arg(source).arg(at);
        command
    }

    fn make(self, image: &Path) -> Option<Command> {
        let (program, arguments): (&str, &[&str]) = match self {
            Self::ExFat => ("mkfs.exfat", &[]),
            Self::Ntfs | Self::NtfsWithoutCase | Self::NtfsMasked => ("mkfs.ntfs", &["-F", "-q"]),
            Self::ChmodRefused | Self::ChmodIgnored => return None,
        };
        let mut command = Command::new(program);
        command.args(arguments).arg(image);
        Some(command)
    }
}

/// A mounted file system; it is unmounted and gone when this is dropped.
#[derive(Debug)]
pub struct Mounted {
    kind: FileSystem,
    root: TempDir,
    device: Option<String>,
}

impl Mounted {
    /// Makes and mounts one; where that is not possible, says why and answers `None`.
    pub fn new(kind: FileSystem) -> Option<Self> {
        // Not in memory: the loop device that a killed test leaves behind would hold the memory.
        let mut mounted = Self { kind, root: TempDir::new().unwrap(), device: None };
        match mounted.set_up() {
            Ok(()) => Some(mounted),
            Err(reason) => {
                println!("SKIPPED: {kind:?}: {reason}");
                None
            }
        }
    }

    fn set_up(&mut self) -> Result<(), String> {
        std::fs::create_dir(self.path()).unwrap();
        if let Some(make) = self.kind.make(&self.source()) {
            std::fs::File::create(self.source()).unwrap().set_len(96 << 20).unwrap();
            run(make)?;
            let mut attach = Command::new("losetup");
            attach.args(["--find", "--show"]).arg(self.source());
            self.device = Some(run(attach)?.trim().to_owned());
        } else {
            std::fs::create_dir(self.source()).unwrap();
        }
        self.mount()
    }

    /// Which one it is.
    pub fn kind(&self) -> FileSystem {
        self.kind
    }

    /// The image or the folder behind it.
    fn source(&self) -> PathBuf {
        self.root.path().join("source")
    }

    /// Its top folder.
    pub fn path(&self) -> PathBuf {
        self.root.path().join("mounted")
    }

    fn mount(&self) -> Result<(), String> {
        let source = self.device.as_ref().map_or_else(|| self.source(), PathBuf::from);
        run(self.kind.mount(&source, &self.path())).map(drop)
    }

    /// Unmounts and mounts it: what only the kernel remembered is forgotten.
    pub fn mount_again(&self) {
        run(self.unmount()).unwrap();
        self.mount().unwrap();
    }

    fn unmount(&self) -> Command {
        let mut unmount = Command::new("umount");
        unmount.arg(self.path());
        unmount
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        run(self.unmount()).ok();
        if let Some(device) = &self.device {
            let mut detach = Command::new("losetup");
            detach.args(["--detach", device]);
            run(detach).ok();
        }
    }
}

fn run(mut command: Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
