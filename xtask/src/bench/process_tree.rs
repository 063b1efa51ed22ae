//! What a program and the processes that it started use, as Linux counts it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

/// Linux tells processor time in hundredths of a second (`USER_HZ`, proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// A process, as `/proc/N/stat` tells.
struct Process {
    id: u32,
    name: String,
    parent: u32,
    ticks: u32,
}

/// Processor time of a program and its descendants so far.
pub fn processor_time(root: u32) -> Duration {
    family(root).iter().map(|process| TICK * process.ticks).sum()
}

/// The same, by the name of the process (15 characters at most, proc(5)).
pub fn processor_time_by_name(root: u32) -> BTreeMap<String, Duration> {
    let mut times = BTreeMap::new();
    for process in family(root) {
        *times.entry(process.name).or_default() += TICK * process.ticks;
    }
    times
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
    let (head, fields) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |field: usize| fields.get(field)?.parse::<u32>().ok();
    Some(Process { id, name, parent: number(1)?, ticks: number(11)? + number(12)? })
}

fn proportional_set(id: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
