//! Runs a program and strikes at its N-th mutating system call, counted over all its threads.
//!
//! `strace` injects by number too, but counts each system call of each thread for itself: in a
//! program with several threads most calls are never the N-th of anything. This tracer numbers
//! them in the order in which the kernel sees them, tells files from sockets, and counts what came
//! over the network.

mod calls;

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::libc::user_regs_struct;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

pub use calls::{Call, Refused, Scope};

/// What happens at the chosen call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// Nothing: all calls are counted.
    Never,
    /// The process gets SIGKILL before this call, counted from 1, is carried out.
    Kill(u64),
    /// This call is not carried out and fails.
    Fail(u64, Errno),
    /// This call and all that follow it fail, as on a full disk.
    FailFrom(u64, Errno),
    /// All calls of one kind fail, whether they are counted or not.
    Refuse(Refused, Errno),
    /// This call fails, and so does every later one of the same name on the same path, as on a file
    /// that is in use or a folder that is mounted.
    FailAlike(u64, Errno),
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// With this exit code.
    Exit(i32),
    /// By this signal.
    Signal(Signal),
}

/// What a traced program did.
#[derive(Debug)]
pub struct Traced {
    /// How it ended.
    pub ended: Ended,
    /// Its mutating calls, in order.
    pub calls: Vec<Call>,
    /// Bytes that it took from its sockets, heads and all.
    pub received: u64,
    /// Bytes that it gave to its sockets, heads and all.
    pub sent: u64,
    /// The call that was struck.
    pub struck: Option<Call>,
    /// How many calls of the refused kind it made.
    pub refused: u64,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// One run under the tracer.
#[derive(Debug)]
pub struct Run<'a> {
    /// The program with its arguments and environment.
    pub command: &'a Command,
    /// A folder for its output.
    pub output: PathBuf,
    /// Which calls count.
    pub scope: Scope,
    /// What happens at one of them.
    pub strike: Strike,
}

impl Run<'_> {
    /// Runs the program to its end.
    pub fn run(&self) -> Traced {
        self.run_since(None, None)
    }

    /// The same, and counts from the rename to a path that ends with `since`. What lasts is a call that
    /// fails in any case, like those of the same name on the same path.
    pub fn run_since(&self, since: Option<&'static str>, lasting: Option<(Call, Errno)>) -> Traced {
        let (stdout, stderr) = (self.output.join("stdout"), self.output.join("stderr"));
        let leader = self.start(&stdout, &stderr);
        let mut tracing = Tracing::new(leader, self, since, lasting);
        let ended = tracing.follow();
        let read = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        Traced {
            ended,
            calls: tracing.calls,
            received: tracing.received,
            sent: tracing.sent,
            struck: tracing.struck,
            refused: tracing.refused,
            stdout: read(stdout),
            stderr: read(stderr),
        }
    }

    /// Starts a shell that waits for a line before it becomes the program, so that no call of the
    /// program is missed.
    fn start(&self, stdout: &PathBuf, stderr: &PathBuf) -> Pid {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "read line; exec \"$0\" \"$@\" </dev/null"]);
        shell.arg(self.command.get_program()).args(self.command.get_args()).env_clear();
        shell.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = self.command.get_current_dir() {
            shell.current_dir(folder);
        }
        shell.stdin(Stdio::piped());
        shell.stdout(File::create(stdout).unwrap()).stderr(File::create(stderr).unwrap());
        // The tracer waits for it below, by its process id.
        #[allow(clippy::zombie_processes, reason = "`follow` waits for all threads")]
        let mut child = shell.spawn().unwrap();
        let leader = Pid::from_raw(child.id() as i32);
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL;
        ptrace::seize(leader, options).unwrap();
        ptrace::interrupt(leader).unwrap();
        child.stdin.take().unwrap().write_all(b"\n").unwrap();
        leader
    }
}

/// A thread's call between its entry and its exit.
struct Under {
    registers: user_regs_struct,
    sends: bool,
    fails: Option<Errno>,
}

struct Tracing {
    leader: Pid,
    scope: Scope,
    strike: Strike,
    since: Option<&'static str>,
    lasting: Option<(Call, Errno)>,
    /// Calls before the one that the count begins with.
    before: Option<u64>,
    under: HashMap<Pid, Under>,
    /// The shell's own calls, before it becomes the program, don't count.
    is_program: bool,
    calls: Vec<Call>,
    received: u64,
    sent: u64,
    struck: Option<Call>,
    refused: u64,
}

