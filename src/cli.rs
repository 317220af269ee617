//! What can be typed; no behaviour.
