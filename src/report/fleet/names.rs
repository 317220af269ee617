//! Short names of machines: what tells their paths apart.

/// One name each, in their order: the last part of the path, without the ending of an archive; where others have the
/// same, what stands between the parts that all of these share.
pub fn names(paths: &[String]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = paths.iter().map(|path| parts(path)).collect();
    let last = |place: usize| parts[place].last().copied();
    let name = |(place, path): (usize, &String)| {
        let Some(short) = last(place).filter(|short| *short != "..") else {
            return path.clone();
        };
        let same: Vec<&Vec<&str>> = parts
            .iter()
            .filter(|other| other.last() == Some(&short))
            .collect();
        match between(&parts[place], &same) {
            Some(middle) => middle.join("/"),
            None => path.clone(),
        }
    };
    paths.iter().enumerate().map(name).collect()
}

/// The parts of a path; the last one without the ending of an archive.
fn parts(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if let Some(last) = parts.last_mut() {
        let stem = [".tar.gz", ".tgz"]
            .iter()
            .find_map(|ending| last.strip_suffix(ending));
        *last = stem.filter(|stem| !stem.is_empty()).unwrap_or(last);
    }
    parts
}

/// The part of a path that others with the same last part do not share; that alone where there are no others, and
/// `None` where nothing tells them apart.
fn between<'p>(own: &'p [&'p str], same: &[&Vec<&str>]) -> Option<&'p [&'p str]> {
    if same.len() < 2 {
        return own.get(own.len().checked_sub(1)?..);
    }
    let shortest = same.iter().map(|other| other.len()).min()?;
    let front = (0..shortest).take_while(|at| same.iter().all(|other| other[*at] == own[*at]));
    let front = front.count();
    let from_end = |path: &[&str], at: usize| path[path.len() - 1 - at].to_owned();
    let back = (0..shortest - front).take_while(|at| {
        same.iter()
            .all(|other| from_end(other, *at) == from_end(own, *at))
    });
    let middle = &own[front..own.len() - back.count()];
    (!middle.is_empty()).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_machines_apart() {
        for (paths, wanted) in [
            (
                &["a/web1.tar.gz", "/srv/db1/", "/"][..],
                &["web1", "db1", "/"][..],
            ),
            (&["s/2/client/", "s/3/client"], &["2", "3"]),
            (&["a/web", "b/web", "c/db"], &["a", "b", "db"]),
            (&["a/web", "a/web.tar.gz"], &["a/web", "a/web.tar.gz"]),
            (&["web", "x/web"], &["web", "x"]),
            (&["../", ".tar.gz", "./"], &["../", ".tar.gz", "./"]),
        ] {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            assert_eq!(names(&paths), wanted);
        }
    }
}
