//! Who is rung when: a gateway that is down and up again, nights, bursts, residents' telephones.

use crate::stage::{PRECINCT, SECTION, SUBDISTRICT, Stage, at, on_both, said, who};
use app::{Account, Channels, Incoming, NewChoice, NewDistrict, Say, SystemPage, hash_password};
use domain::access::{Grant, Role};
use domain::notices::{About, Addressee, Channel, Courier, Parcel, Subject, Undelivered, What};
use domain::problems::{Command, NewTask};
use domain::{Actor, CaseNo, Context};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Minutes of an hour.
const HOUR: i64 = 60;

/// How the other side of the gateway behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Up,
    Down,
    /// Takes the parcel, and its answer is lost on the way.
    Mute,
    Refusing,
}

/// A gateway with a memory.
struct Gateway {
    mood: Mutex<Mood>,
    got: Mutex<Vec<Parcel>>,
    residents: bool,
}

impl Courier for Gateway {
    fn channel(&self) -> Channel {
        Channel::Hook
    }

    fn serves_residents(&self) -> bool {
        self.residents
    }

    fn carry(&self, parcel: &Parcel) -> Result<(), Undelivered> {
        let mood = *self.mood.lock().unwrap();
        if matches!(mood, Mood::Up | Mood::Mute) {
            self.got.lock().unwrap().push(parcel.clone());
        }
        match mood {
            Mood::Up => Ok(()),
            Mood::Down | Mood::Mute => Err(Undelivered::Down("nobody answers".into())),
            Mood::Refusing => Err(Undelivered::Refused("no such number".into())),
        }
    }
}

impl Gateway {
    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// What arrived, each letter once by its key, in the order of their first arrival.
    fn letters(&self) -> Vec<Parcel> {
        let mut seen = BTreeMap::new();
        for (n, parcel) in self.got.lock().unwrap().iter().enumerate() {
            let (_, first) = seen.entry(parcel.key.clone()).or_insert((n, parcel.clone()));
            assert_eq!(first, parcel, "under one key always the same letter");
        }
        let mut letters: Vec<_> = seen.into_values().collect();
        letters.sort_by_key(|l| l.0);
        letters.into_iter().map(|l| l.1).collect()
    }

    /// The notices that arrived: what, about which thing.
    fn lines(&self) -> Vec<(What, String)> {
        self.letters().into_iter().flat_map(|p| p.lines).map(|l| (l.what, l.thing)).collect()
    }
}

/// The stage with a gateway, and an officer of the section who wants messages.
fn with_gateway(stage: &Stage, residents: bool) -> Arc<Gateway> {
    let accounts = [Role::SectionOfficer, Role::PrecinctCoordinator, Role::SystemAdmin].map(|role| Account {
        id: who(role).staff,
        login: role.key().into(),
        name: "某".into(),
        password: hash_password("南昌路 178", &[3; 16]).unwrap(),
        totp: b"12345678901234567890".to_vec(),
        grants: who(role).grants,
    });
    let ctx = Context::new(at(0), Actor::System, [9; 32]);
    NewDistrict { staff: accounts.into(), ..NewDistrict::default() }
        .keep(stage.app.store(), &crate::stage::keys(), &ctx, at(-HOUR))
        .unwrap();
    stage.app.refresh().unwrap();
    let gateway = Arc::new(Gateway { mood: Mutex::new(Mood::Up), got: Mutex::default(), residents });
    stage.app.connect(Channels::new(vec![gateway.clone()], "https://pianqu.example/"));
    choose(stage, Role::SectionOfficer, NewChoice { hook: "wang".into(), ..NewChoice::default() });
    gateway
}

fn choose(stage: &Stage, role: Role, choice: NewChoice) {
    stage.wait(stage.app.choose(&who(role), choice)).unwrap();
}

