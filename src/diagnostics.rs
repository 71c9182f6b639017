//! What is wrong with an input, where, why, and what to do: collected, never thrown at the first.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing can be solved until this is mended.
    Error,
    /// Solvable, but probably not what was meant.
    Warning,
}

macro_rules! codes {
    ($($name:ident $severity:ident $id:literal $title:literal;)*) => {
        /// Every kind of diagnostic. `docs/codes.md` explains each one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable name that users see and search for.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What the code means, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Whether it stops the work.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    FileUnreadable Error "E001" "a file cannot be read";
    BadToml Error "E002" "a TOML file is malformed, or has a wrong key or value";
    BadTable Error "E003" "a table is malformed: wrong encoding, no header, a row of the wrong length";
    MissingTable Error "E004" "a required table is missing";
    MissingColumn Error "E005" "a required column is missing";
    TooLarge Error "E006" "a file is larger than the limits";
    DuplicateColumn Error "E007" "a column stands twice in a header";
    ConflictingColumns Error "E008" "what excludes one another is both given";
    MissingValue Error "E010" "a required cell is empty";
    BadId Error "E011" "an id has characters other than letters, digits, '-', '_' and '.'";
    UnknownId Error "E012" "an id is not defined in its own table";
    DuplicateKey Error "E013" "a key stands twice in a table";
    BadNumber Error "E014" "a cell is not a number";
    NegativeAmount Error "E015" "an amount is negative";
    AbsurdAmount Error "E016" "an amount is too large to be counted exactly";
    OutOfRange Error "E017" "a value lies outside its range";
    BadChoice Error "E018" "a value is not one of the admitted words";
    BadYears Error "E019" "years are not consecutive, or a row names another year";
    EmptyTable Error "E020" "a required table has no rows";
    BadOverride Error "E021" "an override names a table, row, column or key that is not there";
    ParentLoop Error "E022" "override files are one another's parents";
    OwnNeighbour Error "E023" "a site is its own neighbour";
    TooManyNeighbours Error "E024" "there are more neighbours than can be worked with";
    PersonalData Error "E025" "a table about people holds what may not be known of a person";
    BadPolicy Error "E030" "a policy cannot be used: unknown rule, wrong parameter, no objective";
    UnknownSelection Error "E031" "a policy names an id or group that the scenario does not have";
    FloorAboveBudget Error "E040" "a floor asks for more money than there is";
    ThresholdOutOfReach Error "E041" "no plan can reach a threshold";
    UnitCoarserThanTicket Error "E042" "a unit of money is larger than a ticket";
    BadStudy Error "E060" "a study names what is not there, or a design that cannot be";
    BadParts Error "E061" "parts of a study cannot be put together: one is missing, doubled or of another study";
    PlanUnreadable Error "E050" "a row of a plan cannot be read";
    RunUnusable Error "E051" "files of a written run cannot be used together";
    BadTemplate Error "E052" "a template of a document cannot be used";
    UnknownColumn Warning "W001" "a column that allot does not know is kept out";
    RoundedAmount Warning "W002" "amounts finer than the unit of money were rounded";
    ThresholdHasNoEffect Warning "W003" "a rule with these parameters cannot change any plan";
    CoefficientRange Warning "W004" "amounts are more than 1e7 apart";
    NeedWithoutPairing Warning "W005" "a site has needs but no pairing";
    CapacityWithoutUse Warning "W006" "a province's capacity is larger than the needs it may fund";
    ExclusionsNotApplied Warning "W007" "the scenario excludes lines but the policy has no exclusion rule";
    CommitmentWithoutNeed Warning "W008" "a commitment stands on a line without a need";
    ExclusionMatchesNothing Warning "W009" "an exclusion matches no candidate line";
    NothingToCount Warning "W010" "a rule selects no line, so it says nothing";
    ParkWithoutSector Warning "W011" "a park admits no sector";
    ParkCapacityNotApplied Warning "W012" "parks have a capacity that no rule of the policy keeps";
    PostsWithoutSecondees Warning "W013" "no secondee may fill a group of posts";
    SecondeesWithoutPosts Warning "W014" "a group of secondees fits no post";
    TalentNotPlanned Warning "W015" "there are posts and secondees, and the policy sends nobody";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Where an input stands: a file as the user named it, a line of text or row of a sheet (from 1), a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as a path that the user can open.
    pub file: String,
    /// Line or sheet row, counted from 1; row of a table that a program gave, counted from 0.
    pub row: Option<usize>,
    /// The column's heading, or the key's path.
    pub column: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), row: None, column: None }
    }

    /// A row.
    #[must_use]
    pub fn row(mut self, row: usize) -> Self {
        self.row = Some(row);
        self
    }

    /// A column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ":{column}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong or odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Which kind.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is the matter, with the value that was found.
    pub cause: String,
    /// What the reader can do.
    pub action: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}] {}: {}\n    {}", self.code.id(), self.place, self.cause, self.action)
    }
}

/// All that was found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, code: Code, place: Place, cause: impl Into<String>, action: impl Into<String>) {
        self.0.push(Diagnostic {
            code,
            severity: code.severity(),
            place,
            cause: cause.into(),
            action: action.into(),
        });
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether work must stop.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are of each severity: (errors, warnings).
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.0.iter().filter(|d| d.severity == Severity::Error).count();
        (errors, self.0.len() - errors)
    }

    /// In the order of files, rows and columns; the same finding twice is told once.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| (&a.place, a.code, &a.cause).cmp(&(&b.place, b.code, &b.cause)));
        self.0.dedup();
        self
    }

    /// Each one.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// How often each code occurs.
    pub fn by_code(&self) -> BTreeMap<Code, usize> {
        let mut counts = BTreeMap::new();
        for diagnostic in &self.0 {
            *counts.entry(diagnostic.code).or_default() += 1;
        }
        counts
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
