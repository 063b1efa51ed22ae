//! Which system calls change something, and what.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use nix::libc::{self, c_long, user_regs_struct};
use nix::unistd::Pid;

/// A system call that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: &'static str,
    /// Whether it sends or connects.
    pub is_network: bool,
    /// The path that it changes: of its file descriptor, or the one that it names (of a rename, the new
    /// name).
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
    /// Always; its first argument is a file descriptor.
    File,
    /// Always; it names a path.
    Names(Named),
    /// When these flags in this argument make or empty a file.
    Open(usize, Named),
    /// By its first argument: a file, a socket, or something that keeps nothing.
    Descriptor,
    /// Always, on the network.
    Network,
    /// When it is a request to clone a file's blocks.
    Clone,
}

/// Which arguments name a path.
#[derive(Clone, Copy)]
enum Named {
    /// This one.
    Path(usize),
    /// This one is a folder's descriptor, the next one a path in it.
    In(usize),
}

use Named::{In, Path};

const CALLS: &[(c_long, &str, Kind)] = &[
    (libc::SYS_open, "open", Kind::Open(1, Path(0))),
    (libc::SYS_openat, "openat", Kind::Open(2, In(0))),
    (libc::SYS_creat, "creat", Kind::Names(Path(0))),
    (libc::SYS_write, "write", Kind::Descriptor),
    (libc::SYS_writev, "writev", Kind::Descriptor),
    (libc::SYS_pwrite64, "pwrite64", Kind::File),
    (libc::SYS_pwritev, "pwritev", Kind::File),
    (libc::SYS_pwritev2, "pwritev2", Kind::File),
    (libc::SYS_rename, "rename", Kind::Names(Path(1))),
    (libc::SYS_renameat, "renameat", Kind::Names(In(2))),
    (libc::SYS_renameat2, "renameat2", Kind::Names(In(2))),
    (libc::SYS_unlink, "unlink", Kind::Names(Path(0))),
    (libc::SYS_unlinkat, "unlinkat", Kind::Names(In(0))),
    (libc::SYS_mkdir, "mkdir", Kind::Names(Path(0))),
    (libc::SYS_mkdirat, "mkdirat", Kind::Names(In(0))),
    (libc::SYS_rmdir, "rmdir", Kind::Names(Path(0))),
    (libc::SYS_link, "link", Kind::Names(Path(1))),
    (libc::SYS_linkat, "linkat", Kind::Names(In(2))),
    (libc::SYS_symlink, "symlink", Kind::Names(Path(1))),
    (libc::SYS_symlinkat, "symlinkat", Kind::Names(In(1))),
    (libc::SYS_fsync, "fsync", Kind::File),
    (libc::SYS_fdatasync, "fdatasync", Kind::File),
    (libc::SYS_sync_file_range, "sync_file_range", Kind::File),
    (libc::SYS_syncfs, "syncfs", Kind::File),
    (libc::SYS_truncate, "truncate", Kind::Names(Path(0))),
    (libc::SYS_ftruncate, "ftruncate", Kind::File),
    (libc::SYS_fallocate, "fallocate", Kind::File),
    (libc::SYS_chmod, "chmod", Kind::Names(Path(0))),
    (libc::SYS_fchmod, "fchmod", Kind::File),
    (libc::SYS_fchmodat, "fchmodat", Kind::Names(In(0))),
    (libc::SYS_utimensat, "utimensat", Kind::Names(In(0))),
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
    /// The end of the path behind its descriptor; empty for any.
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
    /// Whether another call does the same to the same path.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.name, &self.target) == (other.name, &other.target)
    }

    /// The call that a thread is about to make, if it changes something.
    pub(super) fn read(thread: Pid, registers: &user_regs_struct) -> Option<Self> {
        let number = registers.orig_rax as c_long;
        let (_, name, kind) = CALLS.iter().find(|(known, ..)| *known == number)?;
        let call = |is_network, target| Some(Self { name, is_network, target });
        match kind {
            Kind::File => call(false, path_of(thread, registers.rdi)),
            Kind::Network => call(true, String::new()),
            Kind::Names(named) => call(false, named.read(thread, registers)),
            Kind::Open(argument, named) => {
                let flags = arguments(registers)[*argument] as i32;
                (flags & (libc::O_CREAT | libc::O_TRUNC) != 0).then_some(())?;
                call(false, named.read(thread, registers))
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

impl Named {
    fn read(self, thread: Pid, registers: &user_regs_struct) -> String {
        let arguments = arguments(registers);
        let (folder, path) = match self {
            Self::Path(at) => (libc::AT_FDCWD as u64, arguments[at]),
            Self::In(at) => (arguments[at], arguments[at + 1]),
        };
        let path = string_at(thread, path);
        // An empty name means the descriptor itself.
        match (path.starts_with('/'), path_of(thread, folder)) {
            (false, folder) if path.is_empty() => folder,
            (false, folder) => format!("{folder}/{path}"),
            (true, _) => path,
        }
    }
}

fn arguments(registers: &user_regs_struct) -> [u64; 4] {
    [registers.rdi, registers.rsi, registers.rdx, registers.r10]
}

/// The longest path that the kernel takes.
const LONGEST: usize = 4096;

/// A string in the memory of the program.
fn string_at(thread: Pid, address: u64) -> String {
    let mut bytes = vec![0; LONGEST];
    let mut read = || File::open(format!("/proc/{thread}/mem"))?.read_at(&mut bytes, address);
    let length = read().unwrap_or(0);
    let end = bytes[..length].iter().position(|byte| *byte == 0).unwrap_or(length);
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// Whether a descriptor is a file other than the program's own output.
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

/// What a descriptor refers to: a path, `socket`, or another kind of the kernel's.
fn path_of(thread: Pid, descriptor: u64) -> String {
    let link = match descriptor as i32 {
        libc::AT_FDCWD => std::fs::read_link(format!("/proc/{thread}/cwd")),
        descriptor => std::fs::read_link(format!("/proc/{thread}/fd/{descriptor}")),
    };
    let target = link.unwrap_or_default().to_string_lossy().into_owned();
    if target.starts_with("socket:") { "socket".to_owned() } else { target }
}
