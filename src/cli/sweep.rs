//! `allot sweep`: a study of many points.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::progress::{catch_interrupts, is_interrupted};
use super::{Exit, defect, print_data, print_diagnostics};
use crate::folder::Folder;
use crate::report::plots::{Pictures, Thread};
use crate::report::{PointsParquet, point_json, summary_html, summary_text};
use crate::rules::Registry;
use crate::sweep::{
    Base, Criterion, End, Going, Ledger, Part, Row, RunHead, Study, Summary, SweepError, choose, merge,
    run as sweep,
};

/// Arguments of `sweep`.
#[derive(Debug, Args)]
pub struct SweepArgs {
    /// The study, a TOML file
    study: PathBuf,
    /// Folder for points.ndjson, points.parquet, summary.json, study.html and ledger.sqlite; made if it is not there. A run that
    /// was cut off goes on where it stopped
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Threads; the results are the same whatever their number [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
    /// Solve one part of so many, as in 3/20, for tasks that share nothing but files; see --merge
    #[arg(long, value_name = "NUMBER/OF", conflicts_with_all = ["merge", "choose", "plots"])]
    part: Option<Part>,
    /// Solve nothing, and put together what runs of all parts of this study wrote into these folders
    #[arg(long, value_name = "DIR", num_args = 1..)]
    merge: Vec<PathBuf>,
    /// Choose lines to open before it is known which point comes true: by the least largest regret, the best mean, or
    /// the best worst case
    #[arg(long, value_enum)]
    choose: Option<Criterion>,
    /// Also draw the pictures of study.html into DIR/plots, as far as the design gives them: tornado, front, stability of lines, parallel coordinates (SVG)
    #[arg(long)]
    plots: bool,
    /// What to print on stdout
    #[arg(long, value_enum, default_value = "text")]
    format: SweepFormat,
    /// No progress on stderr
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SweepFormat {
    /// A summary.
    Text,
    /// The document that is also written as summary.json.
    Json,
    /// Every row, one JSON object a line.
    Ndjson,
}

/// Says what stands in the way.
pub(super) fn tell_failure(error: SweepError) -> Exit {
    match error {
        SweepError::Input(diagnostics) => {
            print_diagnostics(&diagnostics);
            Exit::BadInput
        }
        SweepError::Ledger(error) => {
            tell!("{error}");
            tell!("    give another --out, or take ledger.sqlite out of the folder");
            Exit::BadInput
        }
        SweepError::File(cause) => {
            tell!("{cause}");
            Exit::BadInput
        }
        SweepError::Solver(error) => defect(&error),
    }
}

/// Runs `sweep`.
pub fn run(args: &SweepArgs, registry: &Registry) -> Exit {
    if args.threads == Some(0) {
        tell!("--threads is 0; give at least 1");
        return Exit::BadInput;
    }
    run_study(args, registry).unwrap_or_else(tell_failure)
}

fn run_study(args: &SweepArgs, registry: &Registry) -> Result<Exit, SweepError> {
    let study = Study::read(&args.study).map_err(SweepError::Input)?;
    let base = Base::open(&study, registry).map_err(SweepError::Input)?;
    let file = |error: std::io::Error| {
        SweepError::File(format!("cannot write into {}: {error}", args.out.display()))
    };
    std::fs::create_dir_all(&args.out).map_err(file)?;
    tempfile::NamedTempFile::new_in(&args.out).map_err(file)?;
    let mut ledger = Ledger::open(&args.out)?;
    let points = base.points.count().unwrap_or(0);
    ledger.begin(&head(&study, &base, points)?)?;
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    if !args.merge.is_empty() {
        merge(&base, &mut ledger, &args.out, &args.merge)?;
    }
    catch_interrupts();
    let mut rows = Stream::open(&args.out.join("points.ndjson"), &base, &ledger)?;
    let mut progress = Progress::start(args.quiet);
    let what = (args.part.unwrap_or_default(), threads);
    let end = sweep(&study, &base, registry, what, &mut ledger, &is_interrupted, |going, row| {
        row.map(|row| rows.push(row)).transpose()?;
        progress.show(going);
        Ok(())
    })?;
    progress.finish();
    drop(rows);
    write_rows(&args.out, &base, &ledger)?;
    if end == End::Interrupted {
        tell!("stopped; the same command goes on where it stopped");
        return Ok(Exit::Interrupted);
    }
    let mut summary = Summary::of(&study.title, &base, &ledger)?;
    if let Some(criterion) = args.choose {
        summary.chosen = Some(choose(&study, &base, registry, threads, &ledger, criterion)?);
    }
    let json =
        serde_json::to_string_pretty(&summary).map_err(|error| SweepError::File(error.to_string()))? + "\n";
    let pictures = draw(&summary, &base, &ledger)?;
    let page = summary_html(&summary, &pictures);
    write_summary(&args.out, &json, &page, Some(&pictures).filter(|_| args.plots)).map_err(file)?;
    match args.format {
        SweepFormat::Text => print_data(summary_text(&summary).as_bytes()),
        SweepFormat::Json => print_data(json.as_bytes()),
        SweepFormat::Ndjson => print_data(&std::fs::read(args.out.join("points.ndjson")).map_err(file)?),
    }
    let plots = if args.plots { ", plots" } else { "" };
    tell!(
        "wrote points.ndjson, points.parquet, summary.json, study.html{plots} and ledger.sqlite to {}",
        args.out.display()
    );
    Ok(Exit::Done)
}

fn head(study: &Study, base: &Base<'_>, points: usize) -> Result<RunHead, SweepError> {
    let text = |value: serde_json::Value| value.to_string();
    let options = serde_json::json!({ "gap": study.gap, "time_limit": study.time_limit, "set": study.sets });
    if points == 0 {
        return Err(SweepError::File("the study has no points".to_owned()));
    }
    Ok(RunHead {
        run: base.key.clone(),
        study: study.file.display().to_string(),
        text: study.text.clone(),
        title: study.title.clone(),
        scenario: study.scenario.display().to_string(),
        policy: base.opened.policy.id.clone(),
        inputs: text(serde_json::json!(base.inputs)),
        options: text(options),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        points,
        started: String::new(),
        seconds: 0.0,
        finished: false,
        done: 0,
    })
}

/// points.ndjson while it grows: those that were there, then each as it comes.
struct Stream(BufWriter<File>);

impl Stream {
    fn open(path: &Path, base: &Base<'_>, ledger: &Ledger) -> Result<Self, SweepError> {
        let file = File::create(path);
        let file =
            file.map_err(|error| SweepError::File(format!("cannot write {}: {error}", path.display())))?;
        let mut stream = Self(BufWriter::new(file));
        ledger.each_row(&base.key, |row| stream.push(&row))?;
        Ok(stream)
    }

    fn push(&mut self, row: &Row) -> Result<(), SweepError> {
        let file = |error: &dyn std::fmt::Display| SweepError::File(format!("points.ndjson: {error}"));
        let line = point_json(row).map_err(|error| file(&error))?;
        self.0.write_all(line.as_bytes()).and_then(|()| self.0.flush()).map_err(|error| file(&error))
    }
}

/// Both files of rows, in the order of the points, each put in place when it is whole.
fn write_rows(folder: &Path, base: &Base<'_>, ledger: &Ledger) -> Result<(), SweepError> {
    let file = |error: &dyn std::fmt::Display| {
        SweepError::File(format!("cannot write into {}: {error}", folder.display()))
    };
    let staged = || {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.prefix(".allot-").tempfile_in(folder).map_err(|error| file(&error))
    };
    let (lines, columns) = (staged()?, staged()?);
    let parameters: Vec<(String, bool)> = base
        .points
        .parameters()
        .iter()
        .map(|parameter| (parameter.name.clone(), parameter.is_number()))
        .collect();
    let mut writer = BufWriter::new(lines.as_file());
    let mut parquet = PointsParquet::new(columns.as_file(), &parameters, &base.metric_ids())
        .map_err(|error| file(&error))?;
    ledger.each_row::<SweepError>(&base.key, |row| {
        let line = point_json(&row).map_err(|error| file(&error))?;
        writer.write_all(line.as_bytes()).map_err(|error| file(&error))?;
        parquet.push(row).map_err(|error| file(&error))
    })?;
    writer.flush().map_err(|error| file(&error))?;
    drop(writer);
    parquet.finish().map_err(|error| file(&error))?;
    for (made, name) in [(lines, "points.ndjson"), (columns, "points.parquet")] {
        made.persist(folder.join(name)).map_err(|error| file(&error))?;
    }
    Ok(())
}

/// Points that are drawn in parallel coordinates: those beyond are left out, evenly.
const DRAWN: usize = 2000;

/// Draws what there is to draw.
fn draw(summary: &Summary, base: &Base<'_>, ledger: &Ledger) -> Result<Pictures, SweepError> {
    let parameters = base.points.parameters().iter().filter(|parameter| parameter.is_number());
    let axes: Vec<String> = parameters.map(|parameter| parameter.name.clone()).collect();
    let every = summary.points.div_ceil(DRAWN).max(1);
    let mut threads = Vec::new();
    ledger.each_row::<SweepError>(&base.key, |row| {
        threads.extend(Thread::of(&row, &axes).filter(|_| row.point % every == 0));
        Ok(())
    })?;
    Ok(Pictures::of(summary, &axes, &threads))
}

/// Writes what sums the run up: summary.json, the page and, where they are wanted, the pictures.
fn write_summary(out: &Path, json: &str, page: &str, pictures: Option<&Pictures>) -> std::io::Result<()> {
    let folder = Folder::open(out, ["summary.json", "study.html"])?;
    for staged in
        [folder.stage("summary.json", json.as_bytes())?, folder.stage("study.html", page.as_bytes())?]
    {
        staged.place()?;
    }
    let Some(pictures) = pictures else { return Ok(()) };
    let path = out.join("plots");
    let folder = Folder::open(&path, pictures.files().map(|(name, _)| name))?;
    for (name, picture) in pictures.files() {
        match picture {
            Some(picture) => folder.stage(name, picture.as_bytes())?.place()?,
            // That of an earlier run is not of this one.
            None => folder.forget(name)?,
        }
    }
    Ok(())
}

/// How often a line is written when stderr is no terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Points, rate and time left, on stderr.
struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    fn start(quiet: bool) -> Self {
        let bar = (!quiet && super::is_interactive()).then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{wide_bar} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        let now = Instant::now();
        Self { quiet, bar, started: now, last_line: now }
    }

    fn show(&mut self, going: Going) {
        let Going { points, done, found } = going;
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = (done - found) as f64 / seconds.max(1e-9);
        let left =
            if rate > 0.0 { format!("{:.0} s left", (points - done) as f64 / rate) } else { String::new() };
        let line = format!("{done} of {points} points, {rate:.1} a second, {left}");
        match &self.bar {
            Some(bar) => {
                bar.set_length(points as u64);
                bar.set_position(done as u64);
                bar.set_message(line);
            }
            None if !self.quiet
                && (self.last_line.elapsed() >= PLAIN_EVERY || (done == found && found > 0)) =>
            {
                tell!("{line}");
                self.last_line = Instant::now();
            }
            None => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
