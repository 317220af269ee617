"""Portage's verdict on every binary package, from its own objects and methods.

For each instance the checks of the selection loop are run one by one, so that all reasons are found
and not only the first. Afterwards the real selection runs for each instance with all others hidden: it must
choose exactly those without a reason, or this program stops.
"""
import shlex
from itertools import chain

import _emerge.emergelog
from _emerge.actions import adjust_configs, apply_priorities, load_emerge_config
from _emerge.create_depgraph_params import create_depgraph_params
from _emerge.depgraph import _frozen_depgraph_config, depgraph
from _emerge.main import parse_opts
from portage._sets.base import WildcardPackageSet
from portage.binpkg import get_binpkg_format
from portage.dep import Atom
from portage.exception import InvalidBinaryPackageFormat, InvalidDependString
from portage.versions import _pkg_str

_emerge.emergelog._disable = True


class Run:
    """emerge's start-up for one set of options, up to the resolver."""

    def __init__(self, args):
        # With --emptytree installed packages stay out of the selection; no check depends on it.
        args = ["--pretend", "--emptytree", *args, "virtual/libc"]
        action, options, words = parse_opts(args, silent=True)
        config = load_emerge_config(action=action, args=words, opts=options)
        self.root_config = config.target_config
        self.settings = self.root_config.settings
        if "--ignore-default-opts" not in options:
            args = shlex.split(self.settings.get("EMERGE_DEFAULT_OPTS", "")) + args
        config.action, config.opts, config.args = parse_opts(args)
        self.options = config.opts
        self.imply()
        self.bintree = self.root_config.trees["bintree"]
        self.populate(config.trees)
        adjust_configs(self.options, config.trees)
        apply_priorities(self.settings)
        for trees in config.trees.values():
            trees["porttree"].dbapi.freeze()
        params = create_depgraph_params(self.options, config.action)
        frozen = _frozen_depgraph_config(self.settings, config.trees, self.options, params, None)
        self.graph = depgraph(self.settings, config.trees, self.options, params, None, frozen_config=frozen)
        self.frozen = self.graph._frozen_config
        self.params = self.graph._dynamic_config.myparams
        self.root = self.frozen.roots[self.root_config.root]
        self.package_settings = self.frozen.pkgsettings[self.root_config.root]
        # Portage looks for ebuilds only where the option is not given at all.
        self.uses_ebuilds = "--usepkgonly" not in self.options

    def imply(self):
        """What options and FEATURES switch on."""
        options = self.options
        if "getbinpkg" in self.settings.features and options.get("--getbinpkg") is not False:
            options["--getbinpkg"] = True
        if options.get("--getbinpkgonly") is True:
            options["--getbinpkg"] = options["--usepkgonly"] = True
        if options.get("--getbinpkg") is True or options.get("--usepkgonly") is True:
            options["--usepkg"] = True

    def populate(self, all_trees):
        """Read PKGDIR and the indexes."""
        lists = {"getbinpkg_" + name: self.options["--getbinpkg-" + name] for name in ("exclude", "include")
                 if "--getbinpkg-" + name in self.options}
        for trees in all_trees.values():
            trees["bintree"].populate(getbinpkgs=self.options.get("--getbinpkg") is True, getbinpkg_refresh=True,
                                      pretend=True, **lists)

    def packages(self):
        """All binary packages, grouped by name."""
        database = self.bintree.dbapi
        return [[self.graph._pkg(cpv, "binary", self.root) for cpv in database.cp_list(cp)] for cp in sorted(database.cp_all())]

    def remote(self, cpv):
        """The index entry of a package; None for one in PKGDIR."""
        return (self.bintree._remotepkgs or {}).get(self.bintree.dbapi._instance_key(cpv))


def host_of(entry):
    """Name of the host that an entry came from."""
    if entry is None:
        return "local"
    repo = entry["CPV"]._repoconfig
    return repo.name or repo.name_fallback


