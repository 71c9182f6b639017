//! What a parameter changes: `policy.rules.R2.amount`, `tables.provinces[province_id=gd].capacity_2009` or, in all
//! rows, `tables.provinces[*].capacity*`.

use crate::input::Cells;

/// What a parameter changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A value of the policy, by its keys.
    Policy(Vec<String>),
    /// Cells of a table.
    Cells(Cells),
}

/// Reads a path; why it is none, otherwise.
pub fn parse(path: &str) -> Result<Target, String> {
    let (kind, rest) = path.split_once('.').ok_or("there is no '.' in the path")?;
    match kind.trim() {
        "policy" => {
            let keys =
                toml_edit::Key::parse(rest.trim()).map_err(|_| format!("'{rest}' is not a path of keys"))?;
            let keys: Vec<String> = keys.iter().map(|key| key.get().to_owned()).collect();
            if keys.len() < 3 || keys[0] != "rules" {
                return Err("a path of the policy is policy.rules.<id>.<key>".to_owned());
            }
            Ok(Target::Policy(keys))
        }
        "tables" => {
            let (table, rest) = rest.split_once('[').ok_or("the path does not say which rows, in [ ]")?;
            let (rows, column) = rest.split_once("].").ok_or("there is no '].' and column after the rows")?;
            let rows = if rows.trim() == "*" { Vec::new() } else { conditions(rows)? };
            let (table, column) = (table.trim().to_owned(), column.trim().to_owned());
            if table.is_empty() || column.is_empty() {
                return Err("the table or the column has no name".to_owned());
            }
            Ok(Target::Cells(Cells { table, rows, column }))
        }
        other => Err(format!("a path begins with policy or tables, not '{other}'")),
    }
}

fn conditions(rows: &str) -> Result<Vec<(String, String)>, String> {
    let condition = |part: &str| {
        let (column, text) =
            part.split_once('=').ok_or(format!("'{part}' is neither * nor <column>=<text>"))?;
        Ok((column.trim().to_owned(), text.trim().to_owned()))
    };
    rows.split(',').map(condition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_policy_values_and_cells() {
        let keys = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse("policy.rules.R2.amount"), Ok(Target::Policy(keys("rules.R2.amount"))));
        let cells = |rows: &[(&str, &str)], column: &str| {
            let rows = rows.iter().map(|(column, text)| ((*column).to_owned(), (*text).to_owned())).collect();
            Ok(Target::Cells(Cells { table: "provinces".to_owned(), rows, column: column.to_owned() }))
        };
        assert_eq!(parse("tables.provinces[*].capacity*"), cells(&[], "capacity*"));
        assert_eq!(
            parse("tables.provinces[ province_id = gd ].rate"),
            cells(&[("province_id", "gd")], "rate")
        );
        let two = parse("tables.needs[site_id=a,sector_id=b].amount");
        assert!(matches!(two, Ok(Target::Cells(Cells { rows, .. })) if rows.len() == 2));
    }

    #[test]
    fn what_is_no_path_says_why() {
        for (path, cause) in [
            ("rules", "no '.'"),
            ("policy.rules.R2", "policy.rules.<id>.<key>"),
            ("policy.stages.gap.x", "policy.rules.<id>.<key>"),
            ("tables.provinces.capacity", "which rows"),
            ("tables.provinces[gd].capacity", "neither * nor"),
            ("tables.provinces[*]capacity", "column after"),
            ("tables.provinces[*].", "no name"),
            ("scenario.years", "begins with"),
        ] {
            assert!(parse(path).is_err_and(|told| told.contains(cause)), "{path}");
        }
    }
}
