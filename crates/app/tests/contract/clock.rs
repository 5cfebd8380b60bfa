//! A clock that is set back, or went ahead and came home.

use crate::stage::{at, on_both};
use app::{Account, NewDistrict, hash_password, totp_at};
use domain::cases::State;
use domain::{Actor, Context, StaffId};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

on_both! {
    /// Work goes on at an earlier hour: cases, seals and chains stay whole, and a deadline comes all the same.
    fn set_back_by_an_hour(stage) {
        let a = stage.report("三楼楼道灯不亮", 1);
        stage.clock.set(at(-60));
        stage.dispatch(a.no);
        stage.answer(a.no, "三楼灯泡已换");
        let b = stage.report("门口路灯不亮", 2);
        assert_eq!(stage.wait(stage.app.follow(&b.link)).unwrap().case.state, State::Received);
        stage.verify();
        stage.later(20 * DAY);
        assert_eq!(stage.case(a.no).state, State::Closed);
        stage.verify();
    }

    /// The clock goes a month ahead over night, seals are made, then it is put right: nothing that happens
    /// afterwards breaks a seal, and the nightly sealing goes on.
    fn a_month_ahead_and_back(stage) {
        stage.app.plant_jobs().unwrap();
        stage.report("三楼楼道灯不亮", 1);
        stage.later(30 * DAY);
        stage.report("楼道堆物", 2);
        stage.later(31 * DAY);
        stage.verify();
        stage.clock.set(at(DAY));
        stage.app.plant_jobs().unwrap();
        let c = stage.report("门口路灯不亮", 3);
        stage.dispatch(c.no);
        stage.later(2 * DAY);
        stage.later(3 * DAY);
        stage.verify();
        let waiting = stage.app.store().read(|tx| tx.waiting_jobs()).wait().unwrap();
        let seal = waiting.iter().find(|w| w.kind == "seal").unwrap();
        assert!(seal.first <= at(4 * DAY), "the next night is sealed, not one in a month: {seal:?}");
        stage.later(40 * DAY);
        stage.verify();
    }

    /// A session does not outlive its time because the clock was set back, and a second factor's code is not
    /// good twice.
    fn sessions(stage) {
        let secret = b"12345678901234567890".to_vec();
        let keys = crate::stage::keys();
        let account = Account {
            id: StaffId(70),
            login: "li".into(),
            name: "李".into(),
            password: hash_password("南昌路 178", &[3; 16]).unwrap(),
            totp: secret.clone(),
            grants: vec![],
        };
        let ctx = Context::new(at(0), Actor::System, [9; 32]);
        NewDistrict { staff: vec![account], ..NewDistrict::default() }
            .keep(stage.app.store(), &keys, &ctx, at(-DAY))
            .unwrap();
        let code = |minutes| totp_at(&secret, at(minutes)).unwrap();
        let token = stage.app.sign_in("li", "南昌路 178", &code(0), "Firefox").unwrap();
        assert!(stage.wait(stage.app.who(&token)).unwrap().is_some());
        stage.clock.set(at(-1));
        assert!(stage.app.sign_in("li", "南昌路 178", &code(-1), "Firefox").is_err(), "an earlier code");
        assert!(stage.wait(stage.app.who(&token)).unwrap().is_some(), "nobody is thrown out by it");
        stage.clock.set(at(2 * 60 + 1));
        assert!(stage.wait(stage.app.who(&token)).unwrap().is_none(), "two hours unused");
        stage.clock.set(at(0));
        let replayed = stage.app.sign_in("li", "南昌路 178", &code(0), "Firefox");
        assert!(replayed.is_err(), "the same code at the same time, a second time");
        stage.verify();
    }
}
