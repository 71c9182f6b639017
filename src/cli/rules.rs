//! `allot rules`: the kinds of rules and objectives that a policy can use.

use clap::Args;

use super::{Exit, Format, print_data};
use crate::objectives;
use crate::rules::Registry;

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Runs `rules`.
pub fn run(args: &RulesArgs, registry: &Registry) -> Exit {
    let family = |family| serde_json::to_value(family).ok().and_then(|f| f.as_str().map(str::to_owned));
    let mut rows: Vec<[String; 4]> = registry
        .kinds()
        .iter()
        .map(|kind| {
            ["rule".into(), kind.id.into(), family(kind.family).unwrap_or_default(), kind.purpose.into()]
        })
        .collect();
    rows.extend(
        objectives::kinds()
            .iter()
            .map(|kind| ["objective".into(), kind.id.into(), String::new(), kind.purpose.into()]),
    );
    match args.format {
        Format::Text => {
            let lines = rows
                .iter()
                .map(|[what, id, family, purpose]| format!("{what:<10} {id:<28} {family:<18} {purpose}\n"));
            print_data(lines.collect::<String>().as_bytes());
        }
        Format::Json => {
            let objects: Vec<_> = rows
                .iter()
                .map(|[what, id, family, purpose]| {
                    serde_json::json!({ "what": what, "id": id, "family": family, "purpose": purpose })
                })
                .collect();
            print_data(format!("{:#}\n", serde_json::Value::from(objects)).as_bytes());
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            let mut written = writer.write_record(["what", "id", "family", "purpose"]);
            for row in &rows {
                written = written.and_then(|()| writer.write_record(row));
            }
            if let Err(error) = written {
                return super::defect(&error);
            }
            match writer.into_inner() {
                Ok(bytes) => print_data(&bytes),
                Err(error) => return super::defect(&error),
            }
        }
    }
    Exit::Done
}