def mask_reasons(package):
    """Package.masks, which decides visibility."""
    reasons = []
    for name, value in (package.masks or {}).items():
        if name == "package.mask":
            reasons.append(("mask", str(value)))
        elif name == "invalid":
            reasons.append(("invalid", "; ".join(chain.from_iterable(value.values()))))
        elif name.startswith("EAPI."):
            reasons.append(("eapi", str(value)))
        else:
            reasons.append((name.lower(), value if isinstance(value, str) else " ".join(map(str, value))))
    if bool(reasons) == bool(package.visible):
        raise SystemExit(f"masks and visibility of {package.cpv} disagree: {reasons}")
    return reasons


def is_excluded(run, package):
    """Whether --exclude names it."""
    atoms = run.frozen.excluded_pkgs
    return bool(atoms.findAtomForPackage(package, modified_use=run.graph._pkg_use_enabled(package)))


def exclusion_reasons(run, package):
    """--exclude and its relatives, and repos.conf."""
    frozen, flags = run.frozen, run.graph._pkg_use_enabled(package)

    def listed(atoms):
        return bool(atoms.findAtomForPackage(package, modified_use=flags))

    if is_excluded(run, package):
        return [("excluded", "--exclude")]
    if listed(frozen.usepkg_exclude) or not (frozen.usepkg_include.isEmpty() or listed(frozen.usepkg_include)):
        return [("excluded", "usepkg-exclude")]
    if "--usepkg-exclude-live" in run.options and "live" in package._metadata.get("PROPERTIES", "").split():
        return [("excluded", "usepkg-exclude-live")]
    return []


def patch_reasons(run, package):
    """User patches."""
    if run.options.get("--binpkg-respect-user-patches", "y") == "n":
        return []
    differ = package.user_patches != run.package_settings.userPatchDigest(package)
    return [("patches", "")] if differ else []


def ebuild_reasons(run, package):
    """Whether a visible ebuild stands behind the package."""
    if not run.uses_ebuilds and run.options.get("--use-ebuild-visibility", "n") == "n":
        return []
    return [] if run.graph._equiv_ebuild_visible(package) else [("ebuild", "")]


def use_reasons(run, package):
    """USE, as the selection loop compares it for the atom =cpv."""
    if not ("--newuse" in run.options or "--reinstall" in run.options or run.params.get("binpkg_respect_use") in ("y", "auto")):
        return []
    ebuild = None
    if run.uses_ebuilds:
        same = run.graph._iter_match_pkgs(run.root, "ebuild", Atom("=" + str(package.cpv)))
        # For what is itself excluded the other findings are reported too.
        ebuild = next((pkg for pkg in same if run.graph._pkg_visibility_check(pkg)
                       and (is_excluded(run, package) or not is_excluded(run, pkg))), None)
    if ebuild is not None:
        now, fixed, iuse = run.graph._pkg_use_enabled(ebuild), {*ebuild.use.force, *ebuild.use.mask}, ebuild.iuse.all
    else:
        settings = run.package_settings
        settings.setcpv(package)
        now, fixed, iuse = settings["PORTAGE_USE"].split(), {*settings.useforce, *settings.usemask}, package.iuse.all
    flags = run.graph._reinstall_for_flags(package, fixed, run.graph._pkg_use_enabled(package), package.iuse.all, frozenset(now), iuse)
    on = package.use.enabled
    return [("use", " ".join(flag if flag in on else "-" + flag for flag in sorted(flags)))] if flags else []


def dependency_reasons(run, package):
    """Dependencies against those of the ebuild."""
    if run.params.get("binpkg_changed_deps", "n") == "n":
        return []
    try:
        changed = run.graph._changed_deps(package)
    except InvalidDependString:
        changed = True
    return [("deps", "")] if changed else []


CHECKS = [exclusion_reasons, patch_reasons, ebuild_reasons, use_reasons, dependency_reasons]


def instance(host, path, cpv, reasons):
    """One line of the answer."""
    return {"host": host, "path": path, "cpv": str(cpv), "build_id": cpv.build_id or None,
            "verdict": "rejected" if reasons else "accepted",
            "reasons": [{"code": code, "detail": detail} for code, detail in reasons]}


def is_selected(run, package, siblings):
    """Whether emerge would take the package for =cpv if it were the only binary of its name."""
    hidden = run.graph._dynamic_config._runtime_pkg_mask
    hidden.clear()
    hidden.update({other: {} for other in siblings if other is not package})
    try:
        chosen, _ = run.graph._wrapped_select_pkg_highest_available_imp(run.root_config.root, Atom("=" + str(package.cpv)))
    except InvalidDependString:
        chosen = None
    return chosen is package


