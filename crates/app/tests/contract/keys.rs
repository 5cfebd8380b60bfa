//! The master key changes while the district is at work.

use crate::registrations::{confirm, declare, household, ready};
use crate::stage::{on_both, ring};
use app::AppError;
use domain::PersonId;
use vault::{KeyId, KeyUse, Suite, Vault};

/// More people than are wrapped anew in two goes.
const PEOPLE: u128 = 1_200;

on_both! {
    /// A newer master key is added: who registered before and after stays readable, the work goes on in the
    /// background, somebody forgotten stays forgotten, and then the old key can be dropped.
    fn the_master_key_changes(stage) {
        let mut ring = ring();
        let old = Vault::from_ring(Suite::International, &ring);
        let [form, _] = ready(stage);
        let before = declare(stage, &form, &household("13800138000"), 1);
        confirm(stage, &before);
        let added = stage.app.store().write(move |tx| {
            for n in 1..=PEOPLE {
                let id = PersonId(uuid::Uuid::from_u128(n << 64));
                let mut seed = [1; 32];
                seed[..16].copy_from_slice(&n.to_be_bytes());
                let (_, wrapped) = old.new_person_key(seed);
                tx.insert_person(&id, wrapped.as_bytes(), crate::stage::at(0))?;
            }
            tx.forget_person(&PersonId(uuid::Uuid::from_u128(7 << 64)))?;
            Ok::<_, AppError>(())
        });
        added.wait().unwrap();
        stage.app.plant_jobs().unwrap();
        assert_eq!(stage.app.keys_to_rewrap().unwrap(), 0);

        assert_eq!(ring.add(KeyUse::Master, *b"a newer master key, of 32 bytes.").unwrap(), KeyId(2));
        stage.app.renew_keys(Vault::from_ring(Suite::International, &ring)).unwrap();
        let waiting = stage.app.keys_to_rewrap().unwrap();
        assert!(waiting >= u64::try_from(PEOPLE).unwrap(), "{waiting}");
        // Both keys are in use: nobody waits for the change.
        let after = declare(stage, &form, &household("13911112222"), 2);
        confirm(stage, &after);
        assert!(stage.wait(stage.app.registration_copy(&before.link)).unwrap().contains("11010519491231002X"));
        for minute in 1..6 {
            stage.later(minute);
        }
        assert_eq!(stage.app.keys_to_rewrap().unwrap(), 0);

        ring.drop_old(KeyUse::Master, KeyId(1)).unwrap();
        stage.app.renew_keys(Vault::from_ring(Suite::International, &ring)).unwrap();
        for link in [&before.link, &after.link] {
            assert!(stage.wait(stage.app.registration_copy(link)).unwrap().contains("11010519491231002X"));
        }
        let forgotten = PersonId(uuid::Uuid::from_u128(7 << 64));
        let key = stage.app.store().read(move |tx| Ok::<_, AppError>(tx.person_key(&forgotten)?)).wait().unwrap();
        assert_eq!(key, None, "nobody who was forgotten comes back");

        // The suite is chosen once: codes on doors are made with it.
        let other = stage.app.renew_keys(Vault::from_ring(Suite::National, &ring));
        assert!(other.unwrap_err().to_string().contains("keys.suite"));
        stage.verify();
    }
}
