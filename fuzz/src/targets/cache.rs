//! bincheck's own files: copies of indexes, and what is known of packages.

use bincheck::binhost::fuzzing;

use super::scratch::Scratch;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let kind = input.choose(&[0, 1, 2, 3]);
    match kind {
        0 => drop(fuzzing::cached_facts(input.rest())),
        // With a head that fits whatever follows.
        1 => {
            let mut crc = flate2::Crc::new();
            crc.update(input.rest());
            let head = format!("{{\"format\":1,\"crc\":{}}}\n", crc.sum());
            drop(fuzzing::cached_facts(
                &[head.as_bytes(), input.rest()].concat(),
            ));
        }
        2 => Scratch::with(|scratch| {
            let path = scratch.write("copy", input.rest());
            let _ = fuzzing::cached_index(&path);
        }),
        _ => Scratch::with(|scratch| {
            let text = input.text();
            let stored = fuzzing::store_index(&scratch.path("copies"), &text);
            assert_eq!(
                stored.ok().flatten().as_deref(),
                Some(&*text),
                "what is stored comes back"
            );
        }),
    }
}
