//! The master key is changed while the service runs, by the commands that docs/keys.md names.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says what it did")]

use e2e::{Client, Program, binary};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The service over the data of a demo that has ended; taken down with the test.
struct Service(Child);

impl Service {
    fn start(program: &Program) -> Service {
        let mut command = Command::new(binary().unwrap());
        command.args(["serve", "--port", &program.port().to_string(), "--data"]).arg(program.data());
        let service = Service(command.stdout(Stdio::null()).spawn().unwrap());
        until("the service answers", || program.client().get("/sign-in").is_ok());
        service
    }

    fn hang_up(&self) {
        let told = Command::new("kill").args(["-HUP", &self.0.id().to_string()]).status().unwrap();
        assert!(told.success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            drop(self.0.wait());
        }
    }
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what}: not within twenty seconds");
}

fn keys(program: &Program, arguments: &[&str]) -> (bool, String) {
    let out = program.run(&[&["keys"], arguments].concat()).unwrap();
    let said = [out.stdout, out.stderr].concat();
    (out.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A report with a telephone number; its link.
fn report(resident: &Client, code: &str, phone: &str) -> String {
    let sent =
        resident.post(&format!("/q/{code}"), &[("text", "三楼楼道灯不亮"), ("contact", phone)]).unwrap();
    assert_eq!(sent.status, 303, "{}", sent.body);
    sent.location().unwrap().split('?').next().unwrap().to_owned()
}

#[test]
fn the_master_key_is_changed_without_a_pause() {
    let mut program = Program::demo().unwrap();
    let code = program.ready().codes.opinion.clone();
    let before = report(&program.client(), &code, "13800138000");
    assert!(program.stop().unwrap().success());
    let service = Service::start(&program);

    let (_, listed) = keys(&program, &["list"]);
    assert!(listed.contains("Every key of a person is under master key 1."), "{listed}");
    let (added, said) = keys(&program, &["add"]);
    assert!(added, "{said}");
    let (_, listed) = keys(&program, &["list"]);
    assert!(listed.contains("wait to be wrapped under master key 2."), "{listed}");
    let (dropped, said) = keys(&program, &["drop", "1"]);
    assert!(!dropped && said.contains("not under the newest master key yet"), "{said}");

    // Told of it, the service goes on with both, and wraps what is there anew; residents notice nothing.
    service.hang_up();
    let resident = program.client();
    let mut n = 0;
    until("all keys are wrapped anew", || {
        n += 1;
        assert_eq!(resident.get(&before).unwrap().status, 200);
        report(&resident, &code, &format!("1391111{n:04}"));
        keys(&program, &["list"]).1.contains("Every key of a person is under master key 2.")
    });
    let (dropped, said) = keys(&program, &["drop", "1"]);
    assert!(dropped, "{said}");
    let (newest, said) = keys(&program, &["drop", "2"]);
    assert!(!newest, "the one in use stays: {said}");

    // Who signs in has a second factor that was sealed under the old key; who reported, a telephone number.
    drop(service);
    let service = Service::start(&program);
    assert_eq!(resident.get(&before).unwrap().status, 200);
    let coordinator = program.client();
    coordinator.sign_in(program.ready().account("coordinator").unwrap()).unwrap();
    drop(service);
    let checked = program.run(&["verify"]).unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn keys_come_from_a_command_or_not_at_all() {
    let mut program = Program::demo().unwrap();
    assert!(program.stop().unwrap().success());
    let (file, conf) = (program.data().join("keys.txt"), program.data().join("keys.conf"));
    let away = program.data().with_file_name("elsewhere.txt");
    std::fs::rename(&file, &away).unwrap();
    let (found, said) = keys(&program, &["list"]);
    assert!(!found && said.contains("keys.txt cannot be read"), "{said}");
    std::fs::write(&conf, format!("keys.command = /bin/cat {}\n", away.display())).unwrap();
    let (found, said) = keys(&program, &["list"]);
    assert!(found && said.contains("the key command /bin/cat"), "{said}");
    let (added, said) = keys(&program, &["add"]);
    assert!(!added && said.contains("--out FILE"), "{said}");
    let out = program.data().with_file_name("newer.txt");
    assert!(keys(&program, &["add", "--out", out.to_str().unwrap()]).0);
    std::fs::write(&conf, format!("keys.file = {}\nkeys.suite = national\n", out.display())).unwrap();
    let served = program.restart();
    assert!(served.unwrap_err().contains("keys.suite"), "another suite than it began with");
    std::fs::write(&conf, format!("keys.file = {}\n", out.display())).unwrap();
    program.restart().unwrap();
    let coordinator = program.client();
    coordinator.sign_in(program.ready().account("coordinator").unwrap()).unwrap();
}
