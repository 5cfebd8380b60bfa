//! Accounts that become their owner's through a link, and dwellings that somebody keeps.

use crate::stage::{on_both, who};
use app::{App, AppError, DwellingChange, Right, Roster, TableRow, totp_at};
use domain::DoorwayId;
use domain::access::Role;
use std::sync::Arc;

fn row(number: usize, fields: &[(&'static str, &str)]) -> TableRow {
    TableRow { number, fields: fields.iter().map(|(k, v)| (*k, (*v).to_owned())).collect() }
}

fn field(e: AppError) -> &'static str {
    match e {
        AppError::Invalid(i) => i.field,
        other => panic!("{other}"),
    }
}

on_both! {
    /// What a command, or a second service over the same store, changes of staff and rights holds here with the next round
    /// of jobs, not at the next start.
    fn rights_that_another_program_changed(stage) {
        let other = stage.beside();
        let leader = who(Role::SubdistrictLeader);
        let grants = |app: &App| app.directory().grants(leader.staff).to_vec();
        let held = grants(&stage.app);
        assert_eq!(held, leader.grants);

        let security = who(Role::SecurityAdmin);
        stage.wait(other.change_rights(&security, leader.staff, Right::Take(held[0]))).unwrap();
        assert_eq!(grants(&other), []);
        assert_eq!(grants(&stage.app), held, "before the round");
        stage.app.do_jobs().unwrap();
        assert_eq!(grants(&stage.app), []);

        let row = row(2, &[("login", "li.hua"), ("name", "李华"), ("role", "片区调度"), ("place", "p10")]);
        stage.app.import_roster(Roster::Staff, &[row], false, false).unwrap();
        let known = |app: &App| app.directory().people().len();
        assert_eq!(known(&other) + 1, known(&stage.app));
        other.do_jobs().unwrap();
        assert_eq!(known(&other), known(&stage.app));
        // Where nothing changed nothing is read anew.
        let before = other.directory();
        other.do_jobs().unwrap();
        assert!(Arc::ptr_eq(&before, &other.directory()));
    }

    /// From the row of a spreadsheet to the first sign-in: only the owner ever knows password and second factor.
    fn an_invitation(stage) {
        let rows = [
            row(2, &[("login", "li.hua"), ("name", "李华"), ("role", "片区调度"), ("place", "p10")]),
            row(3, &[("login", "li.hua"), ("name", "李华"), ("role", "paired_official"), ("place", "p10")]),
        ];
        let report = stage.app.import_roster(Roster::Staff, &rows, false, false).unwrap();
        assert_eq!((report.new, report.again, report.faults.len(), report.invitations.len()), (2, 0, 0, 1));
        let again = stage.app.import_roster(Roster::Staff, &rows, false, false).unwrap();
        assert_eq!((again.new, again.again, again.invitations.len()), (0, 2, 0));

        let token = &report.invitations[0].token;
        let welcome = stage.wait(stage.app.welcome(token)).unwrap();
        assert_eq!((welcome.login.as_str(), welcome.name.as_str()), ("li.hua", "李华"));
        assert!(matches!(stage.wait(stage.app.welcome("00")), Err(AppError::NotFound)));
        let code = totp_at(&welcome.secret, stage.app.now()).unwrap();
        let take = |password: &str, again: &str, code: &str| {
            stage.app.take_invitation(token, password, again, &welcome.secret, code)
        };
        assert_eq!(field(take("短", "短", &code).unwrap_err()), "password");
        assert_eq!(field(take("百合开在春天里的一个早上", "百合", &code).unwrap_err()), "again");
        let good = "百合开在春天里的一个早上";
        assert_eq!(field(take(good, good, "000000").unwrap_err()), "totp");
        assert_eq!(take(good, good, &code).unwrap(), "li.hua");
        assert!(matches!(take(good, good, &code), Err(AppError::NotFound)), "a link is good once");
        assert!(stage.app.sign_in("li.hua", good, &code, "x").is_err(), "its time step was used");
        stage.later(1);
        let code = totp_at(&welcome.secret, stage.app.now()).unwrap();
        assert!(stage.app.sign_in("li.hua", "", &code, "x").is_err());
        let session = stage.app.sign_in("li.hua", good, &code, "x").unwrap();
        let signed_in = stage.wait(stage.app.who(&session)).unwrap().unwrap();
        assert_eq!(signed_in.grants.len(), 2);

        // Invited anew, the old password stays good until the link is used, and the link ends after a week.
        let security = who(Role::SecurityAdmin);
        let anew = stage.wait(stage.app.invite(&security, signed_in.staff)).unwrap();
        assert!(stage.wait(stage.app.welcome(&anew.token)).is_ok());
        stage.later(7 * 24 * 60 + 2);
        assert!(matches!(stage.wait(stage.app.welcome(&anew.token)), Err(AppError::NotFound)));
        let refused = stage.wait(stage.app.invite(&who(Role::Auditor), signed_in.staff));
        assert!(matches!(refused, Err(AppError::NotAllowed)));
        stage.verify();
    }

    /// A list of fifty, with who is signed in and their saved views, costs three statements; other lists no more.
    fn a_list_of_fifty_is_three_statements(stage) {
        for n in 0..60 {
            let a = stage.report(&format!("第{n}盏楼道灯不亮"), n);
            if n % 2 == 0 {
                stage.dispatch(a.no);
            }
        }
        let rows = [row(2, &[("login", "li.hua"), ("name", "李华"), ("role", "片区调度"), ("place", "p10")])];
        let report = stage.app.import_roster(Roster::Staff, &rows, false, false).unwrap();
        let (token, password) = (&report.invitations[0].token, "百合开在春天里的一个早上");
        let secret = stage.wait(stage.app.welcome(token)).unwrap().secret;
        let code = || totp_at(&secret, stage.app.now()).unwrap();
        stage.app.take_invitation(token, password, password, &secret, &code()).unwrap();
        stage.later(1);
        let session = stage.app.sign_in("li.hua", password, &code(), "x").unwrap();

        let store = stage.app.store();
        let everything = || app::Filter::of(domain::access::Scope::default());
        let by_due = || app::Filter { order: app::Order::Due { after: None }, ..everything() };
        for filter in [everything(), by_due()] {
            let before = store.statements();
            let me = stage.wait(stage.app.who(&session)).unwrap().unwrap();
            let page = stage.wait(stage.app.list(&me, filter)).unwrap();
            stage.wait(stage.app.views(&me)).unwrap();
            assert_eq!((page.cases.len(), page.more), (50, true));
            assert_eq!(store.statements() - before, 3);
        }
        let me = stage.wait(stage.app.who(&session)).unwrap().unwrap();
        let most = |what: &str, most: u64, rows: &dyn Fn() -> usize| {
            let before = store.statements();
            assert!(rows() > 0, "{what}");
            let ran = store.statements() - before;
            assert!(ran <= most, "{what}: {ran}");
        };
        most("today", 2, &|| stage.wait(stage.app.my_work(&me)).unwrap().cases.len());
        most("search", 2, &|| stage.wait(stage.app.search(&me, "楼道", None)).unwrap().cases.len());
        most("codes", 3, &|| {
            stage.wait(stage.app.doorways_with_codes(&me, "", Some(crate::stage::HOME), None)).unwrap().doors.len()
        });
        let note = stage.app.note_export(&me, "cases", 50, vec![crate::stage::HOME], "导出".into());
        stage.wait(note).unwrap();
        most("looks", 1, &|| stage.wait(stage.app.looks(&me, 50)).unwrap().len());
        stage.later(18 * 60);
        most("notices", 1, &|| stage.wait(stage.app.notices(&me, 50)).unwrap().len());
        stage.verify();
    }

    /// The committee keeps the dwellings of its own doorways, and sees no others.
    fn dwellings_are_kept(stage) {
        let secretary = who(Role::CommitteeSecretary);
        let change = |door, what| stage.wait(stage.app.change_dwelling(&secretary, DoorwayId(door), what));
        let page = stage.wait(stage.app.doorway_page(&secretary, DoorwayId(5))).unwrap();
        assert!(!page.dwellings.listed && page.dwellings.rows.len() == 24 && page.may_codes);
        assert!(matches!(stage.wait(stage.app.doorway_page(&secretary, DoorwayId(6))), Err(AppError::NotFound)));
        assert!(matches!(change(6, DwellingChange::Add("1".into())), Err(AppError::NotFound)));
        let first = page.dwellings.by_number("101").unwrap().id;
        change(5, DwellingChange::Rename(first, "１０１甲室".into())).unwrap();
        change(5, DwellingChange::Close(first)).unwrap();
        assert!(matches!(change(5, DwellingChange::Rename(first, "7".into())), Err(AppError::NotFound)));
        change(5, DwellingChange::Reopen(first)).unwrap();
        change(5, DwellingChange::Reopen(first)).unwrap();
        assert_eq!(field(change(5, DwellingChange::Add("102室".into())).unwrap_err()), "number");
        assert_eq!(field(change(5, DwellingChange::Add(" ".into())).unwrap_err()), "number");
        change(5, DwellingChange::Add("亭子间".into())).unwrap();
        let (_, now) = stage.wait(stage.app.dwellings_of(DoorwayId(5))).unwrap().unwrap();
        assert_eq!(now.open().count(), 25);
        assert_eq!(now.rows[0].number, "101甲");
        assert_eq!(now.rows[0].versions.len(), 3, "as supposed, renamed, opened again");
        assert!(matches!(stage.wait(stage.app.doorway_page(&who(Role::Auditor), DoorwayId(5))), Err(AppError::NotFound)));
        stage.verify();
    }
}
