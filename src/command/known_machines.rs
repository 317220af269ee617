//! Machines of a fleet that have the same files, as far as one was asked for any: they come to the same, and are judged once.

use std::sync::{Arc, Mutex, PoisonError};

use super::compatibility;
use super::run::OpenedRoot;
use super::thawed::Thawed;
use crate::chroot::{Questionnaire, Respondent};
use crate::compat::CpuSource;
use crate::redact::redact;
use crate::report::fleet::JudgedMachine;

/// Machines that were judged so far, no two of them the same.
#[derive(Default)]
pub(super) struct KnownMachines(Mutex<Vec<Arc<KnownMachine>>>);

struct KnownMachine {
    files: Questionnaire,
    judged: JudgedMachine,
    /// What is said of it because it was frozen.
    notice: Option<String>,
}

impl KnownMachines {
    /// What a machine comes to, if one that has the same files was judged.
    pub(super) fn find(&self, root: &OpenedRoot) -> Option<JudgedMachine> {
        let known = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let notice = notice(root);
        let mut machine = Respondent::new(&root.chroot);
        let same = known.iter().find(|known| {
            known.notice.is_some() == notice.is_some() && machine.agrees_with(&known.files)
        })?;
        let mut judged = same.judged.clone();
        // These two name the machine.
        for text in &mut judged.notices {
            if let (Some(other), Some(own)) = (&same.notice, &notice)
                && text == other
            {
                text.clone_from(own);
            }
        }
        if let CpuSource::Cpuinfo(file) = &mut judged.identity.machine.measure
            && let Some(own) = compatibility::cpuinfo_in(&root.chroot)
        {
            *file = own;
        }
        Some(judged)
    }

    /// Keep what a machine comes to.
    pub(super) fn add(&self, files: Questionnaire, notice: Option<String>, judged: &JudgedMachine) {
        let known = KnownMachine {
            files,
            judged: judged.clone(),
            notice,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::new(known));
    }
}

/// As it stands among what was noticed.
pub(super) fn notice(root: &OpenedRoot) -> Option<String> {
    let notice = root.thawed.as_ref().and_then(Thawed::notice)?;
    Some(redact(&notice).into_owned())
}
