//! Short names of machines: what tells their paths apart.

/// One name each, in their order: the last part of the path, without the ending of an archive. Where some have the same,
/// their paths from where these begin to differ; where all have it, that says nothing and is left out.
pub fn names(paths: &[String]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = paths.iter().map(|path| parts(path)).collect();
    let name = |(own, path): (&Vec<&str>, &String)| {
        let told_apart = match own.last() {
            None | Some(&"..") => None,
            Some(last) => {
                let same: Vec<&[&str]> = parts
                    .iter()
                    .filter(|other| other.last() == Some(last))
                    .map(Vec::as_slice)
                    .collect();
                different(own, &same, same.len() == parts.len())
            }
        };
        told_apart.map_or_else(|| path.clone(), |parts| parts.join("/"))
    };
    parts.iter().zip(paths).map(name).collect()
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

/// The last part of a path; where others of the `same` last part are among them, what tells it from these, with the
/// parts that all of them end in unless those are `understood`. `None` where nothing does.
fn different<'p>(
    own: &'p [&'p str],
    same: &[&[&str]],
    is_understood: bool,
) -> Option<&'p [&'p str]> {
    if same.len() < 2 {
        return own.get(own.len().checked_sub(1)?..);
    }
    let shortest = same.iter().map(|other| other.len()).min()?;
    let all = |agree: &dyn Fn(&[&str]) -> bool| same.iter().all(|other| agree(other));
    let front = (0..shortest).take_while(|at| all(&|other| other[*at] == own[*at]));
    let front = front.count();
    let from_end = |path: &[&str], at: usize| path[path.len() - 1 - at].to_owned();
    let back = (0..shortest - front)
        .take_while(|at| all(&|other| from_end(other, *at) == from_end(own, *at)));
    let back = if is_understood { back.count() } else { 0 };
    let different = &own[front..own.len() - back];
    (!different.is_empty()).then_some(different)
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
            (&["a/web", "b/web", "c/db"], &["a/web", "b/web", "db"]),
            (&["x/a/web", "x/b/web", "db"], &["a/web", "b/web", "db"]),
            (&["web", "x/web", "db"], &["web", "x/web", "db"]),
            (&["a/web", "a/web.tar.gz"], &["a/web", "a/web.tar.gz"]),
            (&["web", "x/web"], &["web", "x"]),
            (&["../", ".tar.gz", "./"], &["../", ".tar.gz", "./"]),
        ] {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            assert_eq!(names(&paths), wanted);
        }
    }
}