/// Puts the clock to some minutes after the beginning and carries out what is due; nothing else runs.
fn carry(stage: &Stage, minutes: i64) {
    stage.clock.set(at(minutes));
    stage.app.deliver_all().unwrap();
}

fn given(no: CaseNo) -> (What, String) {
    (What::Given, format!("件 {}", no.spoken()))
}

fn system(stage: &Stage) -> SystemPage {
    stage.wait(stage.app.system_page(&who(Role::SystemAdmin))).unwrap()
}

on_both! {
    /// Several in ten minutes are one letter; it says which things and where, and nothing of what anybody wrote.
    fn a_burst_is_one_letter(stage) {
        let gateway = with_gateway(stage, false);
        let cases: Vec<CaseNo> = (1..=4).map(|n| stage.report("三楼楼道灯不亮", n).no).collect();
        for (minute, no) in (0..).zip(&cases) {
            stage.clock.set(at(minute));
            stage.dispatch(*no);
        }
        carry(stage, 9);
        assert_eq!(gateway.letters(), []);
        carry(stage, 10);
        let letters = gateway.letters();
        assert_eq!(letters.len(), 1);
        assert_eq!(gateway.lines(), cases.iter().map(|no| given(*no)).collect::<Vec<_>>());
        assert_eq!((letters[0].to.as_str(), letters[0].resident, letters[0].urgent), ("wang", false, false));
        assert!(letters[0].text.contains(&format!("https://pianqu.example/console/cases/{}\n", cases[0])), "{}", letters[0].text);
        assert!(!letters[0].text.contains("楼道"), "what a resident wrote stays in the house");
        carry(stage, 60);
        assert_eq!(gateway.letters().len(), 1);
    }

    /// The night is quiet, but danger rings: at once, and alone. The rest comes in the morning, in one letter.
    fn at_night_only_danger_rings(stage) {
        let gateway = with_gateway(stage, false);
        choose(stage, Role::PrecinctCoordinator, NewChoice { hook: "li".into(), ..NewChoice::default() });
        let no = stage.report("三楼楼道灯不亮", 1).no;
        stage.dispatch(no);
        carry(stage, 10);
        assert_eq!(gateway.lines(), [given(no)]);
        // Twenty past eight in the evening, then eleven.
        stage.clock.set(at(11 * HOUR + 20));
        let other = stage.report("门口路灯不亮", 2).no;
        stage.dispatch(other);
        stage.clock.set(at(14 * HOUR));
        let danger = stage.report("楼道里有煤气味，有人晕倒了", 3).no;
        carry(stage, 14 * HOUR);
        let lines = gateway.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[1].0.is_urgent() && lines[1].1 == format!("件 {}", danger.spoken()), "{lines:?}");
        let rung = gateway.letters().pop().unwrap();
        assert!(rung.urgent && rung.to == "li");
        carry(stage, 23 * HOUR - 1);
        assert_eq!(gateway.lines().len(), 2, "one minute before eight");
        carry(stage, 23 * HOUR);
        assert_eq!(gateway.lines()[2..], [given(other)]);
    }

    /// A gateway is down for half a day, mute for a while, and up again: nothing is lost, and under its key
    /// nothing comes twice. While it is down it is tried less and less often, whoever waits for it.
    fn down_and_up_again(stage) {
        let gateway = with_gateway(stage, false);
        choose(stage, Role::SectionOfficer, NewChoice { hook: "wang".into(), digest: "0".into(), ..NewChoice::default() });
        let cases: Vec<CaseNo> = (1..=6).map(|n| stage.report("三楼楼道灯不亮", n).no).collect();
        gateway.is(Mood::Down);
        for (hour, no) in (0..).zip(&cases[..5]) {
            stage.clock.set(at(hour * HOUR));
            stage.dispatch(*no);
            for minute in 0..HOUR {
                carry(stage, hour * HOUR + minute);
            }
        }
        assert_eq!(gateway.letters(), []);
        let page = system(stage);
        let waiting = page.waiting.iter().find(|w| w.kind == "deliver.hook").unwrap();
        assert_eq!((waiting.waiting, waiting.failing), (1, 1));
        let failing = page.failing.iter().find(|j| j.kind == "deliver.hook").unwrap();
        assert_eq!(failing.error.as_deref(), Some("nobody answers"));
        assert!((20..40).contains(&failing.attempts), "every quarter of an hour: {}", failing.attempts);
        assert_eq!((page.tries.len(), page.tries[0].outcome.as_str()), (20, "down"));

        gateway.is(Mood::Mute);
        carry(stage, 5 * HOUR + 16);
        assert_eq!(gateway.lines(), [given(cases[0])], "the first letter, which was closed before the others came");
        gateway.is(Mood::Up);
        carry(stage, 5 * HOUR + 32);
        stage.dispatch(cases[5]);
        carry(stage, 5 * HOUR + 33);
        assert_eq!(gateway.got.lock().unwrap().len(), 4, "the first twice, with the same key");
        assert_eq!(gateway.letters().len(), 3);
        assert_eq!(gateway.lines(), cases.iter().map(|no| given(*no)).collect::<Vec<_>>());
        let page = system(stage);
        assert!(page.waiting.iter().all(|w| w.kind != "deliver.hook"), "{:?}", page.waiting);
        assert!(page.done_today.contains(&("deliver.hook".into(), 3)), "{:?}", page.done_today);
    }

    /// The program dies between a try and its record: the letter comes again under the same key.
    fn a_crash_between(stage) {
        let gateway = with_gateway(stage, false);
        choose(stage, Role::SectionOfficer, NewChoice { hook: "wang".into(), digest: "0".into(), ..NewChoice::default() });
        let no = stage.report("三楼楼道灯不亮", 1).no;
        stage.dispatch(no);
        carry(stage, 0);
        // As if the record of it had never been written.
        stage.app.store().write(|tx| {
            tx.run("UPDATE letter SET ended_at = NULL, ending = NULL", &[])?;
            tx.set_box(1, Some(at(1)), 0, None)
        }).wait().unwrap();
        carry(stage, 1);
        assert_eq!(gateway.got.lock().unwrap().len(), 2);
        assert_eq!((gateway.letters().len(), gateway.lines()), (1, vec![given(no)]));
    }

    /// What the other side will never take comes to an end with its reason on record; who turned the channel off
    /// is not rung for what waited; the console has it all.
    fn refused_and_turned_off(stage) {
        let gateway = with_gateway(stage, false);
        let [a, b] = [1, 2].map(|n| stage.report("三楼楼道灯不亮", n).no);
        gateway.is(Mood::Refusing);
        stage.dispatch(a);
        carry(stage, 10);
        gateway.is(Mood::Up);
        stage.dispatch(b);
        choose(stage, Role::SectionOfficer, NewChoice::default());
        carry(stage, 30);
        assert_eq!(gateway.letters(), []);
        let tries: Vec<(String, Option<String>)> = system(stage).tries.into_iter().map(|t| (t.outcome, t.error)).collect();
        assert_eq!(tries, [
            ("dropped".into(), Some("the person turned the channel off".into())),
            ("refused".into(), Some("no such number".into())),
        ]);
        let told = stage.wait(stage.app.notices(&who(Role::SectionOfficer), 50)).unwrap();
        assert_eq!(told.iter().filter(|n| n.what == What::Given).count(), 2);
    }

    /// Who wakes up early and says so gets at once what waited for the morning.
    fn chosen_anew(stage) {
        let gateway = with_gateway(stage, false);
        stage.clock.set(at(14 * HOUR));
        let no = stage.report("三楼楼道灯不亮", 1).no;
        stage.dispatch(no);
        carry(stage, 20 * HOUR);
        assert_eq!(gateway.letters(), []);
        let hours = |from: &str, to: &str| NewChoice { hook: "wang".into(), quiet_from: from.into(), quiet_to: to.into(), ..NewChoice::default() };
        choose(stage, Role::SectionOfficer, hours("22:00", "06:00"));
        carry(stage, 20 * HOUR);
        assert_eq!(gateway.letters(), [], "five in the morning");
        choose(stage, Role::SectionOfficer, hours("22:00", "04:00"));
        carry(stage, 20 * HOUR);
        assert_eq!(gateway.lines(), [given(no)]);
    }

    /// A resident who left a mobile number is rung with their link, by day, in one message; who left none, or was
    /// forgotten, is not. Neither place, nor subject, nor name is in it.
    fn residents(stage) {
        let gateway = with_gateway(stage, true);
        choose(stage, Role::SectionOfficer, NewChoice::default());
        let left = |contact: &str, once| {
            let form = Incoming { contact: contact.into(), ..said("三楼楼道灯不亮", once) };
            stage.wait(stage.app.report(form)).unwrap()
        };
        let (with, without) = (left("王阿姨 13800138000", 1), left("", 2));
        let (mail, forgotten) = (left("wang@example.org", 3), left("13900139000", 4));
        stage.clock.set(at(0));
        for no in [with.no, without.no, mail.no, forgotten.no] {
            stage.dispatch(no);
        }
        stage.app.store().write(move |tx| {
            let person = tx.voices(forgotten.no)?[0].person.unwrap();
            tx.forget_person(&person)
        }).wait().unwrap();
        stage.clock.set(at(5));
        stage.answer(with.no, "灯泡已换");
        carry(stage, 10);
        let letters = gateway.letters();
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert_eq!((letters[0].to.as_str(), letters[0].resident), ("13800138000", true));
        let link = format!("https://pianqu.example/t/{}", with.link);
        assert_eq!(letters[0].text.matches(&link).count(), 2, "{}", letters[0].text);
        for secret in ["王", "138", "灯", "百合路"] {
            assert!(!letters[0].text.contains(secret), "{}", letters[0].text);
        }
        // Their own word is no news to them; in the night they sleep.
        stage.wait(stage.app.say(&with.link, Say::NotSolved("还是黑的".into()))).unwrap();
        stage.clock.set(at(12 * HOUR + 30));
        stage.answer(with.no, "又换了一次");
        carry(stage, 22 * HOUR);
        assert_eq!(gateway.letters().len(), 1);
        carry(stage, 23 * HOUR);
        assert_eq!(gateway.lines()[2..], [(What::Answered, with.no.spoken())]);
    }

    /// A plan is told to whom it concerns: what is drafted to nobody, what is approved to the units at work and to the
    /// residents; a whistle rings at night, and the answer comes to the precinct in the morning.
    fn a_plan_is_told(stage) {
        let gateway = with_gateway(stage, true);
        let hook = |to: &str| NewChoice { hook: to.into(), digest: "0".into(), ..NewChoice::default() };
        choose(stage, Role::SectionOfficer, hook("wang"));
        choose(stage, Role::PrecinctCoordinator, hook("li"));
        let form = Incoming { contact: "13800138000".into(), ..said("共享单车堵住弄堂口", 1) };
        let a = stage.wait(stage.app.report(form)).unwrap();
        let b = stage.report("弄堂口全是单车，轮椅过不去", 2);
        let li = who(Role::PrecinctCoordinator);
        let (title, cause, why) = ("单车堵住弄堂口".to_owned(), "没有停放点".to_owned(), "同一处".to_owned());
        let id = stage.wait(stage.app.open_problem(&li, title, cause, vec![a.no, b.no], why)).unwrap();
        let plan = |role, command| stage.wait(stage.app.plan(&who(role), id, command)).unwrap();
        let task = NewTask {
            what: "划出停放区".into(),
            unit: SECTION,
            person: String::new(),
            hours: 8,
            not_before: None,
            due: at(5 * 24 * HOUR),
            after: vec![],
        };
        plan(Role::PrecinctCoordinator, Command::AddTask(task));
        carry(stage, 20);
        let rung = || gateway.letters().into_iter().map(|p| (p.to, p.lines.into_iter().map(|l| l.what).collect::<Vec<_>>())).collect::<Vec<_>>();
        let mobile = || "13800138000".to_owned();
        assert_eq!(rung(), [(mobile(), vec![What::Joined])], "a draft is nobody's task");
        plan(Role::PrecinctCoordinator, Command::ChooseLead { unit: SECTION, off_list: false, why: "职责".into() });
        plan(Role::PrecinctCoordinator, Command::Approve { due: at(10 * 24 * HOUR) });
        carry(stage, 40);
        assert_eq!(rung()[1..], [("wang".into(), vec![What::Lead, What::TaskGiven]), (mobile(), vec![What::Progress])]);
        stage.clock.set(at(14 * HOUR));
        let muster_due = at(3 * 24 * HOUR);
        plan(Role::PrecinctCoordinator, Command::Whistle { units: vec![SECTION], what: "疏导".into(), tried: "函请两次".into(), muster_due });
        carry(stage, 14 * HOUR);
        assert_eq!(rung()[3..], [("wang".into(), vec![What::Whistled])]);
        assert!(gateway.letters()[3].text.contains(&format!("/console/problems/{id}")));
        plan(Role::SectionOfficer, Command::TakeCall { whistle: 1, unit: SECTION, note: "明早到".into() });
        carry(stage, 15 * HOUR);
        assert_eq!(rung().len(), 4);
        carry(stage, 23 * HOUR);
        assert_eq!(rung()[4..], [("li".into(), vec![What::WhistleAnswered])]);
    }

    /// Who asks for no messages gets none, not even what waited; who changes their mind gets what comes then.
    fn no_messages_please(stage) {
        let gateway = with_gateway(stage, true);
        choose(stage, Role::SectionOfficer, NewChoice::default());
        let form = Incoming { contact: "13800138000".into(), ..said("三楼楼道灯不亮", 1) };
        let a = stage.wait(stage.app.report(form)).unwrap();
        let b = stage.report("门口路灯不亮", 2);
        let texts = |link: &str| stage.wait(stage.app.follow(link)).unwrap().texts;
        assert_eq!((texts(&a.link), texts(&b.link)), (Some(true), None), "who left no number has nothing to choose");
        stage.dispatch(a.no);
        stage.wait(stage.app.set_texts(&a.link, false)).unwrap();
        assert_eq!(texts(&a.link), Some(false));
        carry(stage, 10);
        stage.answer(a.no, "灯泡已换");
        carry(stage, 30);
        assert_eq!(gateway.letters(), []);
        let tries = system(stage).tries;
        assert_eq!(tries.iter().map(|t| t.error.as_deref()).collect::<Vec<_>>(), [Some("the resident asked for no messages")]);
        stage.wait(stage.app.set_texts(&a.link, true)).unwrap();
        stage.wait(stage.app.say(&a.link, Say::NotSolved("还是黑的".into()))).unwrap();
        stage.answer(a.no, "又换了一次");
        carry(stage, HOUR);
        assert_eq!(gateway.lines(), [(What::Answered, a.no.spoken())]);
        assert!(stage.wait(stage.app.set_texts("nonsense", false)).is_err());
    }

    /// Where no gateway serves residents, nothing of theirs is laid into any box.
    fn no_gateway_for_residents(stage) {
        let gateway = with_gateway(stage, false);
        choose(stage, Role::SectionOfficer, NewChoice::default());
        let form = Incoming { contact: "13800138000".into(), ..said("三楼楼道灯不亮", 1) };
        let a = stage.wait(stage.app.report(form)).unwrap();
        stage.dispatch(a.no);
        carry(stage, HOUR);
        assert_eq!(gateway.letters(), []);
        assert_eq!(stage.app.store().read(|tx| tx.queues()).wait().unwrap(), []);
    }

    /// Hours and addresses are checked, kept sealed, and shown to their owner alone.
    fn choices(stage) {
        with_gateway(stage, false);
        let me = who(Role::SectionOfficer);
        let try_out = |choice: NewChoice| stage.wait(stage.app.choose(&me, choice)).map_err(|e| e.to_string());
        let plain = NewChoice::default;
        for (choice, field) in [
            (NewChoice { email: "wang".into(), ..plain() }, "email"),
            (NewChoice { hook: "two words".into(), ..plain() }, "hook"),
            (NewChoice { quiet_from: "25:00".into(), quiet_to: "08:00".into(), ..plain() }, "quiet_from"),
            (NewChoice { quiet_from: "21:00".into(), ..plain() }, "quiet_to"),
            (NewChoice { digest: "1441".into(), ..plain() }, "digest"),
        ] {
            let refused = try_out(choice).unwrap_err();
            assert!(refused.starts_with(&format!("{field}: ")), "{refused}");
        }
        let email = "wang@example.gov".to_owned();
        try_out(NewChoice { email: email.clone(), quiet_from: "22:30".into(), quiet_to: "07:00".into(), ..plain() }).unwrap();
        let mine = stage.wait(stage.app.my_choice(&me)).unwrap();
        assert_eq!((mine.email, mine.hook.as_str(), mine.quiet), (email, "", Some((22 * 60 + 30, 7 * 60))));
        assert_eq!(mine.offered, [Channel::Hook]);
        let kept = stage.app.store().read(move |tx| tx.choice(me.staff)).wait().unwrap().unwrap();
        assert!(!String::from_utf8_lossy(&kept.email.unwrap()).contains("wang"));
        assert_eq!(me.grants, [Grant { role: Role::SectionOfficer, place: Some(SUBDISTRICT), unit: Some(SECTION) }]);
    }

    /// New warnings ring once a day, whatever is found: the second of a day comes the day after, and what else is told
    /// does not wait for it.
    fn warnings_ring_once_a_day(stage) {
        let gateway = with_gateway(stage, false);
        let hook = || NewChoice { hook: "li".into(), ..NewChoice::default() };
        choose(stage, Role::PrecinctCoordinator, hook());
        let tell = |id: i64, minutes: i64| {
            carry(stage, minutes);
            let (app, now) = (stage.app.clone(), at(minutes));
            let thing = Subject { about: About::Warning, id };
            let to = Addressee::Place(PRECINCT);
            stage.app.store().write(move |tx| app.notify(tx, to, What::Budding, thing, now)).wait().unwrap();
        };
        let budding = |ids: &[i64]| ids.iter().map(|id| (What::Budding, format!("苗头 {id}"))).collect::<Vec<_>>();
        tell(1, 0);
        tell(2, 5);
        carry(stage, 20);
        assert_eq!(gateway.lines(), budding(&[1, 2]), "a burst is one letter");
        tell(3, 2 * HOUR);
        tell(4, 9 * HOUR);
        carry(stage, 23 * HOUR);
        assert_eq!(gateway.lines(), budding(&[1, 2]), "the day's letter has gone");
        carry(stage, 24 * HOUR + 20);
        assert_eq!(gateway.lines(), budding(&[1, 2, 3, 4]));
        assert_eq!(gateway.letters().len(), 2);
        let line = &gateway.letters()[1].lines[1];
        assert_eq!(line.link, "https://pianqu.example/console/budding#bud-4");
        // Three quiet days, and the next is prompt.
        tell(5, 98 * HOUR);
        carry(stage, 98 * HOUR + 20);
        assert_eq!(gateway.lines().len(), 5);
        stage.verify();
    }
}
