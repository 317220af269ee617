//! What was asked of a judged system's files, and what they answered: another system that answers all of it in the same
//! way is judged in the same way, whatever else it has.
//!
//! Nobody has to know what a judgement depends on: all that it read is here. Answers are kept as SHA-256, since the files
//! may be a stranger's.

use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;
use sha2::{Digest, Sha256};

use super::{Chroot, GrantKind};

/// One way of asking about a path. What tells most systems apart comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Question {
    Directories,
    Names,
    Kind,
    Facts,
    Canonical,
    /// Where on the running machine it lies, unless the root has it.
    Common,
    LinkTarget,
    /// The content, of at most so many bytes.
    Content(u64),
    /// Which file it is, for whoever reads it bit by bit.
    Identity,
}

/// A question and how many directories of the running machine the system could see when it was asked. Paths are bytes
/// here: there are ten thousand of them, and whether two lead to the same makes no difference.
type Asked = (usize, Question, OsString);

type Answer = [u8; 32];

/// All that was asked of one system.
#[derive(Debug, Default)]
pub struct Trace(Mutex<Record>);

#[derive(Debug, Default)]
struct Record {
    grants: Vec<(GrantKind, PathBuf, Answer)>,
    answers: HashMap<Asked, Answer>,
    /// Something was read that is not among the answers.
    has_more: bool,
}

impl Trace {
    fn change(&self, change: impl FnOnce(&mut Record)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn note(&self, question: Question, path: &Path, answer: Answer) {
        self.change(|record| {
            let asked = (record.grants.len(), question, path.as_os_str().to_owned());
            record.answers.insert(asked, answer);
        });
    }

    pub(super) fn note_grant(&self, kind: GrantKind, path: &Path, answer: Answer) {
        self.change(|record| record.grants.push((kind, path.to_owned(), answer)));
    }

    pub(super) fn note_more(&self) {
        self.change(|record| record.has_more = true);
    }

    /// All of it, for other systems to be held against; `None` where that would not tell. The trace is empty then.
    pub fn take(&self) -> Option<Questionnaire> {
        let mut taken = Record::default();
        self.change(|record| std::mem::swap(record, &mut taken));
        let mut answers: Vec<_> = taken.answers.into_iter().collect();
        answers.sort_unstable_by_key(|((granted, question, _), _)| (*granted, *question));
        (!taken.has_more).then_some(Questionnaire {
            grants: taken.grants,
            answers,
        })
    }
}

/// Questions with the answers of one system, in the order of what was granted, and what tells most systems apart first.
#[derive(Debug)]
pub struct Questionnaire {
    grants: Vec<(GrantKind, PathBuf, Answer)>,
    answers: Vec<(Asked, Answer)>,
}

/// A system that is asked. Each question is put to it once, however many others it is compared with.
#[derive(Debug)]
pub struct Respondent {
    /// The system with what was granted to it so far, by a hash of that.
    stages: HashMap<Answer, Chroot>,
    given: HashMap<(Answer, Question), HashMap<OsString, Answer>>,
}

impl Respondent {
    /// A system to which nothing was granted.
    pub fn new(chroot: &Chroot) -> Respondent {
        Respondent {
            stages: HashMap::from_iter([(Answer::default(), chroot.apart())]),
            given: HashMap::default(),
        }
    }

    /// The system with what was granted to the other, if it answers as that did.
    pub fn agreeing_with(&mut self, other: &Questionnaire) -> Option<&Chroot> {
        let mut stage = Answer::default();
        let mut grants = other.grants.iter().enumerate().peekable();
        for ((granted, question, path), answer) in &other.answers {
            while let Some((_, grant)) = grants.next_if(|(number, _)| number < granted) {
                stage = self.grant(stage, grant)?;
            }
            if self.answer(stage, *question, path) != Some(*answer) {
                return None;
            }
        }
        for (_, grant) in grants {
            stage = self.grant(stage, grant)?;
        }
        self.stages.get(&stage)
    }

    /// The stage after a grant; `None` where it does not turn out the same.
    fn grant(&mut self, stage: Answer, grant: &(GrantKind, PathBuf, Answer)) -> Option<Answer> {
        let next = of(&(stage, grant));
        if !self.stages.contains_key(&next) {
            let (kind, path, answer) = grant;
            let chroot = self.stages.get(&stage)?.apart();
            if of(&chroot.grant_at(path, *kind)) != *answer {
                return None;
            }
            self.stages.insert(next, chroot);
        }
        Some(next)
    }