def contradictions(run, groups, reasons):
    """Packages for which the real selection does not follow the reasons."""
    if run.uses_ebuilds:
        # Otherwise the rule about ebuilds does not hold for a version that no ebuild has.
        run.options["--use-ebuild-visibility"] = "y"
    return [(str(package.cpv), reasons[package]) for siblings in groups for package in siblings
            if is_selected(run, package, siblings) == bool(reasons[package])]


def absent(run, seen):
    """Entries that Portage reads but never takes into its database."""
    bintree, options = run.bintree, run.options
    signed = "binpkg-request-signature" in run.settings.features
    earlier = {"local"}  # where an instance may have come from before this host had its turn
    for name, repo in reversed(list((bintree._binrepos_conf or {}).items())):
        exclude = WildcardPackageSet(repo.getbinpkg_exclude.getAtoms() if repo.getbinpkg_exclude else [])
        exclude.update(WildcardPackageSet(" ".join(options.get("--getbinpkg-exclude", [])).split()))
        include = WildcardPackageSet(repo.getbinpkg_include.getAtoms() if repo.getbinpkg_include else [])
        include.update(WildcardPackageSet(" ".join(options.get("--getbinpkg-include", [])).split()))
        for entry in read_index(bintree, repo):
            cpv = _pkg_str(entry["CPV"], metadata=entry, settings=bintree.settings, db=bintree.dbapi, repoconfig=repo)
            path = entry.get("PATH") or ""
            if (name, str(cpv), cpv.build_id or None, path) in seen:
                continue
            unsigned = (signed or repo.verify_signature) and not is_gpkg(path)
            exists = bintree.dbapi.cpv_exists(cpv)
            if exclude.containsCPV(cpv) or not (include.isEmpty() or include.containsCPV(cpv)):
                why = "excluded"
            elif exists and (unsigned or host_of(run.remote(cpv)) in earlier | {name}):
                # Also where this host may not deliver the file unsigned and a later one may: the same
                # instance is to be had from elsewhere, which is what helps the user.
                why = "shadowed"
            elif unsigned:
                why = "signature"
            else:
                raise SystemExit(f"{name}: {cpv} is missing from the database for no known reason")
            yield instance(name, path, cpv, [(why, "")])
        earlier.add(name)


def read_index(bintree, repo):
    """The entries of a host's index, which lies in a directory of this machine."""
    import gzip
    import os

    directory = repo.sync_uri.removeprefix("file://")
    index = bintree._new_pkgindex()
    if os.path.exists(f"{directory}/Packages.gz"):
        with gzip.open(f"{directory}/Packages.gz", "rt", encoding="utf-8", errors="replace") as file:
            index.read(file)
    else:
        with open(f"{directory}/Packages", encoding="utf-8", errors="replace") as file:
            index.read(file)
    return index.packages


def is_gpkg(path):
    """Whether the name is that of a format that can carry a signature."""
    try:
        return get_binpkg_format(path, remote=True) == "gpkg"
    except InvalidBinaryPackageFormat:
        return False


def judge(args):
    """All instances with verdict and reasons, under emerge's options `args`."""
    run = Run(args)
    groups = run.packages()
    if not groups:
        raise SystemExit("no binary package at all: was no index read?")
    reasons, answer = {}, []
    for package in chain.from_iterable(groups):
        found = mask_reasons(package)
        for check in CHECKS:
            found += check(run, package)
        reasons[package] = found
        entry = run.remote(package.cpv)
        path = (entry.get("PATH") or "") if entry else run.bintree._pkg_paths.get(run.bintree.dbapi._instance_key(package.cpv), "")
        answer.append(instance(host_of(entry), path, package.cpv, found))
    wrong = contradictions(run, groups, reasons)
    if wrong:
        raise SystemExit(f"{args}: the selection contradicts the reasons of {wrong[:10]}")
    seen = {(item["host"], item["cpv"], item["build_id"], item["path"]) for item in answer}
    if run.options.get("--getbinpkg") is True:
        answer += absent(run, seen)
    return answer
