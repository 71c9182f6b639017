//! `allot schema`, `completions` and `man`: what is generated from the program's own definitions.

use clap::{Args, Command, ValueEnum};
use clap_complete::Shell;

use super::{Exit, defect, print_data};
use crate::rules::Registry;
use crate::{input, policy, report};

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which file
    #[arg(value_enum)]
    of: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaOf {
    /// scenario.toml
    Scenario,
    /// A policy (models/*.toml)
    Policy,
    /// plan.json
    Plan,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs `schema`.
pub fn schema(args: &SchemaArgs, registry: &Registry) -> Exit {
    let schema = match args.of {
        SchemaOf::Scenario => input::scenario_schema(),
        SchemaOf::Policy => policy::schema(registry),
        SchemaOf::Plan => schemars::schema_for!(report::PlanDocument),
    };
    match serde_json::to_string_pretty(&schema) {
        Ok(text) => {
            print_data(format!("{text}\n").as_bytes());
            Exit::Done
        }
        Err(error) => defect(&error),
    }
}

/// Runs `completions`.
pub fn completions(args: &CompletionsArgs, mut command: Command) -> Exit {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut command, "allot", &mut bytes);
    print_data(&bytes);
    Exit::Done
}

/// Runs `man`: the page of the program, then one of each subcommand.
pub fn man(command: &Command) -> Exit {
    let mut bytes = Vec::new();
    let name_of = |sub: &Command| -> &'static str { format!("allot-{}", sub.get_name()).leak() };
    let pages = std::iter::once(command.clone())
        .chain(command.get_subcommands().map(|sub| sub.clone().name(name_of(sub))));
    for page in pages {
        if let Err(error) = clap_mangen::Man::new(page).render(&mut bytes) {
            return defect(&error);
        }
    }
    print_data(&bytes);
    Exit::Done
}
