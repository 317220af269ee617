//! Shared libraries that a built package has and needs: PROVIDES and REQUIRES
//! (`portage: soname/parse.py:parse_soname_deps`).

/// The sonames of a text, each as `category: soname`; words before the first category are left out.
pub fn sonames(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut category = None;
    text.split_whitespace().filter_map(move |word| {
        if word.ends_with(':') {
            category = Some(word);
            return None;
        }
        category.map(|category| format!("{category} {word}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_hold_until_the_next() {
        for (text, wanted) in [
            ("", ""),
            (
                "x86_64: libA.so.1 libB.so.2",
                "x86_64: libA.so.1, x86_64: libB.so.2",
            ),
            (
                "x86_32: libA.so.1 x86_64: libA.so.1",
                "x86_32: libA.so.1, x86_64: libA.so.1",
            ),
            ("libA.so.1", ""),
        ] {
            assert_eq!(sonames(text).collect::<Vec<_>>().join(", "), wanted);
        }
    }
}
