//! Git over SSH, on OpenSSH's own server.

use crate::place::Place;
use crate::process::{Process, tool};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A server that lets one key in, and its keys.
struct Server {
    process: Process,
    host_key: String,
}

impl Server {
    fn start(place: &Place) -> Server {
        let folder = place.path("ssh");
        fs::create_dir_all(&folder).unwrap();
        for name in ["host", "key", "other"] {
            let path = folder.join(name);
            let made =
                Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status().unwrap();
            assert!(made.success());
        }
        fs::copy(folder.join("key.pub"), folder.join("authorized")).unwrap();
        let process = Process::start(&folder.join("log"), |port| {
            let at = folder.display();
            let text = format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nPidFile none\nAuthorizedKeysFile {at}/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
            );
            fs::write(folder.join("config"), text).unwrap();
            command(&folder)
        });
        let host_key = fs::read_to_string(folder.join("host.pub")).unwrap();
        Server { process, host_key: host_key.split(' ').take(2).collect::<Vec<_>>().join(" ") }
    }
}

/// As an ordinary user the server runs as it is. As root it wants a user and a directory of its own, which it gets in a mount namespace
/// that ends with it.
fn command(folder: &Path) -> Command {
    let sshd = tool("ORDAIN_SSHD");
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let mut command = Command::new(if root { Path::new("unshare") } else { &sshd });
    if root {
        let users = fs::read_to_string("/etc/passwd").unwrap();
        fs::write(folder.join("passwd"), format!("{users}sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n")).unwrap();
        let script = "mount -t tmpfs none /run && mkdir -m 755 /run/sshd && mount --bind \"$1\" /etc/passwd && shift && exec \"$@\"";
        command.args(["--mount", "sh", "-c", script, "sh"]).arg(folder.join("passwd")).arg(&sshd);
    }
    if let Some(libraries) = std::env::var_os("ORDAIN_SSHD_LIBRARIES") {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    command.args(["-D", "-e", "-f"]).arg(folder.join("config"));
    command
}

#[test]
fn keys_and_known_hosts_are_those_of_ssh() {
    let mut place = Place::new();
    place.publish("1.0.0", 30);
    let server = Server::start(&place);
    let port = server.process.port;
    let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    let base = place.path("srv/base.git").display().to_string();
    place.profile(&format!("git::ssh://{}@127.0.0.1:{port}{base}//logs", user.trim()), Some("~> 1.0"));
    place.write("ssh/known", "");
    let ssh = |key: &str| {
        let at = place.path("ssh");
        let at = at.display();
        format!(
            "ssh -F /dev/null -i {at}/{key} -o UserKnownHostsFile={at}/known -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o BatchMode=yes"
        )
    };
    let (right, wrong) = (ssh("key"), ssh("other"));
    place.variable("GIT_SSH_COMMAND", &right);
    place.bad("modules update", "unreachable-module", &["Git says: "]);
    place.write("ssh/known", &format!("[127.0.0.1]:{port} {}\n", server.host_key));
    place.good("modules update");
    place.forget();
    place.good("validate");
    assert_eq!(place.locked("version"), "1.0.0");
    place.forget();
    place.variable("GIT_SSH_COMMAND", &wrong);
    place.bad("validate", "unreachable-module", &["Permission denied"]);
}
