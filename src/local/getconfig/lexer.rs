//! Tokens: what Python's `shlex` makes of a text with Portage's alphabet.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};

use super::expand::{Breaks, expand};
use crate::chroot::Chroot;
use crate::source::Source;

/// How deep files may source one another. Portage stops where it may open no more files.
const MAX_DEPTH: usize = 32;

/// How many files may be sourced altogether.
const MAX_SOURCED: usize = 1_000;

/// A word and its place.
#[derive(Clone, Debug)]
pub(super) struct ShellToken {
    pub text: String,
    pub file: Arc<Path>,
    /// The line of its first character.
    pub line: u32,
    /// Where it goes on on further lines.
    pub breaks: Breaks,
}

impl ShellToken {
    pub fn source(&self) -> Source {
        Source::Line(Arc::clone(&self.file), self.line)
    }
}

/// One file that is being read.
struct Stream {
    file: Arc<Path>,
    text: String,
    position: usize,
    line: u32,
}

impl Stream {
    /// Line ends become line feeds, as in files that Python opens as text.
    fn new(path: &Path, text: String) -> Stream {
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text
        };
        Stream {
            file: path.into(),
            text,
            position: 0,
            line: 1,
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text.get(self.position..)?.chars().next()?;
        self.position += c.len_utf8();
        self.line += u32::from(c == '\n');
        Some(c)
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|c| c != '\n') {}
    }

    fn token(&self) -> ShellToken {
        ShellToken {
            text: String::new(),
            file: Arc::clone(&self.file),
            line: self.line,
            breaks: Vec::new(),
        }
    }

    fn push(&self, token: &mut ShellToken, c: char) {
        token.text.push(c);
        if c == '\n' {
            token.breaks.push((token.text.len(), self.line));
        }
    }

    /// The rest of a quotation that began with `quote`.
    fn quoted(&mut self, quote: char, token: &mut ShellToken) -> anyhow::Result<()> {
        while let Some(c) = self.next() {
            if c == quote {
                return Ok(());
            }
            if c != '\\' || quote == '\'' {
                self.push(token, c);
                continue;
            }
            let Some(escaped) = self.next() else { break };
            if escaped != '"' && escaped != '\\' {
                token.text.push('\\');
            }
            self.push(token, escaped);
        }
        bail!(
            "{}: the quotation that begins here has no end",
            token.source()
        )
    }
}

/// Tokens of a file and of those that it sources.
pub(super) struct Lexer<'a> {
    chroot: &'a Chroot,
    streams: Vec<Stream>,
    /// A character that ended a word and is the next token itself.
    pending: Option<ShellToken>,
    allow_source: bool,
    sourced: usize,
    /// Whether the last word ended because its file did.
    at_end: bool,
}

impl<'a> Lexer<'a> {
    pub fn new(chroot: &'a Chroot, path: &Path, mut text: String, allow_source: bool) -> Self {
        text.push('\n');
        Lexer {
            chroot,
            streams: vec![Stream::new(path, text)],
            pending: None,
            allow_source,
            sourced: 0,
            at_end: false,
        }
    }

    /// The next token; `source FILE` is followed, wherever it stands.
    pub fn next(&mut self, map: &HashMap<String, String>) -> anyhow::Result<Option<ShellToken>> {
        loop {
            if let Some(token) = self.pending.take() {
                return Ok(Some(token));
            }
            match self.word()? {
                Some(token) if self.allow_source && token.text == "source" => {
                    self.source(&token, map)?;
                }
                Some(token) => return Ok(Some(token)),
                None if self.streams.len() > 1 => {
                    self.streams.pop();
                }
                None => return Ok(None),
            }
        }
    }

    fn word(&mut self) -> anyhow::Result<Option<ShellToken>> {
        let Some(stream) = self.streams.last_mut() else {
            return Ok(None);
        };
        let mut token = None;
        self.at_end = false;
        loop {
            let begin = stream.token();
            match stream.next() {
                None => {
                    self.at_end = true;
                    break;
                }
                Some(' ' | '\t' | '\r' | '\n') if token.is_none() => {}
                Some(' ' | '\t' | '\r' | '\n') => break,
                Some('#') => {
                    stream.skip_line();
                    if token.is_some() {
                        break;
                    }
                }
                Some(quote @ ('"' | '\'')) => {
                    stream.quoted(quote, token.get_or_insert(begin))?;
                }
                Some('\\') => {
                    let Some(c) = stream.next() else {
                        bail!("{}: nothing follows the backslash", begin.source());
                    };
                    stream.push(token.get_or_insert(begin), c);
                }
                Some(c) if is_word(c) => token.get_or_insert(begin).text.push(c),
                Some(c) => {
                    let mut single = begin;
                    single.text.push(c);
                    if token.is_none() {
                        return Ok(Some(single));
                    }
                    self.pending = Some(single);
                    break;
                }
            }
        }
        Ok(token)
    }

    /// Go on in another file.
    fn source(
        &mut self,
        keyword: &ShellToken,
        map: &HashMap<String, String>,
    ) -> anyhow::Result<()> {
        let place = keyword.source();
        let Some(name) = self.word()? else {
            bail!("{place}: 'source' needs a file");
        };
        // At the very end of a sourced file, without a line feed, Portage's reader opens the file and
        // takes nothing from it.
        let ignored = self.at_end;
        let name = expand(&name.text, &[], map).map_or(String::new(), |(text, _)| text);
        if name.is_empty() {
            bail!("{place}: 'source' needs a file");
        }
        let path = keyword.file.parent().unwrap_or(Path::new("/")).join(name);
        self.sourced += 1;
        if self.streams.len() >= MAX_DEPTH || self.sourced > MAX_SOURCED {
            bail!(
                "{place}: too many files are sourced; does {} source itself?",
                path.display()
            );
        }
        let text = self
            .chroot
            .read_text_once(&path)
            .with_context(|| format!("{place}: cannot source {}", path.display()))?;
        if !ignored {
            self.streams.push(Stream::new(&path, text));
        }
        Ok(())
    }
}

/// Characters that make up words; any other is a word of its own.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || r"~!@#$%*_\:;?,./-+{}".contains(c)
}
