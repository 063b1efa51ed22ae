//! Which system calls change something, and what.

use nix::libc::{self, c_long, user_regs_struct};
use nix::unistd::Pid;

/// A system call that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: &'static str,
    /// Whether it sends or connects.
    pub is_network: bool,
    /// What its file descriptor stands for, where it has one.
    pub target: String,
}

/// Which calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those on files and folders.
    Files,
    /// Those on files and folders, and those that send.
    FilesAndNetwork,
}

impl Scope {
    pub(super) fn counts(self, call: &Call) -> bool {
        self == Self::FilesAndNetwork || !call.is_network
    }
}

/// How a call is recognised as one that changes something.
#[derive(Clone, Copy)]
enum Kind {
    /// Always.
    File,
    /// When these flags in this argument make or empty a file.
    Open(usize),
    /// By its first argument: a file, a socket, or something that keeps nothing.
    Descriptor,
    /// Always, on the network.
    Network,
    /// When it is a request to clone a file's blocks.
    Clone,
}

const CALLS: &[(c_long, &str, Kind)] = &[
    (libc::SYS_open, "open", Kind::Open(1)),
    (libc::SYS_openat, "openat", Kind::Open(2)),
    (libc::SYS_creat, "creat", Kind::File),
    (libc::SYS_write, "write", Kind::Descriptor),
    (libc::SYS_writev, "writev", Kind::Descriptor),
    (libc::SYS_pwrite64, "pwrite64", Kind::File),
    (libc::SYS_pwritev, "pwritev", Kind::File),
    (libc::SYS_pwritev2, "pwritev2", Kind::File),
    (libc::SYS_rename, "rename", Kind::File),
    (libc::SYS_renameat, "renameat", Kind::File),
    (libc::SYS_renameat2, "renameat2", Kind::File),
    (libc::SYS_unlink, "unlink", Kind::File),
    (libc::SYS_unlinkat, "unlinkat", Kind::File),
    (libc::SYS_mkdir, "mkdir", Kind::File),
    (libc::SYS_mkdirat, "mkdirat", Kind::File),
    (libc::SYS_rmdir, "rmdir", Kind::File),
    (libc::SYS_link, "link", Kind::File),
    (libc::SYS_linkat, "linkat", Kind::File),
    (libc::SYS_symlink, "symlink", Kind::File),
    (libc::SYS_symlinkat, "symlinkat", Kind::File),
    (libc::SYS_fsync, "fsync", Kind::File),
    (libc::SYS_fdatasync, "fdatasync", Kind::File),
    (libc::SYS_sync_file_range, "sync_file_range", Kind::File),
    (libc::SYS_syncfs, "syncfs", Kind::File),
    (libc::SYS_truncate, "truncate", Kind::File),
    (libc::SYS_ftruncate, "ftruncate", Kind::File),
    (libc::SYS_fallocate, "fallocate", Kind::File),
    (libc::SYS_chmod, "chmod", Kind::File),
    (libc::SYS_fchmod, "fchmod", Kind::File),
    (libc::SYS_fchmodat, "fchmodat", Kind::File),
    (libc::SYS_utimensat, "utimensat", Kind::File),
    (libc::SYS_copy_file_range, "copy_file_range", Kind::File),
    (libc::SYS_sendfile, "sendfile", Kind::Descriptor),
    (libc::SYS_splice, "splice", Kind::File),
    (libc::SYS_ioctl, "ioctl", Kind::Clone),
    (libc::SYS_connect, "connect", Kind::Network),
    (libc::SYS_sendto, "sendto", Kind::Network),
    (libc::SYS_sendmsg, "sendmsg", Kind::Network),
    (libc::SYS_sendmmsg, "sendmmsg", Kind::Network),
];

/// Calls that change nothing, or not always, and that a file system or a sandbox may refuse.
const REFUSABLE: &[(c_long, &str)] = &[
    (libc::SYS_flock, "flock"),
    (libc::SYS_openat2, "openat2"),
    (libc::SYS_read, "read"),
    (libc::SYS_pread64, "pread64"),
    (libc::SYS_getdents64, "getdents64"),
    (libc::SYS_syncfs, "syncfs"),
    (libc::SYS_fsync, "fsync"),
    (libc::SYS_fallocate, "fallocate"),
];

/// All calls of one kind that fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The call's name.
    pub name: &'static str,
    /// How the path ends that its descriptor stands for; empty for any.
    pub target: &'static str,
    /// Its second argument, where only that one is refused.
    pub second: Option<u64>,
}

impl Refused {
    /// All calls of this name.
    pub const fn all(name: &'static str) -> Self {
        Self { name, target: "", second: None }
    }

    /// Whether it is the call that a thread is about to make.
    pub(super) fn is(&self, thread: Pid, registers: &user_regs_struct) -> bool {
        let number = registers.orig_rax as c_long;
        REFUSABLE.iter().any(|(known, name)| (*known, *name) == (number, self.name))
            && self.second.is_none_or(|second| second == registers.rsi)
            && (self.target.is_empty() || path_of(thread, registers.rdi).ends_with(self.target))
    }
}

/// `FICLONE`, which the system's headers build from parts.
const CLONE_FILE: u64 = 0x4004_9409;

impl Call {
    /// The call that a thread is about to make, if it changes something.
    pub(super) fn read(thread: Pid, registers: &user_regs_struct) -> Option<Self> {
        let number = registers.orig_rax as c_long;
        let (_, name, kind) = CALLS.iter().find(|(known, ..)| *known == number)?;
        let call = |is_network, target| Some(Self { name, is_network, target });
        match kind {
            Kind::File => call(false, path_of(thread, registers.rdi)),
            Kind::Network => call(true, String::new()),
            Kind::Open(argument) => {
                let flags = [registers.rdi, registers.rsi, registers.rdx][*argument] as i32;
                (flags & (libc::O_CREAT | libc::O_TRUNC) != 0).then_some(())?;
                call(false, String::new())
            }
            Kind::Clone => (registers.rsi == CLONE_FILE)
                .then_some(())
                .and_then(|()| call(false, path_of(thread, registers.rdi))),
            Kind::Descriptor => {
                let target = path_of(thread, registers.rdi);
                match target.as_str() {
                    "socket" => call(true, target),
                    file if keeps_what_is_written(file) => call(false, target),
                    _ => None,
                }
            }
        }
    }
}

/// Whether a descriptor is a file; the program's own output is none that matters.
fn keeps_what_is_written(target: &str) -> bool {
    let is_device = target.starts_with("/dev/") && !target.starts_with("/dev/shm/");
    target.starts_with('/') && !is_device && !target.ends_with("/stdout") && !target.ends_with("/stderr")
}

/// Whether a call takes bytes from a socket.
pub(super) fn is_receive(thread: Pid, registers: &user_regs_struct) -> bool {
    match registers.orig_rax as c_long {
        libc::SYS_recvfrom | libc::SYS_recvmsg => true,
        libc::SYS_readv => path_of(thread, registers.rdi) == "socket",
        _ => false,
    }
}

/// What a descriptor stands for: a path, `socket`, or another kind of the kernel's.
fn path_of(thread: Pid, descriptor: u64) -> String {
    let link = std::fs::read_link(format!("/proc/{thread}/fd/{}", descriptor as i32));
    let target = link.unwrap_or_default().to_string_lossy().into_owned();
    if target.starts_with("socket:") { "socket".to_owned() } else { target }
}
