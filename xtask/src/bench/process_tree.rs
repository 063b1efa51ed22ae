//! What a program and the processes that it started use, as Linux counts it.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

/// Linux tells processor time in hundredths of a second (`USER_HZ`, proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// A process, as `/proc/N/stat` tells.
struct Process {
    id: u32,
    parent: u32,
    ticks: u32,
}

/// Processor time of a program and its descendants so far.
pub fn processor_time(root: u32) -> Duration {
    family(root).iter().map(|process| TICK * process.ticks).sum()
}

/// Bytes of memory of a program and its descendants, shared pages by their share (PSS).
pub fn memory(root: u32) -> u64 {
    family(root).iter().filter_map(|process| proportional_set(process.id)).sum()
}

fn family(root: u32) -> Vec<Process> {
    let mut all: Vec<Process> = processes();
    let mut members = BTreeSet::from([root]);
    // A child may come before its parent in the list.
    while all.iter().any(|process| members.contains(&process.parent) && members.insert(process.id)) {}
    all.retain(|process| members.contains(&process.id));
    all
}

fn processes() -> Vec<Process> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    folders.filter_map(|folder| read_stat(folder.file_name().to_str()?.parse().ok()?)).collect()
}

fn read_stat(id: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let number = |field: usize| fields.get(field)?.parse::<u32>().ok();
    Some(Process { id, parent: number(1)?, ticks: number(11)? + number(12)? })
}

fn proportional_set(id: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
