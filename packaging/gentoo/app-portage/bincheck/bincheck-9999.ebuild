# Copyright 2026 the bincheck authors
# SPDX-License-Identifier: MIT OR Apache-2.0

EAPI=8

RUST_MIN_VER="1.95.0"

inherit cargo git-r3 shell-completion

DESCRIPTION="Tell which binary packages Portage will take here, and why not the others"
HOMEPAGE="https://bincheck.example/"
EGIT_REPO_URI="https://bincheck.example/bincheck.git"

LICENSE="|| ( Apache-2.0 MIT )"
# Of the crates that are linked in
LICENSE+="
	Apache-2.0 BSD BZIP2 CDLA-Permissive-2.0 ISC MIT MPL-2.0 Unicode-3.0 ZLIB
"
SLOT="0"

DOCS=( CHANGELOG.md README.md man/guide.md )

QA_FLAGS_IGNORED="usr/bin/bincheck"

src_unpack() {
	git-r3_src_unpack
	cargo_live_src_unpack
}

src_test() {
	# Tests that need the real Portage install it from PyPI; without a network they are skipped, and print that.
	cargo_src_test
}

src_install() {
	cargo_src_install
	einstalldocs
	doman man/bincheck.1 man/bincheck-json.5
	insinto /usr/share/bincheck
	doins man/bincheck-json.schema.json
	newbashcomp completions/bincheck.bash bincheck
	dozshcomp completions/_bincheck
	dofishcomp completions/bincheck.fish
}
