//! Short names of hosts for people: a section's name, else what tells its URI from those of the others. Nobody knows
//! a host by the MD5 of its URI.

use crate::binhost::HostState;
use crate::sanitize::sanitize;

/// One label a host, in their order, all different.
pub fn of(hosts: &[HostState]) -> Vec<String> {
    let paths: Vec<Vec<String>> = hosts.iter().map(components).collect();
    let mut labels: Vec<String> = Vec::new();
    for (place, host) in hosts.iter().enumerate() {
        let label = if host.repo.named {
            sanitize(&host.repo.name).into_owned()
        } else {
            let same_machine =
                |other: &usize| !hosts[*other].repo.named && paths[*other][0] == paths[place][0];
            let same: Vec<usize> = (0..hosts.len()).filter(same_machine).collect();
            distinct(&paths, place, &same)
        };
        let taken = |label: &String| labels.contains(label);
        let label = if taken(&label) {
            format!("{label}#{}", place + 1)
        } else {
            label
        };
        labels.push(label);
    }
    labels
}

/// The machine of a URI (the path of a file), then the parts of its path.
fn components(host: &HostState) -> Vec<String> {
    let uri = host.repo.sync_uri.to_string();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let rest = sanitize(rest.trim_matches('/')).into_owned();
    rest.split('/').map(str::to_owned).collect()
}

/// The parts of a URI that others of the same machine do not share; the machine where it has only one.
fn distinct(paths: &[Vec<String>], place: usize, same: &[usize]) -> String {
    let own = &paths[place];
    if same.len() < 2 {
        return own[0].clone();
    }
    let shared = |at: &dyn Fn(&[String]) -> Option<String>| {
        same.iter().all(|other| at(&paths[*other]) == at(own))
    };
    let shortest = same.iter().map(|other| paths[*other].len()).min();
    let shortest = shortest.unwrap_or(own.len());
    let mut front = 1;
    while front < shortest && shared(&|path| path.get(front).cloned()) {
        front += 1;
    }
    let mut back = 0;
    while back < shortest - front && shared(&|path| path.iter().rev().nth(back).cloned()) {
        back += 1;
    }
    match &own[front..own.len() - back] {
        [] => own.last().cloned().unwrap_or_default(),
        middle => middle.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::host;

    #[test]
    fn what_tells_hosts_apart() {
        for (uris, labels) in [
            (&["https://a.example/x/y"][..], &["a.example"][..]),
            (
                &[
                    "http://h:8/boards/usr/1/pkgs",
                    "http://h:8/boards/usr/1/toolchain/",
                ],
                &["pkgs", "toolchain"],
            ),
            (
                &["http://h/amd64/x", "http://h/arm64/x", "http://o/x"],
                &["amd64", "arm64", "o"],
            ),
            (&["http://h/a", "http://h/a/b"], &["a", "b"]),
            (&["http://h/a", "https://h/a"], &["a", "a#2"]),
            (&["=site", "https://site/x"], &["site", "site#2"]),
        ] {
            let host = |uri: &&str| match uri.strip_prefix('=') {
                Some(name) => host(name, true, "https://elsewhere"),
                None => host("0123", false, uri),
            };
            let hosts: Vec<HostState> = uris.iter().map(host).collect();
            assert_eq!(of(&hosts), labels, "{uris:?}");
        }
    }
}
