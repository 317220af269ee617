//! Signals: what a run has half made is removed before the run ends, and a file that grows too large is an error.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

/// What people and other programs end a run with.
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// Let writing beyond the limit of a file's size (`ulimit -f`) fail as on a full disk, as in emerge, rather than end the run.
pub fn outlive_file_limit() {
    // If the system refuses, the run ends there.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// From when it is made, these signals do not end the run at once.
#[derive(Debug)]
pub struct Interrupt {
    /// The signal that came, or zero.
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Hold back signals until [`Interrupt::obey`].
    ///
    /// # Errors
    /// The system refuses.
    pub fn hold_back() -> io::Result<Interrupt> {
        let signal = Arc::new(AtomicUsize::new(0));
        for number in SIGNALS {
            let value = usize::try_from(number).unwrap_or(usize::MAX);
            flag::register_usize(number, Arc::clone(&signal), value)?;
        }
        Ok(Interrupt { signal })
    }

    /// See that no signal came.
    ///
    /// # Errors
    /// One came: what is being done is to be given up.
    pub fn check(&self) -> io::Result<()> {
        match self.signal.load(Ordering::SeqCst) {
            0 => Ok(()),
            // Not `ErrorKind::Interrupted`, after which readers and writers try again.
            _ => Err(io::Error::other("interrupted")),
        }
    }

    /// A stream that ends in an error once a signal came.
    pub fn watch<T>(&self, stream: T) -> Watched<'_, T> {
        Watched {
            stream,
            interrupt: self,
        }
    }

    /// Let the signal that came end the run, as it would have without delay.
    pub fn obey(self) {
        let signal = self.signal.load(Ordering::SeqCst);
        if let Some(signal) = i32::try_from(signal).ok().filter(|signal| *signal != 0) {
            // If that fails, the run ends with the error.
            let _ = low_level::emulate_default_handler(signal);
        }
    }
}

/// A stream that is read or written until a signal comes.
#[derive(Debug)]
pub struct Watched<'i, T> {
    stream: T,
    interrupt: &'i Interrupt,
}

impl<T: Read> Read for Watched<'_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupt.check()?;
        self.stream.read(buffer)
    }
}

impl<T: Write> Write for Watched<'_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.interrupt.check()?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
