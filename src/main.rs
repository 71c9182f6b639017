//! The `allot` command: parses arguments, calls the library, turns outcomes into exit codes.

use std::process::ExitCode;

fn main() -> ExitCode {
    allot::cli::main()
}
