//! The candidates, in the order in which emerge prefers them, and what becomes of each.

use std::cmp::Ordering;

use super::{ComparedPackage, Grounds, Reason, Standing, comment, dependencies};
use crate::binhost::InstanceId;
use crate::check::{self, Finding, OwnEbuilds};
use crate::compat::{Compatibility, ConcernCode};
use crate::packages::{PackageId, Packages};
use crate::plan::{BuildReason, Merge, Origin};
use crate::pms::{Cpn, Kind, Package};
use crate::report::indexes::Indexes;

/// Highest version first; of equal ones what is installed, then binary packages, then ebuilds
/// (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).
pub(super) fn of<'a>(
    name: &Cpn,
    packages: &'a Packages<'a>,
    merges: &[&Merge<'a>],
    grounds: Grounds<'_, 'a>,
) -> Vec<ComparedPackage<'a>> {
    let gather = Gather {
        packages,
        merges,
        grounds,
    };
    let installed = packages.installed_of(name.as_str());
    let installed = installed.iter().map(|id| gather.installed(*id));
    let instances = packages.instances_of(name.as_str());
    let instances = instances.iter().map(|id| gather.instance(*id));
    let ebuilds = packages.ebuilds_of(name).into_iter();
    let ebuilds = ebuilds.map(|id| gather.ebuild(PackageId::Ebuild(id)));
    let mut all: Vec<ComparedPackage<'a>> = installed.chain(instances).chain(ebuilds).collect();
    all.sort_by(by_preference);
    all
}

fn by_preference(one: &ComparedPackage<'_>, other: &ComparedPackage<'_>) -> Ordering {
    let kind = |candidate: &ComparedPackage<'_>| match candidate.package.kind {
        Kind::Installed => 0,
        Kind::Binary => 1,
        Kind::Ebuild => 2,
    };
    let versions = [other, one].map(|candidate| &candidate.package.cpv.version);
    let versions = versions[0].cmp_version(versions[1]);
    versions.then_with(|| kind(one).cmp(&kind(other)))
}

struct Gather<'g, 'a> {
    packages: &'a Packages<'a>,
    merges: &'g [&'g Merge<'a>],
    grounds: Grounds<'g, 'a>,
}

