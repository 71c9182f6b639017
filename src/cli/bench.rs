//! `allot bench generate`: a synthetic instance from a shape and a seed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Exit;
use crate::generator::{Shape, generate, with_industry, with_people, with_talent};

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    command: BenchCommand,
}

#[derive(Debug, Subcommand)]
enum BenchCommand {
    /// Write a synthetic scenario and its policy; the same seed gives the same files
    Generate(GenerateArgs),
}

#[derive(Debug, Args)]
struct GenerateArgs {
    /// Donor provinces
    #[arg(long, default_value_t = 19)]
    provinces: usize,
    /// Recipient sites
    #[arg(long, default_value_t = 82)]
    sites: usize,
    /// Sectors
    #[arg(long, default_value_t = 8)]
    sectors: usize,
    /// Years
    #[arg(long, default_value_t = 5)]
    years: usize,
    /// Provinces that may fund a site; 0 lets every province
    #[arg(long, default_value_t = 2)]
    links: usize,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Industries, neighbours and parks too, and rules on them
    #[arg(long)]
    industry: bool,
    /// Secondees and posts too, and rules on them
    #[arg(long)]
    talent: bool,
    /// So many single people and single posts too, for `allot match`
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    people: usize,
    /// Folder to make; it must not exist, or must be empty
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
}

/// Runs `bench`.
pub fn run(args: &BenchArgs) -> Exit {
    let BenchCommand::Generate(args) = &args.command;
    if [args.provinces, args.sites, args.sectors, args.years].contains(&0) {
        tell!("provinces, sites, sectors and years must be at least 1");
        return Exit::BadInput;
    }
    let shape = Shape {
        provinces: args.provinces,
        sites: args.sites,
        sectors: args.sectors,
        years: args.years,
        links: (args.links > 0).then_some(args.links),
    };
    let mut files = generate(shape, args.seed);
    if args.industry {
        files = with_industry(files, shape, args.seed);
    }
    if args.talent {
        files = with_talent(files, shape, args.seed);
    }
    if args.people > 0 {
        files = with_people(files, shape, args.seed, args.people);
    }
    let files = files.iter().map(|(name, text)| (*name, text.as_str()));
    match super::write_new_folder(&args.out, files) {
        Ok(()) => Exit::Done,
        Err(error) => {
            tell!("cannot write {}: {error}", args.out.display());
            Exit::BadInput
        }
    }
}
