//! Families of processors, recognised by CHOST.

/// Processors that share one set of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// 32 and 64 bits.
    X86,
    /// 64-bit Arm.
    Arm64,
    /// RISC-V.
    Riscv,
    /// 64-bit PowerPC.
    Ppc64,
}

impl Family {
    /// The family that the tables spell so.
    pub(super) fn parse(text: &str) -> Option<Family> {
        match text {
            "x86" => Some(Family::X86),
            "arm64" => Some(Family::Arm64),
            "riscv" => Some(Family::Riscv),
            "ppc64" => Some(Family::Ppc64),
            _ => None,
        }
    }

    /// The family of a CHOST; `None` for one without tables.
    pub fn of_chost(chost: &str) -> Option<Family> {
        let machine = chost.split('-').next().unwrap_or_default();
        match machine {
            "x86_64" | "i386" | "i486" | "i586" | "i686" => Some(Family::X86),
            "aarch64" | "aarch64_be" => Some(Family::Arm64),
            "powerpc64" | "powerpc64le" => Some(Family::Ppc64),
            _ if machine.starts_with("riscv") => Some(Family::Riscv),
            _ => None,
        }
    }

    /// Names that scanelf has for the machines of ELF files which its processors run, of 64 and of 32 bits.
    pub(crate) fn elf_machines(self) -> [&'static str; 2] {
        match self {
            Family::X86 => ["X86_64", "386"],
            Family::Arm64 => ["AARCH64", "ARM"],
            Family::Riscv => ["RISCV"; 2],
            Family::Ppc64 => ["PPC64", "PPC"],
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Family::X86 => "x86",
            Family::Arm64 => "arm64",
            Family::Riscv => "riscv",
            Family::Ppc64 => "ppc64",
        }
    }
}

/// Whether the plain instructions of a CHOST are a part of every processor that can be named for it:
/// those of 64-bit x86 are, those of i686 are not.
pub(super) fn is_floor(chost: &str) -> bool {
    !chost.starts_with('i')
}
