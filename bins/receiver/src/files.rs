//! How many files and sockets this process may have open at once. Whoever opens idle connections must not take those away that panels
//! and the disk need.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit to the most that the system grants without asking anybody, and says what it is.
#[must_use]
pub fn most() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: maximum, maximum };
    let granted = if setrlimit(Resource::Nofile, wanted).is_ok() { maximum } else { current };
    granted.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_as_high_as_it_can_be() {
        let most = most();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
        assert_eq!(most as u64, limit.maximum.unwrap_or(u64::MAX));
    }
}
