//! The kinds of reference by which a root could ask for a file of another machine.

use super::stage::Stage;

/// One kind.
pub struct Case {
    pub name: &'static str,
    /// Options that make the program read it.
    pub options: &'static [&'static str],
    /// Whether the secret comes out if it lies inside the root.
    pub shows: bool,
    pub plant: fn(&Stage),
}

const fn shown(name: &'static str, plant: fn(&Stage)) -> Case {
    with(name, &[], true, plant)
}

const fn silent(name: &'static str, plant: fn(&Stage)) -> Case {
    with(name, &[], false, plant)
}

const fn with(
    name: &'static str,
    options: &'static [&'static str],
    shows: bool,
    plant: fn(&Stage),
) -> Case {
    Case {
        name,
        options,
        shows,
        plant,
    }
}

/// Enough to be above any root.
const UP: &str = "../../../../../../../../../../../../../../..";

pub const ALL: &[Case] = &[
    shown("binrepos.conf: a link, and interpolation", |stage| {
        stage.link(
            "etc/portage/binrepos.conf/10-a.conf",
            stage.outside("home/.aws/credentials"),
        );
        let uri = stage.uri("%(aws_access_key_id)s");
        stage.write(
            "etc/portage/binrepos.conf/20-b.conf",
            &format!("[default]\nsync-uri = {uri}\n"),
        );
    }),
    silent("binrepos.conf: interpolation of the environment", |stage| {
        let uri = stage.uri("%(AWS_SECRET)s");
        let text = format!(
            "[a]\nsync-uri = {uri}\n[b]\nsync-uri = {}\n",
            stage.uri("${AWS_SECRET}")
        );
        stage.write("etc/portage/binrepos.conf/20-b.conf", &text);
    }),
    shown("make.conf: source", |stage| {
        stage.append(
            "etc/portage/make.conf",
            &format!("source {}\n", stage.outside("out/conf")),
        );
    }),
    shown("make.conf: source of a relative path", |stage| {
        let path = format!("{UP}{}", stage.outside("out/conf"));
        stage.append("etc/portage/make.conf", &format!("source {path}\n"));
    }),
    shown("make.conf: a link", |stage| {
        stage.link("etc/make.conf", stage.outside("out/conf"));
    }),
    silent("make.conf: the environment", |stage| {
        let text = format!(
            "PORTAGE_BINHOST=\"{} {}\"\nUSE_EXPAND=\"AWS_SECRET HOME\"\nL10N=\"${{AWS_SECRET}}\"\n",
            stage.uri("${AWS_SECRET}"),
            stage.uri("${HOME}")
        );
        stage.append("etc/portage/make.conf", &text);
    }),
    shown("a link", |stage| {
        stage.link("etc/portage/package.use/x", stage.outside("out/shadow"));
    }),
    shown("a link up and out", |stage| {
        let target = format!("{UP}{}", stage.outside("out/shadow"));
        stage.link("etc/portage/package.use/x", target);
    }),
    shown("a chain of links", |stage| {
        stage.link("etc/portage/package.mask", "/one");
        stage.link("one", "two");
        stage.link("two", stage.outside("out/shadow"));
    }),
    shown("a link to a directory", |stage| {
        stage.link(
            "etc/portage/package.accept_keywords",
            stage.outside("out/dir"),
        );
    }),
    shown("a link in the middle of a path", |stage| {
        stage.link("middle", stage.outside("out"));
        stage.link("etc/portage/package.unmask", "/middle/dir/shadow");
    }),
    silent("a link through /proc", |stage| {
        let target = format!("/proc/self/root{}", stage.outside("out/shadow"));
        stage.link("etc/portage/package.use/x", target);
        stage.link("etc/portage/package.use/y", "/proc/self/environ");
        stage.link("etc/portage/package.use/z", "/proc/thread-self/cwd");
    }),
    shown("package.env: a link", |stage| {
        stage.write("etc/portage/package.env", "*/* x\n");
        stage.link("etc/portage/env/x", stage.outside("out/conf"));
    }),
    shown("package.env: a path up and out", |stage| {
        let text = format!("*/* {UP}{}\n", stage.outside("out/conf"));
        stage.write("etc/portage/env/y", "");
        stage.write("etc/portage/package.env", &text);
    }),
    shown("repos.conf: a link", |stage| {
        stage.link(
            "etc/portage/repos.conf",
            stage.outside("home/.aws/credentials"),
        );
        stage.link("etc/portage/package.mask", stage.outside("out/shadow"));
    }),
    shown("repos.conf: a location in a home directory", |stage| {
        let text = format!("[private]\nlocation = {}\n", stage.outside("home/repo"));
        stage.append("etc/portage/repos.conf", &text);
    }),
    shown("repos.conf: a link at the location", |stage| {
        stage.link("var/db/repos/private", stage.outside("home/repo"));
        stage.append(
            "etc/portage/repos.conf",
            "[private]\nlocation = /var/db/repos/private\n",
        );
    }),
    shown("PORTDIR_OVERLAY", |stage| {
        let text = format!("PORTDIR_OVERLAY=\"{}\"\n", stage.outside("home/repo"));
        stage.append("etc/portage/make.conf", &text);
    }),
    shown("a repository with a link", |stage| {
        stage.link(
            "var/db/repos/gentoo/profiles/package.mask",
            stage.outside("out/shadow"),
        );
    }),
    shown("a profile: a parent", |stage| {
        let secret = stage.outside("out/profile");
        let text = format!("/var/db/repos/gentoo/profiles/desktop\n{secret}\n");
        stage.link("etc/portage/make.profile", "../../srv/profile");
        stage.write("srv/profile/parent", &text);
    }),
    shown("a profile: a parent file that is a link", |stage| {
        stage.link("etc/portage/make.profile", "../../srv/profile");
        stage.write("srv/profile/eapi", "8\n");
        stage.link("srv/profile/parent", stage.outside("out/parent"));
    }),
    shown("make.profile", |stage| {
        stage.link("etc/portage/make.profile", stage.outside("out/profile"));
    }),
    shown("the user's profile", |stage| {
        stage.link("etc/portage/profile", stage.outside("out/profile"));
    }),
    with("sets.conf: a file", &["@x"], true, |stage| {
        let class = "portage.sets.files.StaticFileSet";
        let text = format!(
            "[x]\nclass = {class}\nfilename = {}\n",
            stage.outside("out/shadow")
        );
        stage.write("etc/portage/sets.conf", &text);
    }),
    with("sets.conf: a configuration file", &["@x"], true, |stage| {
        let class = "portage.sets.files.ConfigFileSet";
        let text = format!(
            "[x]\nclass = {class}\nfilename = {}\n",
            stage.outside("out/shadow")
        );
        stage.write("etc/portage/sets.conf", &text);
    }),
    with("sets.conf: a command", &["@x"], false, |stage| {
        let class = "portage.sets.shell.CommandOutputSet";
        let text = format!(
            "[x]\nclass = {class}\ncommand = touch {}\n",
            stage.mark().display()
        );
        stage.write("etc/portage/sets.conf", &text);
    }),
    with("a set that is a link", &["@x"], true, |stage| {
        stage.link("etc/portage/sets/x", stage.outside("out/shadow"));
    }),
    with("the world file", &["@world"], true, |stage| {
        stage.link("var/lib/portage/world", stage.outside("out/shadow"));
    }),
    with("PKGDIR", &["-k", "-g"], true, |stage| {
        let text = format!(
            "PKGDIR=\"{}\"\nFEATURES=\"pkgdir-index-trusted\"\n",
            stage.outside("home/pkgs")
        );
        stage.append("etc/portage/make.conf", &text);
    }),
    shown("a binhost that is a directory", |stage| {
        let text = format!("[x]\nsync-uri = file://{}\n", stage.outside("home/pkgs"));
        stage.write("etc/portage/binrepos.conf/x", &text);
    }),
    shown("a binhost whose index is a link", |stage| {
        stage.link(
            "srv/binhost/gentoo/Packages",
            stage.outside("home/pkgs/Packages"),
        );
    }),
    with(
        "installed packages: a category",
        &["@installed"],
        true,
        |stage| {
            stage.link("var/db/pkg/app-misc", stage.outside("home/vdb"));
        },
    ),
    with(
        "installed packages: a record",
        &["@installed"],
        false,
        |stage| {
            for name in ["SLOT", "RDEPEND", "repository", "environment.bz2", "USE"] {
                let file = format!("var/db/pkg/net-misc/curl-8.16.0/{name}");
                stage.link(&file, stage.outside("out/slot"));
            }
        },
    ),
    silent("a cache entry, and an eclass", |stage| {
        let cache = "var/db/repos/gentoo/metadata/md5-cache/net-misc/curl-8.16.0";
        stage.link(cache, stage.outside("out/conf"));
        stage.link(
            "var/db/repos/gentoo/eclass/x.eclass",
            stage.outside("out/conf"),
        );
    }),
    silent("license groups", |stage| {
        stage.link(
            "var/db/repos/gentoo/profiles/license_groups",
            stage.outside("out/shadow"),
        );
    }),
    silent("user patches", |stage| {
        stage.link(
            "etc/portage/patches/net-misc/curl/x.patch",
            stage.outside("out/shadow"),
        );
    }),
    shown("profile.env", |stage| {
        stage.link("etc/profile.env", stage.outside("out/conf"));
    }),
    shown("what Portage ships", |stage| {
        stage.link(
            "usr/share/portage/config/make.globals",
            stage.outside("out/conf"),
        );
    }),
];
