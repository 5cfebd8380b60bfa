//! `pianqu init`: a new, empty district: keys, store, settings, and the first account.

use crate::failure::Failure;
use crate::open;
use domain::territory::Levels;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  pianqu init --data /srv/pianqu --code 310104 --zh 徐汇区 --en \"Xuhui District\" \\\n    --domain pianqu.example.gov --helpline 12345\n\nThen bring in places, doorways, units, duties and staff, and give rights under /console/rights."
)]
pub(crate) struct Args {
    /// The folder for keys and data; must hold no district
    #[arg(long)]
    data: PathBuf,
    /// The address of a PostgreSQL server instead of the embedded store
    #[arg(long)]
    store: Option<String>,
    /// The district's official code; it marks the door codes and cannot be changed later
    #[arg(long)]
    code: String,
    /// The district's name in Chinese
    #[arg(long)]
    zh: String,
    /// The district's name in English
    #[arg(long)]
    en: String,
    /// The address that residents type, printed on every notice
    #[arg(long)]
    domain: String,
    /// The number to ring when nothing else helps
    #[arg(long)]
    helpline: String,
    /// The login of the first account, which gives all others their rights
    #[arg(long, default_value = "security")]
    login: String,
    /// The name of its owner
    #[arg(long, default_value = "安全管理员")]
    name: String,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    for (field, value) in
        [("--code", &args.code), ("--zh", &args.zh), ("--en", &args.en), ("--domain", &args.domain)]
    {
        if value.trim().is_empty() {
            return Err(Failure(format!("{field} is empty")));
        }
    }
    let data = args.data.to_str().ok_or_else(|| Failure("the folder's name is not UTF-8".into()))?;
    let place = args.store.as_deref().unwrap_or(data);
    let store = open::store(place)?;
    if store.read(|tx| tx.setting("code")).wait()?.is_some() {
        return Err(Failure(format!("{place} holds a district already; choose another folder")));
    }
    let keys = open::keys(Path::new(data), true)?;
    let levels = serde_json::to_string(Levels::standard().all())?;
    let settings = [
        ("name.zh", &args.zh),
        ("name.en", &args.en),
        ("domain", &args.domain),
        ("helpline", &args.helpline),
        ("levels", &levels),
        ("code", &args.code),
    ]
    .map(|(k, v)| (k.to_owned(), v.trim().to_owned()));
    store.write(move |tx| settings.iter().try_for_each(|(k, v)| tx.set_setting(k, v))).wait()?;
    let app = open::app(store, keys)?;
    let first = app.first_account(&args.login, &args.name)?;
    println!("The district is made. Write down now what is shown only once:\n");
    println!("  login          {}", first.login);
    println!("  password       {}", first.password);
    println!(
        "  second factor  {}",
        base32::encode(base32::Alphabet::Rfc4648 { padding: false }, &first.secret)
    );
    println!("\nKeep a copy of {}/keys.txt apart from the data.", args.data.display());
    Ok(ExitCode::SUCCESS)
}