impl<'a> Gather<'_, 'a> {
    fn plain(&self, package: &'a Package, standing: Standing) -> ComparedPackage<'a> {
        ComparedPackage {
            package,
            instance: None,
            host: None,
            size: None,
            built_for: None,
            runs: None,
            unusable: None,
            standing,
            reasons: Vec::new(),
            dependencies: Vec::new(),
        }
    }

    fn installed(&self, id: crate::packages::InstalledId) -> ComparedPackage<'a> {
        let record = self.packages.record(PackageId::Installed(id));
        let masks = record.facts().masks();
        ComparedPackage {
            reasons: masks.iter().map(|mask| self.reason(mask)).collect(),
            ..self.plain(record.package, Standing::Installed)
        }
    }

    fn ebuild(&self, id: PackageId) -> ComparedPackage<'a> {
        let record = self.packages.record(id);
        let package = record.package;
        let is_same = |merge: &&&Merge<'_>| {
            let other = merge.package;
            other.kind == Kind::Ebuild
                && other.cpv == package.cpv
                && other.repository == package.repository
        };
        let merge = self.merges.iter().find(is_same);
        let standing = match merge.map(|merge| &merge.origin) {
            Some(Origin::Source(reason)) => Standing::Wins(compiled(reason, self.grounds.indexes)),
            _ => Standing::Loses,
        };
        let masks = record.facts().masks();
        let mut reasons: Vec<Reason> = masks.iter().map(|mask| self.reason(mask)).collect();
        if reasons.is_empty() && standing == Standing::Loses {
            reasons.extend(self.outranked(package));
        }
        ComparedPackage {
            reasons,
            ..self.plain(package, standing)
        }
    }

    fn instance(&self, id: InstanceId) -> ComparedPackage<'a> {
        let judged = self.packages.judged(id);
        let candidate = judged.candidate;
        let package = &candidate.package;
        let wins = self
            .merges
            .iter()
            .any(|merge| merge.origin.instance() == Some(id));
        let standing = if wins {
            Standing::Wins(self.taken(id))
        } else {
            Standing::Loses
        };
        let mut reasons: Vec<Reason> = judged.findings.iter().map(|one| self.reason(one)).collect();
        if reasons.is_empty() && !wins {
            reasons.extend(self.given_up(id).or_else(|| self.outranked(package)));
        }
        let compatibility = self.grounds.compatibility.get(&id);
        ComparedPackage {
            instance: Some(id),
            host: candidate.host,
            size: candidate.size.and_then(|size| u64::try_from(size).ok()),
            built_for: compatibility.and_then(|known| known.built_for.clone()),
            runs: compatibility.and_then(|known| known.runs),
            unusable: compatibility.and_then(unusable),
            reasons,
            dependencies: self.dependencies(id),
            ..self.plain(package, standing)
        }
    }

    fn dependencies(&self, id: InstanceId) -> Vec<dependencies::DependencyDifference> {
        let record = self.packages.record(PackageId::Binary(id));
        let ebuilds: OwnEbuilds<'_> = self.packages.own_ebuilds(&record.package.cpv);
        let own = ebuilds.own(record.package);
        own.map(|own| dependencies::differences(record.facts(), own.facts()))
            .unwrap_or_default()
    }

    fn reason(&self, finding: &Finding) -> Reason {
        let local = self.packages.local();
        let evidence = &finding.evidence;
        let sources = evidence.sources.iter();
        Reason {
            code: finding.code.as_str(),
            certain: finding.certain,
            detail: finding.detail.clone(),
            wanted: evidence.wanted.clone(),
            found: evidence.found.clone(),
            sources: sources
                .map(|source| (source.clone(), comment::above(local, source)))
                .collect(),
        }
    }

    /// Why the plan could not use an instance that nothing speaks against.
    fn given_up(&self, id: InstanceId) -> Option<Reason> {
        let reasons = self.merges.iter().filter_map(|merge| match &merge.origin {
            Origin::Source(reason) => Some(reason),
            Origin::Binary(_) => None,
        });
        let mut of_id = reasons.filter(|reason| reason.nearest() == Some(id));
        match of_id.next()? {
            BuildReason::RejectedBinary(_, why) => Some(plain(why.code().as_str(), why.describe())),
            BuildReason::Undetermined(_) => Some(plain(
                "undetermined",
                "nothing speaks against it, and emerge prefers the ebuild".to_owned(),
            )),
            _ => None,
        }
    }

    /// What stands before something that nothing speaks against.
    fn outranked(&self, package: &Package) -> Option<Reason> {
        let winner = self.merges.first()?.package;
        let other = format!("{}", winner.cpv.version);
        let (code, text) = match winner.cpv.version.cmp_version(&package.cpv.version) {
            Ordering::Greater => ("lower-version", format!("{other} is higher")),
            Ordering::Less => ("not-wanted", format!("{other} is what the request takes")),
            Ordering::Equal if package.kind == Kind::Ebuild => (
                "binary-taken",
                "a binary package of this version is taken".to_owned(),
            ),
            Ordering::Equal if winner.kind == Kind::Binary => (
                "older-build",
                if winner.build_time > package.build_time {
                    "another build of this version is newer".to_owned()
                } else {
                    "another build of this version stands before it".to_owned()
                },
            ),
            Ordering::Equal => return None,
        };
        Some(plain(code, text))
    }

    /// Why emerge takes this instance and no other.
    fn taken(&self, id: InstanceId) -> String {
        let package = &self.packages.entry(id).0.package;
        let all = self.packages.instances_of(package.cpv.cpn.as_str());
        let usable = all.iter().map(|id| self.packages.judged(*id));
        let mut usable = usable.filter(|judged| judged.findings.is_empty());
        let is_rival = |other: &check::Judged<'_>| {
            let other_package = &other.candidate.package;
            other.id != id
                && other_package
                    .cpv
                    .version
                    .cmp_version(&package.cpv.version)
                    .is_eq()
        };
        match usable.find(is_rival) {
            None => "the highest version that nothing speaks against".to_owned(),
            Some(other) if other.candidate.package.build_time == package.build_time => {
                "the highest version; of builds of the same second the one that was read last"
                    .to_owned()
            }
            Some(_) => {
                "the highest version, and of its builds the newest; priority does not decide"
                    .to_owned()
            }
        }
    }
}

/// Why a binary package is of no use here.
fn unusable(known: &Compatibility) -> Option<String> {
    let of_file = known.concern(ConcernCode::is_of_file);
    let concern = of_file.or(known.concerns.first());
    known.must_be_excluded().then(|| match concern {
        Some(concern) if of_file.is_some() => concern.detail.clone(),
        Some(concern) => format!("will not run here, it {}", concern.detail),
        None => "will not run here".to_owned(),
    })
}

fn compiled(reason: &BuildReason, indexes: &Indexes) -> String {
    match reason {
        BuildReason::NoBinary => indexes.without_package(),
        BuildReason::VersionSkew { .. } => "no binhost has this version".to_owned(),
        BuildReason::Renamed { .. } => "binhosts have it under its old name".to_owned(),
        BuildReason::Rejected { .. } => "no binary package of this version can be used".to_owned(),
        BuildReason::RejectedBinary(_, why) => {
            format!("the binary package cannot be used: {}", why.describe())
        }
        BuildReason::Undetermined(_) => "emerge prefers it, or it cannot be determined".to_owned(),
    }
}

fn plain(code: &'static str, detail: String) -> Reason {
    Reason {
        code,
        certain: true,
        detail,
        wanted: String::new(),
        found: String::new(),
        sources: Vec::new(),
    }
}
