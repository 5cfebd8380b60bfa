//! A disk that is full, a folder that cannot be written, a database that somebody else holds: a clear answer,
//! nothing lost, and no hand needed afterwards.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use e2e::{Client, Page, Program, binary};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A small disk of one's own.
struct Disk(TempDir);

impl Disk {
    /// `None` where this user may not mount one.
    fn of_megabytes(size: u32) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("size={size}m"), "tmpfs"], folder.path());
        #[expect(clippy::print_stdout, reason = "a story that is not told says why")]
        if !mounted {
            println!("skipped: this user may not mount a disk");
        }
        mounted.then_some(Disk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn again_as(&self, how: &str) {
        assert!(mount(&["-o", &format!("remount,{how}")], self.path()), "remounting {how}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.path()).status());
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    Command::new("mount").args(arguments).arg(at).output().is_ok_and(|done| done.status.success())
}

fn report(client: &Client, code: &str, n: usize) -> Page {
    let (once, text) = (format!("{n:032x}"), format!("第{n}句：楼道灯不亮"));
    client.post(&format!("/q/{code}"), &[("once", &once), ("text", &text)]).unwrap()
}

fn link(page: &Page) -> String {
    page.location().unwrap().split('?').next().unwrap().to_owned()
}

/// Fills a disk to the last byte.
fn fill(path: PathBuf) -> PathBuf {
    let mut file = File::create(&path).unwrap();
    for size in [1 << 20, 4 << 10, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
    path
}

fn is_whole(program: &Program) {
    let verified = program.run(&["verify", "--json"]).unwrap();
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && told.contains("\"whole\":true"), "{told}");
}

/// The disk fills up while people report: those who cannot be kept are told so, reading goes on, and with room
/// on the disk the next report goes in. Its log lies on the same disk.
#[test]
fn a_full_disk() {
    let Some(disk) = Disk::of_megabytes(96) else { return };
    let program = Program::demo_in(disk.path()).unwrap();
    let (client, code) = (program.client(), program.ready().codes.opinion.clone());
    let mut kept = vec![link(&report(&client, &code, 0))];
    let mut n = 0;
    for _ in 0..2 {
        let filler = fill(disk.path().join("filler"));
        let mut refused = 0;
        while refused < 5 {
            n += 1;
            assert!(n < 20_000, "the disk is full, and everything is kept all the same");
            let answer = report(&client, &code, n);
            match answer.status {
                303 => kept.push(link(&answer)),
                503 => {
                    assert!(answer.body.contains("再试") || answer.body.contains("电话"), "{}", answer.body);
                    refused += 1;
                }
                other => panic!("{other}: {}", answer.body),
            }
        }
        assert_eq!(client.get(&kept[0]).unwrap().status, 200, "reading goes on");
        assert_eq!(client.get(&format!("/q/{code}")).unwrap().status, 200);
        std::fs::remove_file(filler).unwrap();
        let answer = report(&client, &code, n);
        assert_eq!(answer.status, 303, "there is room again: {}", answer.body);
        kept.push(link(&answer));
    }
    for link in &kept {
        assert_eq!(client.get(link).unwrap().status, 200, "{link}");
    }
    is_whole(&program);
}

/// A folder that cannot be written: one sentence, no half start; writable again, everything is there.
#[test]
fn a_read_only_folder() {
    let Some(disk) = Disk::of_megabytes(96) else { return };
    let mut program = Program::demo_in(disk.path()).unwrap();
    let (client, code) = (program.client(), program.ready().codes.opinion.clone());
    let kept = link(&report(&client, &code, 1));
    program.stop().unwrap();
    disk.again_as("ro");
    for command in [["serve", "--port=0"].as_slice(), &["demo", "--no-serve"]] {
        // A program that serves all the same is ended, and says nothing then.
        let mut tried = Command::new("timeout");
        let told = tried
            .arg("20")
            .arg(binary().unwrap())
            .args(command)
            .arg("--data")
            .arg(program.data())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.starts_with("pianqu: ") && said.trim().lines().count() == 1, "{said}");
        assert!(said.contains("cannot be written"), "{said}");
    }
    disk.again_as("rw");
    program.restart().unwrap();
    assert_eq!(program.client().get(&kept).unwrap().status, 200);
    is_whole(&program);
}

/// Another process holds the database for writing: reading goes on, who reports is told in their own language,
/// a whole crowd within one wait; and once it lets go, the next report goes in.
#[test]
fn a_database_that_is_locked() {
    let program = Program::demo().unwrap();
    let code = &program.ready().codes.opinion;
    let other = rusqlite::Connection::open(program.data().join("pianqu.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for n in 0..12 {
            let (lang, words) = if n % 2 == 0 { ("zh-CN", "再试") } else { ("en", "again") };
            let client = program.client().with("accept-language", lang);
            scope.spawn(move || {
                assert_eq!(client.get(&format!("/q/{code}")).unwrap().status, 200, "reading goes on");
                let answer = report(&client, code, n);
                assert_eq!(answer.status, 503);
                assert!(answer.body.contains(words), "{lang}: {}", answer.body);
            });
        }
    });
    // Five seconds of patience, and as much again for who came while the first waited; not twelve times that.
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "a crowd waits one after another: {:?}",
        began.elapsed()
    );
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    for n in 0..12 {
        assert_eq!(report(&program.client(), code, n).status, 303, "the same reports, sent again");
    }
    is_whole(&program);
}
