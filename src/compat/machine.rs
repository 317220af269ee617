//! What code has to run on, and how that is known.

use std::fmt;

use crate::cpu::{Family, Features, Processor, level, of_cflags, of_use};

/// How it is known what the machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CpuSource {
    /// `/proc/cpuinfo` of this machine.
    Processor,
    /// `--cpu NAME`
    Cpu(String),
    /// `--cpuinfo FILE`
    Cpuinfo(String),
    /// The configuration of a system that is judged from elsewhere, by its `-march`.
    Config(Option<String>),
}

/// The machine that packages are to run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// How it is known.
    pub measure: CpuSource,
    /// CHOST of the configuration.
    pub chost: String,
    /// Its processors; `None` for those without tables.
    pub family: Option<Family>,
    /// What they have.
    pub features: Features,
    /// Whether they have nothing else.
    pub complete: bool,
    /// What the processor calls itself.
    pub model: Option<String>,
}

/// A `--cpu` that no table knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCpu(pub String);

impl fmt::Display for UnknownCpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--cpu: no table knows the processor {:?}", self.0)
    }
}

impl std::error::Error for UnknownCpu {}

impl Machine {
    /// By `/proc/cpuinfo` or a file like it.
    pub fn of_processor(processor: Processor, measure: CpuSource, chost: &str) -> Machine {
        Machine {
            measure,
            chost: chost.to_owned(),
            family: Some(processor.family),
            features: processor.features,
            complete: true,
            model: processor.model,
        }
    }

    /// By name, as `-march=` or `-mcpu=` takes it.
    ///
    /// # Errors
    /// No table knows the name.
    pub fn of_name(name: &str, chost: &str) -> Result<Machine, UnknownCpu> {
        let unknown = || UnknownCpu(name.to_owned());
        let is_word = !name.is_empty() && !name.contains(char::is_whitespace);
        let options = format!("-march={name}");
        let target = is_word.then(|| of_cflags(&options, chost)).flatten();
        let target = target.filter(|target| target.doubts.is_empty());
        let target = target.ok_or_else(unknown)?;
        Ok(Machine {
            measure: CpuSource::Cpu(name.to_owned()),
            chost: chost.to_owned(),
            family: Some(target.family),
            features: target.features,
            complete: true,
            model: None,
        })
    }

    /// By the configuration: CFLAGS, and CPU_FLAGS_* (as USE flags) where CFLAGS name no processor.
    pub fn of_config(cflags: &str, cpu_flags: &str, chost: &str) -> Machine {
        let target = of_cflags(cflags, chost);
        let name = target.as_ref().and_then(|target| target.name.clone());
        let family = target.as_ref().map(|target| target.family);
        let complete = target
            .as_ref()
            .is_some_and(|target| target.name.is_some() && target.doubts.is_empty());
        let mut features = target.map_or(Features::NONE, |target| target.features);
        if let Some(family) = family.filter(|_| !complete) {
            features = features.or(of_use(family, cpu_flags));
        }
        Machine {
            measure: CpuSource::Config(name),
            chost: chost.to_owned(),
            family,
            features,
            complete,
            model: None,
        }
    }

    /// The measure in words.
    pub fn describe(&self) -> String {
        let level = level(self.features).filter(|_| self.family == Some(Family::X86));
        let more: Vec<&str> = self.model.as_deref().into_iter().chain(level).collect();
        let more = if more.is_empty() {
            String::new()
        } else {
            format!(" ({})", more.join("; "))
        };
        match &self.measure {
            CpuSource::Processor => format!("this processor{more}"),
            CpuSource::Cpu(name) => format!("--cpu {name}"),
            CpuSource::Cpuinfo(file) => format!("{file}{more}"),
            CpuSource::Config(Some(name)) if self.complete => {
                format!("-march={name} of its configuration")
            }
            CpuSource::Config(Some(name)) => format!(
                "its configuration, whose -march={name} does not tell the processor; see --cpu"
            ),
            CpuSource::Config(None) => {
                "its configuration, which names no processor; see --cpu".to_owned()
            }
        }
    }

    /// Who lacks something, in a sentence.
    pub(super) fn subject(&self) -> String {
        match &self.measure {
            CpuSource::Processor => "this processor".to_owned(),
            CpuSource::Cpu(name) => name.clone(),
            CpuSource::Cpuinfo(_) => "that processor".to_owned(),
            CpuSource::Config(name) => name.clone().unwrap_or_else(|| "the machine".to_owned()),
        }
    }
}
