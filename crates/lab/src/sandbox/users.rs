//! Users for runs that root starts: a range of numbers that belong to nobody, one for each run.

use std::{fs, ops::Range, time::Duration};

use rustix::{
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
    thread::{CapabilitySet, capabilities},
};

/// Far above what systems give to people, services and containers.
const PREFERRED: Range<u32> = 0x6c79_0000..0x6c7a_0000;

/// For a container that has only the usual 65,536 users.
const SMALL: Range<u32> = 64_000..65_000;

/// Returns the users that runs may be given, if this namespace has any and this process may change to them.
pub(super) fn range() -> Option<Range<u32>> {
    let needed = CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::CHOWN;
    if !capabilities(None).is_ok_and(|sets| sets.effective.contains(needed)) {
        return None;
    }
    let map = fs::read_to_string("/proc/self/uid_map").ok()?;
    [PREFERRED, SMALL].into_iter().find(|range| is_mapped(&map, range))
}

/// Says whether every number of the range exists in a user namespace: the lines hold a first number inside, one
/// outside, and how many there are.
fn is_mapped(map: &str, range: &Range<u32>) -> bool {
    map.lines().any(|line| {
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [first, _, count] = numbers[..] else { return false };
        first <= range.start.into() && u64::from(range.end) <= first + count
    })
}

/// Says whether a number belongs to a run.
pub(super) fn is_of_a_run(user: u32) -> bool {
    PREFERRED.contains(&user) || SMALL.contains(&user)
}

/// Kills every process of a run's user that is still there after the run's first process, and returns how many there
/// were.
///
/// A run cannot start processes, so there are none; this is for the day on which that turns out to be wrong.
pub(super) fn kill_all_of(user: u32, first: Pid, lasted: Duration) -> usize {
    debug_assert!(is_of_a_run(user));
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let after = newer_than(first, lasted);
    let processes = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let suspects = processes.filter(|process| after.is_none_or(|first| *process > first));
    suspects.filter(|process| user_of(*process) == Some(user) && kill(*process)).count()
}

/// Says above which number all processes lie that are younger than this one; none where that is not certain.
///
/// Numbers are given out upwards until they begin anew. A short run need not look at every process of the machine.
fn newer_than(first: Pid, lasted: Duration) -> Option<i32> {
    const SHORT: Duration = Duration::from_secs(5);
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    let last: i32 = load.split_whitespace().last()?.parse().ok()?;
    let first = first.as_raw_pid();
    (lasted < SHORT && last >= first).then_some(first)
}

fn user_of(process: i32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn kill(process: i32) -> bool {
    let Some(pid) = Pid::from_raw(process) else { return false };
    pidfd_open(pid, PidfdFlags::empty()).is_ok_and(|pidfd| pidfd_send_signal(pidfd, Signal::KILL).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_counts_only_when_all_of_it_is_there() {
        let whole = "         0          0 4294967295\n";
        let container = "         0     100000      65536\n";
        let odd = "0 1000 1\n1 100000 64500\n";
        assert!(is_mapped(whole, &PREFERRED));
        assert!(!is_mapped(container, &PREFERRED));
        assert!(is_mapped(container, &SMALL));
        assert!(!is_mapped(odd, &SMALL));
        assert!(!is_mapped("", &SMALL));
    }

    #[test]
    fn a_short_run_looks_only_at_younger_processes() {
        let (this, first) = (rustix::process::getpid(), Pid::INIT);
        assert_eq!(newer_than(first, Duration::ZERO), Some(1));
        assert_eq!(newer_than(this, Duration::from_secs(60)), None);
        let later = Pid::from_raw(i32::MAX).unwrap();
        assert_eq!(newer_than(later, Duration::ZERO), None);
    }

    #[test]
    fn this_process_is_nobodys_run() {
        let process = i32::try_from(std::process::id()).unwrap();
        assert!(!is_of_a_run(user_of(process).unwrap()));
    }
}