impl Tracing {
    fn new(leader: Pid, run: &Run<'_>, since: Option<&'static str>, lasting: Option<(Call, Errno)>) -> Self {
        Self {
            leader,
            scope: run.scope,
            strike: run.strike,
            since,
            lasting,
            before: since.is_none().then_some(0),
            under: HashMap::new(),
            is_program: false,
            calls: Vec::new(),
            received: 0,
            sent: 0,
            struck: None,
            refused: 0,
        }
    }

    fn follow(&mut self) -> Ended {
        // Only what this thread has started: others trace at the same time.
        let mine = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            match waitpid(Pid::from_raw(-1), Some(mine)).unwrap() {
                WaitStatus::Exited(id, code) if id == self.leader => return Ended::Exit(code),
                WaitStatus::Signaled(id, signal, _) if id == self.leader => return Ended::Signal(signal),
                WaitStatus::PtraceSyscall(id) => {
                    self.at_call(id);
                    resume(id, None);
                }
                WaitStatus::PtraceEvent(id, _, event) => {
                    self.is_program |= event == nix::libc::PTRACE_EVENT_EXEC;
                    resume(id, None);
                }
                WaitStatus::Stopped(id, signal) => resume(id, Some(signal)),
                _ => {}
            }
        }
    }

    fn at_call(&mut self, thread: Pid) {
        match self.under.remove(&thread) {
            None => self.enter(thread),
            Some(under) => self.leave(thread, under),
        }
    }

    fn enter(&mut self, thread: Pid) {
        // A thread that another one has just ended has no registers.
        let Ok(registers) = ptrace::getregs(thread) else { return };
        // The end of a call that was under way when the tracing began: taken for a beginning, it would
        // turn all that follow around, and no strike would hit.
        if registers.rax as i64 != -(Errno::ENOSYS as i64) {
            return;
        }
        let call = Call::read(thread, &registers).filter(|_| self.is_program);
        let sends = call.as_ref().is_some_and(|call| call.is_network && call.name != "connect");
        let mut fails = None;
        if let Some(call) = call.filter(|call| self.scope.counts(call)) {
            self.calls.push(call);
            fails = self.strike_at(thread, registers);
        }
        if let Strike::Refuse(refused, errno) = self.strike
            && self.is_program
            && refused.is(thread, &registers)
        {
            self.refused += 1;
            skip(thread, registers);
            fails = Some(errno);
        }
        self.under.insert(thread, Under { registers, sends, fails });
    }

    fn strike_at(&mut self, thread: Pid, registers: user_regs_struct) -> Option<Errno> {
        let made = self.calls.len() as u64;
        let number = self.before.map_or(0, |before| made - before);
        let call = self.calls.last()?.clone();
        self.before = self.before.or_else(|| self.begins_count(&call).then_some(made));
        let mut fails =
            self.lasting.as_ref().filter(|(lasting, _)| call.is_like(lasting)).map(|(_, why)| *why);
        match self.strike {
            Strike::Kill(at) if at == number => {
                self.struck = Some(call.clone());
                let _gone = kill(self.leader, Signal::SIGKILL);
            }
            Strike::Fail(at, errno) if at == number => fails = Some(errno),
            Strike::FailFrom(at, errno) if at <= number && number > 0 => fails = Some(errno),
            Strike::FailAlike(at, errno) if at == number => {
                self.lasting = Some((call.clone(), errno));
                fails = Some(errno);
            }
            _ => {}
        }
        if fails.is_some() {
            self.struck = self.struck.take().or(Some(call));
            skip(thread, registers);
        }
        fails
    }

    fn begins_count(&self, call: &Call) -> bool {
        self.since.is_some_and(|end| call.name.starts_with("rename") && call.target.ends_with(end))
    }

    fn leave(&mut self, thread: Pid, under: Under) {
        let Ok(mut registers) = ptrace::getregs(thread) else { return };
        if let Some(errno) = under.fails {
            registers.rax = (-(errno as i64)) as u64;
            let _gone = ptrace::setregs(thread, registers);
        } else if under.sends {
            self.sent += u64::try_from(registers.rax as i64).unwrap_or(0);
        } else if calls::is_receive(thread, &under.registers) {
            self.received += u64::try_from(registers.rax as i64).unwrap_or(0);
        }
    }
}

/// Gives a call a number that no system call has: the kernel does nothing.
fn skip(thread: Pid, mut registers: user_regs_struct) {
    registers.orig_rax = u64::MAX;
    let _gone = ptrace::setregs(thread, registers);
}

fn resume(thread: Pid, signal: Option<Signal>) {
    // It may be gone: killed together with the whole process.
    let _gone = ptrace::syscall(thread, signal);
}
