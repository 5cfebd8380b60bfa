//! `pianqu serve`: the service; and what it shares with the demo.

use crate::channels;
use crate::failure::Failure;
use crate::open;
use crate::printing::Child;
use crate::texting::Gateway;
use app::App;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use web::Web;

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  pianqu serve --data /srv/pianqu --origin https://pianqu.example.gov\n\nE-mail and messages to phones are set up in the file notices.conf of the data folder (docs/notices.md).\nTLS is the business of the proxy before it; its X-Forwarded-For is believed if it runs on this machine."
)]
pub(crate) struct Args {
    /// The data folder; with a server's address in --store only the key lies here
    #[arg(long)]
    data: String,
    /// The address of a PostgreSQL server (postgres://…) instead of the embedded store
    #[arg(long)]
    store: Option<String>,
    /// The port
    #[arg(long, default_value_t = 8311)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Where residents and staff reach it
    #[arg(long)]
    origin: Option<String>,
    /// The program that sends one-time codes to telephones: it reads `number code` from its input; without one, none
    /// are asked for
    #[arg(long)]
    sms: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(open::existing_store(args.store.as_deref().unwrap_or(&args.data))?, keys)?;
    if let Some(program) = &args.sms {
        app.set_sender(Arc::new(Gateway::new(program)));
    }
    let origin = args.origin.clone().unwrap_or_else(|| format!("http://{}:{}", args.bind, args.port));
    let listening = SocketAddr::new(args.bind, args.port);
    app.connect(channels::read(Path::new(&args.data), &origin)?);
    crate::subjects::set_up(&app, Path::new(&args.data))?;
    let folder = PathBuf::from(&args.data);
    serve(&app, Child::new(&args.data, args.store.as_deref()), listening, &origin, || {
        #[cfg(unix)]
        tell_of_keys(app.clone(), folder);
        println!("Pianqu listens on http://{listening}");
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Serves until the program is told to end. `ready` is called once connections are taken.
pub(crate) fn serve(
    app: &App,
    printer: Child,
    at: SocketAddr,
    origin: &str,
    ready: impl FnOnce(),
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?;
    let web = Web::new(app.clone(), origin, Some(Arc::new(printer)));
    let ending = Arc::new(AtomicBool::new(false));
    app.plant_jobs()?;
    let worker = work(app.clone(), web.clone(), ending.clone())?;
    let couriers = carry(app.clone(), ending.clone())?;
    let lookout = look_out(app.clone(), ending.clone())?;
    let drawing = draw(app.clone(), ending.clone())?;
    // What opening and loading took.
    crate::memory::give_back();
    let served = runtime.block_on(async {
        let listener =
            TcpListener::bind(at).await.map_err(|e| Failure(format!("cannot listen on {at}: {e}")))?;
        // Whoever reads that it is ready may end it in the same moment: from here on it ends in good order.
        let end = told_to_end();
        ready();
        web.serve(listener, end).await.map_err(Failure::from)
    });
    ending.store(true, Ordering::SeqCst);
    let _ = worker.join();
    let _ = couriers.join();
    let _ = lookout.join();
    let _ = drawing.join();
    served
}

/// Ctrl-C, or SIGTERM from whoever supervises: listened for from the call on, not only once it is awaited.
fn told_to_end() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let mut told = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| signal(kind).ok())
    };
    async move {
        #[cfg(unix)]
        if let [Some(term), Some(interrupt)] = &mut told {
            tokio::select! {
                _ = term.recv() => return,
                _ = interrupt.recv() => return,
            }
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// SIGHUP: the root keys are read again, from where they came at the start.
#[cfg(unix)]
fn tell_of_keys(app: App, folder: PathBuf) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut told) = signal(SignalKind::hangup()) else { return };
    let listen = async move {
        while told.recv().await.is_some() {
            let (app, folder) = (app.clone(), folder.clone());
            let renewed = tokio::task::spawn_blocking(move || {
                let vault = open::vault(&folder, false)?;
                app.renew_keys(vault).map_err(Failure::from)
            });
            match renewed.await {
                Ok(Ok(())) => tracing::info!("goes on with the keys that were read anew"),
                Ok(Err(Failure(why))) => tracing::error!(%why, "goes on with the keys it had"),
                Err(error) => tracing::error!(%error, "goes on with the keys it had"),
            }
        }
    };
    tokio::spawn(listen);
}

/// The worker: jobs whose time has come, and the sums of scans.
fn work(app: App, web: Web, ending: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Failure> {
    let body = move || {
        let mut idle = 0_u32;
        while !ending.load(Ordering::SeqCst) {
            let busy = app
                .do_jobs()
                .inspect_err(|error| tracing::error!(%error, "jobs wait"))
                .is_ok_and(|r| r.done > 0);
            if !busy {
                std::thread::sleep(Duration::from_millis(200));
                idle += 1;
            }
            if idle.is_multiple_of(25) {
                keep_scans(&app, &web);
            }
        }
        keep_scans(&app, &web);
    };
    Ok(std::thread::Builder::new().name("jobs".into()).spawn(body)?)
}

/// The couriers: letters whose time has come. A thread of their own, so that a gateway which takes its time never
/// holds up a deadline.
fn carry(app: App, ending: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Failure> {
    let body = move || {
        while !ending.load(Ordering::SeqCst) {
            let busy = app
                .deliver()
                .inspect_err(|error| tracing::error!(%error, "letters wait"))
                .is_ok_and(|r| r.done > 0);
            if !busy {
                std::thread::sleep(Duration::from_millis(500));
            }
        }
    };
    Ok(std::thread::Builder::new().name("couriers".into()).spawn(body)?)
}

/// The lookout: what is budding, once an hour; on a thread of its own, because it takes seconds.
fn look_out(app: App, ending: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Failure> {
    let body = move || {
        crate::background::give_way();
        // Whoever waits for the program to start comes first.
        let mut wait = 4_u32;
        while !ending.load(Ordering::SeqCst) {
            if wait == 0 {
                if let Err(error) = app.look_out() {
                    tracing::error!(%error, "nobody looked for what is budding; tried again in a minute");
                }
                crate::memory::give_back();
                wait = 120;
            }
            wait -= 1;
            std::thread::sleep(Duration::from_millis(500));
        }
    };
    Ok(std::thread::Builder::new().name("lookout".into()).spawn(body)?)
}

/// Draws the precincts that somebody asked for, on a thread of its own, because it takes seconds.
fn draw(app: App, ending: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Failure> {
    let body = move || {
        crate::background::give_way();
        let stop = || ending.load(Ordering::SeqCst);
        while !stop() {
            let busy = app
                .draw_waiting(&stop)
                .inspect_err(|error| tracing::error!(%error, "plans of precincts wait"))
                .unwrap_or(false);
            if !busy {
                std::thread::sleep(app::precincts::DRAWING_PAUSE);
            }
        }
    };
    Ok(std::thread::Builder::new().name("drawing".into()).spawn(body)?)
}

fn keep_scans(app: &App, web: &Web) {
    let sums = web.take_scans();
    if !sums.is_empty()
        && let Err(error) = app.add_scans(sums)
    {
        tracing::warn!(%error, "scans of the last seconds were not counted");
    }
}
