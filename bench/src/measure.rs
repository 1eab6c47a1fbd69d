//! Taking turns, medians, and what else the machine was doing.

use std::time::{Duration, Instant};

/// A goal, as a bound on the ratio of ours to the baseline.
#[derive(Clone, Copy)]
pub enum Goal {
    /// Ours per second ÷ baseline's per second must be at least this.
    AtLeast(f64),
    /// Our time ÷ the baseline's time must be at most this.
    AtMost(f64),
    /// Shown for what it is.
    None,
}

struct Line {
    what: String,
    baseline: String,
    ours: String,
    ratio: String,
    goal: String,
    met: bool,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, baseline, ours, ratio, goal, met } = self;
        let met = match (goal.is_empty(), met) {
            (true, _) => "",
            (false, true) => "met",
            (false, false) => "missed",
        };
        write!(f, "| {what} | {baseline} | {ours} | {ratio} | {goal} | {met} |")
    }
}

/// The table that is printed in the end.
pub struct Report {
    lines: Vec<Line>,
    started: (Instant, Ticks),
}

impl Report {
    pub fn start() -> Self {
        Self { lines: Vec::new(), started: (Instant::now(), Ticks::now()) }
    }

    /// Adds a comparison of rates, in units per second.
    pub fn rates(&mut self, what: &str, unit: &str, baseline: f64, ours: f64, goal: f64) {
        let show = |rate: f64| format!("{rate:.0} {unit}/s");
        self.add(what, show(baseline), show(ours), ours / baseline, Goal::AtLeast(goal));
    }

    /// Adds a comparison of times.
    pub fn times(&mut self, what: &str, baseline: Duration, ours: Duration, goal: f64) {
        let ratio = ours.as_secs_f64() / baseline.as_secs_f64();
        let show = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        self.add(what, show(baseline), show(ours), ratio, Goal::AtMost(goal));
    }

    /// Adds a comparison of times without a goal.
    pub fn aside(&mut self, what: &str, baseline: Duration, ours: Duration) {
        let ratio = ours.as_secs_f64() / baseline.as_secs_f64();
        let show = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        self.add(what, show(baseline), show(ours), ratio, Goal::None);
    }

    /// Adds a time with an absolute bound.
    pub fn bound(&mut self, what: &str, ours: Duration, bound: Duration) {
        let show = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let ratio = ours.as_secs_f64() / bound.as_secs_f64();
        self.add(what, format!("(bound {})", show(bound)), show(ours), ratio, Goal::AtMost(1.0));
    }

    /// Adds a time that may be so much in all, and so much more than the baseline; whether it is.
    pub fn beside(
        &mut self,
        what: &str,
        (baseline, ours): (Duration, Duration),
        bound: Duration,
        more: Duration,
    ) -> bool {
        let met = ours <= bound && ours <= baseline + more;
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        self.push(Line {
            what: what.to_owned(),
            baseline: format!("{:.1} ms", ms(baseline)),
            ours: format!("{:.1} ms", ms(ours)),
            ratio: format!("{:+.1} ms", ms(ours) - ms(baseline)),
            goal: format!("≤ {} ms and ≤ +{} ms", ms(bound), ms(more)),
            met,
        });
        met
    }

    /// Adds an amount of memory with a bound.
    pub fn size(&mut self, what: &str, ours: u64, bound: u64) {
        self.push(Line {
            what: what.to_owned(),
            baseline: String::new(),
            ours: format!("{} MB", ours >> 20),
            ratio: String::new(),
            goal: format!("< {} MB", bound >> 20),
            met: ours < bound,
        });
    }

    fn add(&mut self, what: &str, baseline: String, ours: String, ratio: f64, goal: Goal) {
        let (goal, met) = match goal {
            Goal::AtLeast(goal) => (format!("≥ {goal} ×"), ratio >= goal),
            Goal::AtMost(goal) => (format!("≤ {goal} ×"), ratio <= goal),
            Goal::None => (String::new(), true),
        };
        let ratio = format!("{ratio:.2} ×");
        self.push(Line { what: what.to_owned(), baseline, ours, ratio, goal, met });
    }

    fn push(&mut self, line: Line) {
        println!("{line}");
        self.lines.push(line);
    }

    /// Prints the table, and how busy others kept the machine meanwhile.
    pub fn print(&self) {
        println!("\n| what | baseline | Hindsight | ratio | goal | |\n|---|---|---|---|---|---|");
        for line in &self.lines {
            println!("{line}");
        }
        let (since, ticks) = &self.started;
        println!("\n{} s in all; {}", since.elapsed().as_secs(), ticks.until(Ticks::now()));
    }
}

/// Processor time of the whole machine, in clock ticks, as `/proc/stat` tells it.
#[derive(Clone, Copy, Default)]
struct Ticks {
    busy: u64,
    stolen: u64,
    all: u64,
}

impl Ticks {
    fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        let ticks: Vec<u64> = stat
            .lines()
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(1)
            .filter_map(|n| n.parse().ok())
            .collect();
        let at = |i: usize| ticks.get(i).copied().unwrap_or(0);
        let all = ticks.iter().take(8).sum();
        Self { busy: at(0) + at(1) + at(2), stolen: at(7), all }
    }

    fn until(self, later: Self) -> String {
        let all = (later.all - self.all).max(1);
        let percent = |part: u64| part * 100 / all;
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        format!(
            "processors busy {} %, stolen {} %; load {}",
            percent(later.busy - self.busy),
            percent(later.stolen - self.stolen),
            load.trim()
        )
    }
}

/// The median; 0 of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The value below which the share `p` lies; zero of nothing.
pub fn percentile(mut times: Vec<Duration>, p: f64) -> Duration {
    times.sort_unstable();
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a list of samples"
    )]
    let at = (times.len() as f64 * p) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// How often per second `callers` tasks can do `once`, over `time`.
pub async fn rate<F>(
    callers: usize,
    time: Duration,
    once: impl Fn(usize) -> F,
) -> anyhow::Result<f64>
where
    F: Future<Output = anyhow::Result<u64>> + Send + 'static,
{
    let started = Instant::now();
    let tasks: Vec<_> = (0..callers).map(|caller| tokio::spawn(once(caller))).collect();
    let mut done = 0;
    for task in tasks {
        done += task.await??;
    }
    let taken = started.elapsed().max(time);
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    Ok(done as f64 / taken.as_secs_f64())
}
