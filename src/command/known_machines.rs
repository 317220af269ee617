//! Machines of a fleet that have the same files, as far as one was asked for any: they come to the same, and are judged once.
//!
//! Three things tell machines of one kind apart and change no verdict: what the machine is called, the speed of its
//! processor, and how long it took to compile. They are not among what files answered, and are looked at anew.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::compatibility;
use super::run::OpenedRoot;
use super::thawed::{self, SmallArchive};
use crate::cache;
use crate::chroot::{Chroot, Questionnaire, Respondent};
use crate::compat::CpuSource;
use crate::cpu::{CpuinfoError, Processor};
use crate::emerge_log::{self, MergeTimes, TimeQuestion};
use crate::freeze::{About, CPUINFO};
use crate::redact::redact;
use crate::report::Report;
use crate::report::fleet::JudgedMachine;
use crate::source::{Notices, Source};

/// Machines that were judged so far, no two of them the same.
#[derive(Default)]
pub(super) struct KnownMachines(Mutex<Vec<Arc<KnownMachine>>>);

/// One of them.
struct KnownMachine {
    identity: Identity,
    files: Questionnaire,
    log: LogQuestions,
    judged: JudgedMachine,
}

/// What a machine is beside its files.
pub(super) struct Identity {
    /// The digest of the archive that it came from, if that is a small one.
    archive: Option<[u8; 32]>,
    /// Where it was frozen, what its archive says about itself.
    about: Option<About>,
    /// What is said of it because it was frozen.
    notice: Option<String>,
    /// The processor that it brings with it, and the name of the file that tells.
    processor: Option<(String, Result<Processor, CpuinfoError>)>,
}

impl Identity {
    /// Of a machine whose files are at hand.
    pub(super) fn of(root: &OpenedRoot, archive: Option<&SmallArchive>) -> Identity {
        let thawed = root.thawed.as_ref();
        Identity {
            archive: archive.map(SmallArchive::digest),
            about: thawed.map(|thawed| thawed.about().clone()),
            notice: thawed.and_then(|thawed| as_noticed(thawed.notice())),
            processor: compatibility::own_processor(&root.chroot),
        }
    }

    fn is_like(&self, other: &Identity) -> bool {
        let processor = |one: &Identity| {
            one.processor
                .as_ref()
                .map(|(_, processor)| processor.clone())
        };
        self.notice.is_some() == other.notice.is_some() && processor(self) == processor(other)
    }
}

/// What the log of a machine is asked for.
#[derive(Default)]
pub(super) struct LogQuestions {
    path: PathBuf,
    questions: Vec<TimeQuestion>,
}

impl LogQuestions {
    /// All that a report asks; `None` where the log could not be read.
    pub(super) fn of(
        path: PathBuf,
        questions: Vec<TimeQuestion>,
        report: &Report<'_>,
    ) -> Option<LogQuestions> {
        let is_of_log = |source: &Source| matches!(source, Source::File(file) if **file == *path);
        let mut sources = report
            .notices
            .iter()
            .filter_map(|notice| notice.source.as_ref());
        let is_read = !sources.any(is_of_log);
        is_read.then_some(LogQuestions { path, questions })
    }

    /// How long each package takes by the log of this system; `None` where it cannot be read.
    fn answers(&self, chroot: &Chroot) -> Option<HashMap<String, Option<u64>>> {
        if self.questions.is_empty() {
            return Some(HashMap::new());
        }
        let notices = Notices::default();
        let cache = cache::choose(&Notices::default());
        let history = emerge_log::history(chroot, &self.path, &cache, &notices);
        let times = MergeTimes::new(history);
        let answers = self
            .questions
            .iter()
            .map(|asked| (asked.cpv.to_string(), asked.answer(&times)));
        notices.sorted().is_empty().then(|| answers.collect())
    }
}

impl KnownMachines {
    /// What a machine comes to that is a copy of an archive.
    pub(super) fn copy_of(&self, archive: &SmallArchive) -> Option<JudgedMachine> {
        let digest = archive.digest();
        let all = self.all();
        let known = all
            .iter()
            .find(|known| known.identity.archive == Some(digest))?;
        let about = known.identity.about.as_ref()?;
        let notice = as_noticed(thawed::notice(about, archive.file()));
        let processor = Path::new(archive.file()).join(CPUINFO);
        let processor = processor.display().to_string();
        Some(known.called(notice.as_deref(), Some(&processor)))
    }

    /// What a machine comes to, if one that has the same files was judged.
    pub(super) fn like(&self, root: &OpenedRoot, identity: &Identity) -> Option<JudgedMachine> {
        let mut machine = Respondent::new(&root.chroot);
        self.all().iter().find_map(|known| {
            if !known.identity.is_like(identity) {
                return None;
            }
            let chroot = machine.agreeing_with(&known.files)?;
            let times = known.log.answers(chroot)?;
            let file = identity.processor.as_ref().map(|(file, _)| file.as_str());
            let mut judged = known.called(identity.notice.as_deref(), file);
            judged.set_compile_times(|cpv| times.get(cpv).copied().flatten());
            Some(judged)
        })
    }

    /// Keep what a machine comes to.
    pub(super) fn add(
        &self,
        identity: Identity,
        files: Questionnaire,
        log: LogQuestions,
        judged: &JudgedMachine,
    ) {
        let known = KnownMachine {
            identity,
            files,
            log,
            judged: judged.clone(),
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::new(known));
    }

    fn all(&self) -> Vec<Arc<KnownMachine>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl KnownMachine {
    /// What it comes to, in the words for a machine of which this is said and whose processor stands in this file.
    fn called(&self, notice: Option<&str>, processor: Option<&str>) -> JudgedMachine {
        let mut judged = self.judged.clone();
        for text in &mut judged.notices {
            if let (Some(other), Some(own)) = (&self.identity.notice, notice)
                && text == other
            {
                own.clone_into(text);
            }
        }
        // An option may name another one.
        if let CpuSource::Cpuinfo(file) = &mut judged.identity.machine.measure
            && let (Some((other, _)), Some(own)) = (&self.identity.processor, processor)
            && file == other
        {
            own.clone_into(file);
        }
        judged
    }
}

/// As it stands among what was noticed.
fn as_noticed(notice: Option<String>) -> Option<String> {
    notice.map(|notice| redact(&notice).into_owned())
}
