//! What a run in this process writes to its two streams.

use std::fs::File;
use std::io::{Read, Seek};
use std::os::fd::OwnedFd;
use std::sync::{Mutex, Once, PoisonError};

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::dup;
use rustix::stdio::{dup2_stderr, dup2_stdout, stderr, stdout};

/// The streams as they were, while they lead elsewhere.
static BEFORE: Mutex<Option<(OwnedFd, OwnedFd)>> = Mutex::new(None);

/// Do something, and give what it wrote to standard output and standard error. One at a time.
pub fn output(work: impl FnOnce()) -> (Vec<u8>, Vec<u8>) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        // A panic is reported to whoever runs the target.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            hook(panic);
        }));
    });
    let (mut out, mut error) = (memory(), memory());
    redirect(&out, &error);
    work();
    restore();
    (written(&mut out), written(&mut error))
}

fn memory() -> File {
    memfd_create("stream", MemfdFlags::CLOEXEC)
        .expect("a file in memory")
        .into()
}

fn written(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind()
        .and_then(|()| file.read_to_end(&mut bytes))
        .expect("a file in memory");
    bytes
}

fn redirect(out: &File, error: &File) {
    let before = (dup(stdout()), dup(stderr()));
    let (Ok(before_out), Ok(before_error)) = before else {
        panic!("the streams of this process are closed");
    };
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some((before_out, before_error));
    dup2_stdout(out)
        .and_then(|()| dup2_stderr(error))
        .expect("streams lead elsewhere");
}

fn restore() {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((out, error)) = before {
        // There is nowhere to tell if that fails.
        let _ = (dup2_stdout(&out), dup2_stderr(&error));
    }
}
