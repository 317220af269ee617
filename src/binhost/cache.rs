//! bincheck's own cache of indexes, in the user's cache directory: keyed by the whole URI, written
//! atomically, safe for several runs at once.
