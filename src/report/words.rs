//! What the rules' codes mean to people.

/// A finding's code in a few words, as what is the matter with the binary package.
pub fn title(code: &str) -> &str {
    match code {
        "use" => "built with other USE flags",
        "deps" => "its dependencies differ from the ebuild's",
        "chost" => "built for another CHOST",
        "eapi" => "its EAPI is not supported",
        "keywords" => "its keywords are not accepted",
        "license" => "its license is not accepted",
        "properties" => "its PROPERTIES are not accepted",
        "restrict" => "its RESTRICT is not accepted",
        "mask" => "masked by package.mask",
        "invalid" => "its metadata is invalid",
        "ebuild" => "no ebuild of the same version can be installed",
        "excluded" => "excluded by an option or a repository's settings",
        "patches" => "its user patches differ",
        "shadowed" => "the same package was taken from elsewhere",
        "signature" => "it cannot carry the required signature",
        other => other,
    }
}