    fn answer(&mut self, stage: Answer, question: Question, path: &OsStr) -> Option<Answer> {
        let given = self.given.entry((stage, question)).or_default();
        if let Some(given) = given.get(path) {
            return Some(*given);
        }
        let answer = self.stages.get(&stage)?.answer(question, Path::new(path));
        given.insert(path.to_owned(), answer);
        Some(answer)
    }
}

impl Chroot {
    /// The answer to a question.
    fn answer(&self, question: Question, path: &Path) -> Answer {
        match question {
            Question::Directories => of(&self.subdirectories(path)),
            Question::Names => of_result(&self.list(path)),
            Question::Kind => of_result(&self.facts(path).map(|facts| facts.file_kind())),
            Question::Facts => of_result(&self.facts(path)),
            Question::Canonical => of_result(&self.canonical(path)),
            Question::Common => of(&self.common(path)),
            Question::LinkTarget => of(&self.link_target(path)),
            Question::Content(limit) => of_content(&self.read_limited(path, limit)),
            Question::Identity => of_result(&self.identity(path)),
        }
    }
}

pub(super) fn of(answer: &impl Debug) -> Answer {
    Sha256::digest(format!("{answer:?}")).into()
}

/// Why there is no answer is one too.
pub(super) fn of_result(answer: &io::Result<impl Debug>) -> Answer {
    of(&answer.as_ref().map_err(io::Error::kind))
}

pub(super) fn of_content(content: &io::Result<Vec<u8>>) -> Answer {
    match content {
        Ok(bytes) => {
            let mut hash = Sha256::new_with_prefix("content");
            hash.update(bytes);
            hash.finalize().into()
        }
        Err(error) => of(&error.kind()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    struct Systems {
        top: tempfile::TempDir,
    }

    impl Systems {
        fn new() -> Systems {
            let systems = Systems {
                top: tempfile::tempdir().unwrap(),
            };
            for name in ["one", "two"] {
                systems.write(name, "etc/asked", "text");
                systems.write(name, "etc/other", "text");
            }
            systems.write("repository", "profiles/repo_name", "gentoo");
            systems
        }

        fn write(&self, system: &str, path: &str, text: &str) {
            let path = self.top.path().join(system).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn system(&self, name: &str) -> Chroot {
            Chroot::new(Some(self.top.path().join(name))).unwrap()
        }

        /// Whether the second answers what `ask` asks as the first did.
        fn agree(&self, ask: impl Fn(&Chroot)) -> bool {
            let (one, trace) = self.system("one").traced();
            ask(&one);
            let files = trace.take().unwrap();
            let mut two = Respondent::new(&self.system("two"));
            let agrees = two.agreeing_with(&files).is_some();
            let again = two.agreeing_with(&files).is_some();
            assert_eq!(again, agrees, "it is asked once");
            agrees
        }
    }

    fn content(chroot: &Chroot) {
        let _ = chroot.read_limited(Path::new("/etc/asked"), 100);
    }

    #[test]
    fn what_was_not_asked_makes_no_difference() {
        let systems = Systems::new();
        assert!(systems.agree(content));
        systems.write("two", "etc/other", "something else");
        systems.write("two", "etc/more", "");
        assert!(systems.agree(content));
        assert!(!systems.agree(|chroot| drop(chroot.list(Path::new("/etc")))));
        systems.write("two", "etc/asked", "TEXT");
        assert!(!systems.agree(content));
        let kind = |chroot: &Chroot| {
            let _ = chroot.kind(Path::new("/etc/asked"));
        };
        assert!(systems.agree(kind));
        fs::remove_file(systems.top.path().join("two/etc/asked")).unwrap();
        assert!(!systems.agree(kind));
    }

    #[test]
    fn what_is_read_by_others_has_to_be_the_same_file() {
        let systems = Systems::new();
        let open = |chroot: &Chroot| drop(chroot.open(Path::new("/etc/asked")));
        assert!(!systems.agree(open));
        let (one, trace) = systems.system("one").traced();
        drop(one.directory(Path::new("/etc")));
        assert!(trace.take().is_none(), "its entries are not known");
    }

    #[test]
    fn what_was_granted_is_granted_again() {
        let systems = Systems::new();
        let repository = fs::canonicalize(systems.top.path().join("repository")).unwrap();
        let ask = |chroot: &Chroot| {
            let file = repository.join("profiles/repo_name");
            assert_eq!(chroot.kind(&file), None);
            let granted = chroot.grant(&repository, GrantKind::Repository);
            let text = chroot.read_limited(&file, 100);
            assert_eq!(granted.is_ok(), text.is_ok());
            assert_eq!(chroot.common(&file).is_some(), granted.is_ok());
        };
        assert!(systems.agree(ask));
        let own = repository.strip_prefix("/").unwrap();
        let file = own.join("profiles/repo_name");
        systems.write("two", file.to_str().unwrap(), "gentoo");
        assert!(!systems.agree(ask), "it has one of its own");
    }
}
