//! `pianqu print notices`: the sheets that hang on notice boards, as PDF.

use crate::failure::{Failure, with_file};
use crate::open;
use crate::progress::Progress;
use app::App;
use domain::cases::local_date;
use domain::codes::{CodeKind, DoorCode};
use domain::territory::Part;
use domain::{DoorwayId, PlaceId};
use posters::{Code, Day, Error, Fonts, Notice, Words, print_run};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::territory::DoorwayRow;

/// Pages of one file: bounds the memory that the typesetter takes.
const PER_VOLUME: usize = 50;

#[derive(clap::Subcommand)]
pub(crate) enum What {
    /// One A4 page for each doorway, with its three codes
    Notices(Args),
}

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  pianqu print notices --data demo-data --place 101 --out sheets\n  pianqu print notices --data demo-data --doorway 1 --out sheets\n\nWithout --place and --doorway every doorway of the district is printed. A character that no font holds is an error\nthat names it; give a folder with a fuller font then."
)]
pub(crate) struct Args {
    /// The data folder, where the keys lie
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// The address of a PostgreSQL server instead of the embedded store
    #[arg(long)]
    store: Option<String>,
    /// Only the doorways of this place (its number)
    #[arg(long)]
    place: Option<i64>,
    /// Only this doorway (its number)
    #[arg(long, conflicts_with = "place")]
    doorway: Option<i64>,
    /// The folder for the files; made if it is not there
    #[arg(long)]
    out: PathBuf,
    /// A folder with fuller fonts
    #[arg(long)]
    fonts: Option<PathBuf>,
    /// For machines: a line of JSON after each file
    #[arg(long)]
    json: bool,
}

/// What went wrong in a run: the typesetter, or writing a file.
enum Trouble {
    Set(Error),
    Write(Failure),
}

impl From<Error> for Trouble {
    fn from(e: Error) -> Self {
        Trouble::Set(e)
    }
}

pub(crate) fn run(what: &What) -> Result<ExitCode, Failure> {
    let What::Notices(args) = what;
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(open::existing_store(args.store.as_deref().unwrap_or(&args.data))?, keys)?;
    let doorways = chosen(&app, args)?;
    if doorways.is_empty() {
        return Err(Failure("there is no such doorway, or none in this place".into()));
    }
    let notices = doorways.iter().map(|d| notice(&app, d)).collect::<Result<Vec<_>, Failure>>()?;
    let fonts = match &args.fonts {
        Some(folder) => Fonts::with_folder(font_files(folder)?)?,
        None => Fonts::embedded(),
    };
    let today = local_date(app.now());
    let day = Day::new(
        i32::from(today.year()),
        u8::try_from(today.month()).unwrap_or(1),
        u8::try_from(today.day()).unwrap_or(1),
    )?;
    std::fs::create_dir_all(&args.out).map_err(with_file(&args.out))?;
    let per_volume = NonZeroUsize::new(PER_VOLUME).unwrap_or(NonZeroUsize::MIN);
    let mut bar = Progress::new("notices", notices.len() as u64, args.json);
    let progress = |done: usize, total: usize| {
        bar.at(done as u64);
        if args.json {
            println!("{}", serde_json::json!({ "done": done, "total": total }));
        }
        ControlFlow::Continue(())
    };
    let hand_over = |v: posters::Volume| {
        let file = args.out.join(format!("notices-{:03}.pdf", v.number));
        let part = file.with_extension("part");
        std::fs::write(&part, &v.pdf)
            .and_then(|()| std::fs::rename(&part, &file))
            .map_err(|e| Trouble::Write(with_file(&file)(e)))
    };
    print_run(&notices, &fonts, day, per_volume, progress, hand_over).map_err(|t| match t {
        Trouble::Set(e) => Failure(e.to_string()),
        Trouble::Write(f) => f,
    })?;
    bar.done();
    if !args.json {
        println!("{} notices are in {}.", notices.len(), args.out.display());
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn font_files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(with_file(folder))? {
        let file = entry?.path();
        if file.is_file() {
            out.push((file.display().to_string(), std::fs::read(&file).map_err(with_file(&file))?));
        }
    }
    Ok(out)
}

fn chosen(app: &App, args: &Args) -> Result<Vec<DoorwayRow>, Failure> {
    let d = app.directory();
    if let Some(place) = args.place
        && d.place(PlaceId(place)).is_none()
    {
        return Err(Failure(format!("there is no place {place}")));
    }
    let mut all = app.all_doorways()?;
    all.retain(|x| match (args.doorway, args.place) {
        (Some(doorway), _) => x.id == DoorwayId(doorway),
        (None, Some(place)) => d.path(x.place).lies_in(PlaceId(place)),
        (None, None) => true,
    });
    Ok(all)
}

fn notice(app: &App, door: &DoorwayRow) -> Result<Notice, Failure> {
    let d = app.directory();
    let path = d.path(door.place);
    let precinct = d.part(&path, Part::Dispatcher);
    let names = path.0.iter().flatten().filter(|p| Some(**p) != precinct).filter_map(|p| d.place(*p));
    let place = names.map(|p| p.zh.clone()).chain([door.address.clone()]).collect();
    let issues = app.valid_issues(door.id)?;
    let code = |kind, ours: CodeKind| -> Result<Code, Failure> {
        let issue = issues[CodeKind::ALL.iter().position(|k| *k == ours).unwrap_or(0)];
        let text = app.write_code(DoorCode { kind: ours, doorway: door.id, issue })?;
        Ok(Code::new(kind, format!("https://{}/q/{text}", d.domain)))
    };
    Ok(Notice {
        district: Words::new(&d.zh, &d.en),
        place,
        board: format!("公示栏 {}", door.board),
        domain: d.domain.clone(),
        codes: [
            code(posters::CodeKind::Opinion, CodeKind::Opinion)?,
            code(posters::CodeKind::Tenancy, CodeKind::Tenancy)?,
            code(posters::CodeKind::Residency, CodeKind::Residency)?,
        ],
        helpline: d.helpline.clone(),
    })
}
