//! Flags that make a package one for another kind of system. A binary package that differs in one of them is not what
//! this machine lacks a line for.

/// Flags that choose the init system, the layout of the file system or the kind of the system as a whole.
const FLAGS: [&str; 14] = [
    "elogind",
    "hardened",
    "multilib",
    "musl",
    "openrc",
    "prefix",
    "prefix-guest",
    "prefix-stack",
    "selinux",
    "split-usr",
    "systemd",
    "systemd-utils",
    "sysv-utils",
    "usrmerge",
];

/// Beginnings of flags that profiles alone decide.
const PREFIXES: [&str; 4] = ["elibc_", "kernel_", "userland_", "arch_"];

/// Whether no one should change this flag to get a binary package.
pub(super) fn is_forbidden(flag: &str) -> bool {
    let begins = |prefix: &&str| flag.starts_with(prefix);
    FLAGS.contains(&flag) || PREFIXES.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_system_are_no_choice() {
        for (flag, forbidden) in [("systemd", true), ("elibc_musl", true), ("X", false)] {
            assert_eq!(is_forbidden(flag), forbidden, "{flag}");
        }
    }
}
