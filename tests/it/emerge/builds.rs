//! Binary packages, made by Portage once for all tests, and hosts that serve them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::client::Client;
use crate::binhost::server::{Request, Server, ok, status};
use crate::portage::python;
use crate::support::copy;

/// Where the cache of the repository lies.
const METADATA: &str = "var/db/repos/gentoo/metadata";

/// All that was built: a directory for each host.
pub struct Builds {
    pub python: &'static Path,
    top: PathBuf,
}

impl Builds {
    /// The builds, if Portage can be had.
    pub fn get() -> Option<&'static Builds> {
        static BUILDS: OnceLock<Option<Builds>> = OnceLock::new();
        let make = || python().map(Builds::make);
        BUILDS.get_or_init(make).as_ref()
    }

    /// `site` has packages as gpkg, `tool` 2 twice; `old` has one as xpak; `second` has `other`. `newer` has
    /// two builds each of `march`, the second for a newer processor, and of `lost`, whose second file is
    /// gone; `copy` has the second build of `march` too.
    fn make(python: &'static Path) -> Builds {
        let builds = Builds {
            python,
            top: Path::new(env!("CARGO_TARGET_TMPDIR")).join("emerge-builds"),
        };
        let _ = fs::remove_dir_all(&builds.top);
        let builder = Client::with_portage(python);
        let cache = "egencache --update --repo gentoo";
        builder.run(cache).well();
        let metadata = builder.root().join(METADATA);
        copy(&metadata, &builds.top.join("metadata")).unwrap();
        let build = |line: &str| builder.emerge(&format!("-Bq {line}")).well();
        builder.write("etc/portage/package.use", "app-misc/flags doc\n");
        build("=app-misc/tool-1 =app-misc/tool-2 app-misc/flags app-misc/fails app-misc/mounts");
        build("=app-misc/tool-2");
        build("--nodeps app-misc/depends");
        builds.take(&builder, "site");
        builder.append("etc/portage/make.conf", "BINPKG_FORMAT=\"xpak\"\n");
        build("app-misc/xpak");
        builds.take(&builder, "old");
        builder.append("etc/portage/make.conf", "BINPKG_FORMAT=\"gpkg\"\n");
        build("app-misc/other");
        builds.take(&builder, "second");
        build("app-misc/march app-misc/lost");
        builder.append("etc/portage/make.conf", "CFLAGS=\"-O2 -march=x86-64-v4\"\n");
        build("app-misc/march app-misc/lost");
        builds.take(&builder, "newer");
        builds.lose_and_copy();
        builds
    }

    fn lose_and_copy(&self) {
        fs::remove_file(self.host("newer").join("app-misc/lost/lost-1-2.gpkg.tar")).unwrap();
        let index = without(&self.index("newer"), "CPV: app-misc/lost");
        let index = without(&index, "BUILD_ID: 1\n");
        let build = "app-misc/march/march-1-2.gpkg.tar";
        let (from, to) = (
            self.host("newer").join(build),
            self.host("copy").join(build),
        );
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        fs::write(self.host("copy").join("Packages"), index).unwrap();
    }

    /// Move what was built to a host.
    fn take(&self, builder: &Client, host: &str) {
        let built = builder.root().join("var/cache/binpkgs");
        copy(&built, &self.top.join(host)).unwrap();
        fs::remove_dir_all(built).unwrap();
    }

    /// A client of these builds, with nothing installed.
    pub fn client(&self) -> Client {
        let client = Client::with_portage(self.python);
        copy(&self.top.join("metadata"), &client.root().join(METADATA)).unwrap();
        client
    }

    /// The files of a host.
    pub fn host(&self, name: &str) -> PathBuf {
        self.top.join(name)
    }

    /// The index of a host.
    pub fn index(&self, name: &str) -> String {
        fs::read_to_string(self.host(name).join("Packages")).unwrap()
    }

    /// Serve a host as it is.
    pub fn serve(&self, name: &str) -> Server {
        serve(self.host(name), self.index(name))
    }
}

/// Serve the files of a directory with another index; whatever is not there is not found.
pub fn serve(directory: PathBuf, index: String) -> Server {
    Server::start(move |request: &Request| match request.path.as_str() {
        "/Packages" => ok(&index),
        path => match fs::read(directory.join(path.trim_start_matches('/'))) {
            Ok(bytes) if !path.contains("Packages") => ok(bytes),
            _ => status("404 Not Found"),
        },
    })
}

/// An index without the entries whose text has a part.
pub fn without(index: &str, part: &str) -> String {
    let blocks = index.split_inclusive("\n\n");
    blocks.filter(|block| !block.contains(part)).collect()
}

/// An index with another TIMESTAMP.
pub fn dated(index: &str, timestamp: u64) -> String {
    let line = |line: &str| match line.starts_with("TIMESTAMP: ") {
        true => format!("TIMESTAMP: {timestamp}\n"),
        false => format!("{line}\n"),
    };
    index.split('\n').map(line).collect()
}

/// Indexes that were requested, and packages that emerge fetched: bincheck only inspects those.
pub fn taken(server: &Server) -> Vec<String> {
    let is_look = |request: &Request| {
        let agent = request.header("user-agent").unwrap_or_default();
        agent.starts_with("bincheck") && !request.path.contains("Packages")
    };
    let requests = server.take_requests();
    let taken = requests.into_iter().filter(|request| !is_look(request));
    taken.map(|request| request.path).collect()
}
