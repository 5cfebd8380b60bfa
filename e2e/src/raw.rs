//! Bytes on a connection, as no browser would send them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

/// What came back on one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The statuses of all answers, in order.
    pub statuses: Vec<u16>,
    /// Whether the program closed the connection within the patience.
    pub closed: bool,
}

/// Sends bytes to a port of this machine, as far as they are taken, and reads until the program closes the
/// connection or `patience` is over.
///
/// # Errors
/// A sentence when there is nobody to connect to.
pub fn exchange(port: u16, bytes: &[u8], patience: Duration) -> Result<Exchange, String> {
    let failed = |e: std::io::Error| format!("port {port}: {e}");
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    let until = Instant::now() + patience;
    stream.set_write_timeout(Some(patience)).map_err(failed)?;
    // A program that has heard enough may close before everything is sent.
    let sent = stream.write_all(bytes);
    let mut got = Vec::new();
    let mut part = [0; 16 * 1024];
    let closed = loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break false;
        }
        stream.set_read_timeout(Some(left)).map_err(failed)?;
        match stream.read(&mut part) {
            Ok(0) => break true,
            Ok(n) => got.extend_from_slice(&part[..n]),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                break sent.is_err();
            }
            Err(_) => break true,
        }
    };
    Ok(Exchange { statuses: statuses(&got), closed })
}

/// The statuses of the answers in a stream of bytes.
fn statuses(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    text.split("HTTP/1.1 ").skip(1).filter_map(|after| after.get(..3)?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted() {
        let two = b"HTTP/1.1 404 Not Found\r\n\r\nx\r\nHTTP/1.1 400 Bad Request\r\n\r\n";
        assert_eq!(statuses(two), [404, 400]);
        assert_eq!(statuses(b""), Vec::<u16>::new());
    }
}
