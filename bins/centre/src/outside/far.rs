//! The other end of a way out by https, as far as its certificate goes: shaken hands with, and told nothing.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, pem};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::way::Way;

/// An end that shows a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Far {
    /// The way that leads there.
    pub(crate) way: String,
    /// The certificates that its own must come from, in PEM; those that browsers trust where nothing is set.
    pub(crate) ca: Option<String>,
    host: String,
    port: u16,
    patience: Duration,
}

/// What it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// One that we trust, in DER.
    Certificate(Vec<u8>),
    /// One that we do not trust, and why.
    Refused(String),
    /// It was not reached, or speaks something else.
    Nothing,
}

impl Far {
    /// The end of a way by https.
    pub(super) fn of(name: &str, way: &Way) -> Option<Self> {
        let Way::Http(post) = way else { return None };
        let address: ureq::http::Uri = post.url.parse().ok()?;
        let host = address.host()?.trim_matches(['[', ']']).to_owned();
        let port = address.port_u16().unwrap_or(443);
        let far = Self { way: name.to_owned(), ca: post.ca.clone(), host, port, patience: post.patience };
        (address.scheme_str() == Some("https")).then_some(far)
    }

    /// Asks it for its certificate. Blocks for a few times the patience of the way at most.
    pub(crate) fn shown(&self) -> Shown {
        match self.shake_hands() {
            Ok(der) => Shown::Certificate(der),
            Err(error) => match error.get_ref().and_then(|error| error.downcast_ref()) {
                Some(rustls::Error::InvalidCertificate(why)) => Shown::Refused(why.to_string()),
                _ => Shown::Nothing,
            },
        }
    }

    fn shake_hands(&self) -> std::io::Result<Vec<u8>> {
        let mut trusted = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = &self.ca {
            let ours = certificates_in(pem.as_bytes()).map_err(std::io::Error::other)?;
            trusted = RootCertStore::empty();
            trusted.add_parsable_certificates(ours.into_iter().map(CertificateDer::from));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(std::io::Error::other)?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let name = ServerName::try_from(self.host.clone()).map_err(std::io::Error::other)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(std::io::Error::other)?;
        let address = (self.host.as_str(), self.port).to_socket_addrs()?.next();
        let address = address.ok_or(std::io::ErrorKind::NotFound)?;
        let socket = TcpStream::connect_timeout(&address, self.patience)?;
        socket.set_read_timeout(Some(self.patience))?;
        socket.set_write_timeout(Some(self.patience))?;
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        let shown = stream.conn.peer_certificates().and_then(|chain| chain.first()).map(|first| first.to_vec());
        // Politely: it sees an end, not a break.
        stream.conn.send_close_notify();
        let _ = stream.conn.complete_io(&mut stream.sock);
        shown.ok_or_else(|| std::io::ErrorKind::InvalidData.into())
    }
}

/// The certificates in a text, in DER.
///
/// # Errors
/// One of them is none.
pub(crate) fn certificates_in(pem: &[u8]) -> Result<Vec<Vec<u8>>, pem::Error> {
    CertificateDer::pem_slice_iter(pem).map(|found| found.map(|der| der.to_vec())).collect()
}
