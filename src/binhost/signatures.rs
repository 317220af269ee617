//! What Portage does about the signatures of package files (`portage: gpkg.py:gpkg.__init__`, `._verify_binpkg`).

use super::BinRepo;
use crate::local::vars::Vars;

/// What is done about the signature of one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignaturePolicy {
    /// A file without a signature is refused.
    pub required: bool,
    /// A signature that is there has to be good.
    pub verified: bool,
}

impl SignaturePolicy {
    /// For packages of a host, or of PKGDIR. What was fetched into PKGDIR is no longer known to be of its host
    /// (`portage: bintree.py:binarytree.get_local_repo`).
    pub fn of(repo: Option<&BinRepo>, vars: &Vars) -> SignaturePolicy {
        let both = |value| SignaturePolicy {
            required: value,
            verified: value,
        };
        if vars.has("FEATURES", "binpkg-request-signature") {
            return both(true);
        }
        if vars.has("FEATURES", "binpkg-ignore-signature") {
            return both(false);
        }
        let known = repo.filter(|repo| repo.location.is_some());
        match known.and_then(|repo| repo.verify_signature) {
            Some(value) => both(value),
            None => SignaturePolicy {
                required: false,
                verified: true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::getconfig::Assignment;
    use crate::local::vars::Layer;
    use crate::report::fixture::host;
    use crate::source::Source;

    fn policy(features: &str, verify: Option<bool>, location: Option<&str>) -> (bool, bool) {
        let mut repo = host("site", true, "https://site").repo;
        repo.verify_signature = verify;
        repo.location = location.map(Into::into);
        let features = Assignment::new("FEATURES", features, Source::BuiltIn);
        let vars = Vars::new(vec![(Layer::Conf, features)]);
        let policy = SignaturePolicy::of(Some(&repo), &vars);
        (policy.required, policy.verified)
    }

    #[test]
    fn features_decide_before_the_host() {
        let own = Some("/var/cache/binhost/site");
        for (features, verify, location, expected) in [
            ("", Some(true), own, (true, true)),
            ("", Some(false), own, (false, false)),
            ("", None, own, (false, true)),
            ("", Some(true), None, (false, true)),
            ("binpkg-request-signature", Some(false), own, (true, true)),
            ("binpkg-ignore-signature", Some(true), own, (false, false)),
        ] {
            let found = policy(features, verify, location);
            assert_eq!(found, expected, "{features} {verify:?} {location:?}");
        }
    }
}
