//! A scripted server on loopback: it sends what a test says, byte for byte.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path with its query.
    pub path: String,
    /// Header lines, names in lower case.
    headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(key, _)| key == name);
        header.map(|(_, value)| value.as_str())
    }

    fn read(stream: &TcpStream) -> Option<Request> {
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next()?.ok()?;
        let headers = lines
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                let (name, value) = line.split_once(": ")?;
                Some((name.to_ascii_lowercase(), value.to_owned()))
            })
            .collect();
        Some(Request {
            path: first.split(' ').nth(1)?.to_owned(),
            headers,
        })
    }
}

/// What a server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Send these bytes and close.
    Bytes(Vec<u8>),
    /// Send these bytes and then nothing for a while.
    Stall(Vec<u8>),
    /// Send the head, and then a byte from time to time.
    Drip(Vec<u8>),
    /// Send the head, and then this part ten times a second.
    Trickle(Vec<u8>, Vec<u8>),
}

/// A status with headers (`"A: b\r\n"`) and a body of the right length.
pub fn reply(status: &str, headers: &str, body: &[u8]) -> Reply {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n"
    );
    Reply::Bytes([head.as_bytes(), body].concat())
}

/// `200` with a body.
pub fn ok(body: impl AsRef<[u8]>) -> Reply {
    reply("200 OK", "", body.as_ref())
}

/// An answer without body.
pub fn status(status: &str) -> Reply {
    reply(status, "", b"")
}

/// A server that runs until the process ends.
pub struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answer every request with what the script says.
    pub fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let script = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                thread::spawn(move || {
                    if let Some(request) = Request::read(&stream) {
                        seen.lock().unwrap().push(request.clone());
                        send(&stream, &script(&request));
                    }
                });
            }
        });
        Server { port, requests }
    }

    /// `http://127.0.0.1:PORT/path`
    pub fn uri(&self, path: &str) -> String {
        format!("http://{}/{path}", self.authority())
    }

    /// `127.0.0.1:PORT`
    pub fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The requests since the last call.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// Their paths.
    pub fn take_paths(&self) -> Vec<String> {
        self.take_requests()
            .into_iter()
            .map(|request| request.path)
            .collect()
    }
}

/// A client may hang up before it has everything, so failures to send are not failures here.
fn send(mut stream: &TcpStream, reply: &Reply) {
    match reply {
        Reply::Bytes(bytes) => drop(stream.write_all(bytes)),
        Reply::Stall(bytes) => {
            drop(stream.write_all(bytes));
            thread::sleep(Duration::from_secs(20));
        }
        Reply::Drip(head) => {
            drop(stream.write_all(head));
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(50));
            }
        }
        Reply::Trickle(head, chunk) => {
            drop(stream.write_all(head));
            while stream.write_all(chunk).is_ok() {
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
    drop(stream.shutdown(Shutdown::Both));
}
