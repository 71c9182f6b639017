//! JSON schema of a policy file.

use std::collections::BTreeMap;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::WeightFactor;
use super::file::{RawRule, RawStage};
use crate::domain::Text;
use crate::objectives;
use crate::rules::Registry;

/// JSON schema of a policy file, every kind of rule and objective with its parameters.
pub fn schema(registry: &Registry) -> Schema {
    let mut generator = SchemaGenerator::default();
    let stage = generator.subschema_for::<RawStage>();
    let rule = generator.subschema_for::<RawRule>();
    let mut halves = vec![stage.clone(), rule.clone()];
    let mut variants = |common: &Schema, key, id, purpose, parameters: Schema| {
        let variant = variant(common, key, id, purpose, &parameters);
        halves.push(parameters);
        variant
    };
    let stages: Vec<_> = objectives::kinds()
        .iter()
        .map(|kind| variants(&stage, "kind", kind.id, kind.purpose, (kind.schema)(&mut generator)))
        .collect();
    let rules: Vec<_> = registry
        .kinds()
        .iter()
        .map(|kind| variants(&rule, "rule", kind.id, kind.purpose, (kind.schema)(&mut generator)))
        .collect();
    let text = generator.subschema_for::<Text>();
    let weights = generator.subschema_for::<Vec<WeightFactor>>();
    let mut definitions: BTreeMap<_, _> = generator.take_definitions(true).into_iter().collect();
    // The parameters stand beside the common keys, so neither half may forbid the other's. What stands
    // inside a parameter (a selection, a title) goes on forbidding what it does not know.
    let name = |half: &Schema| half.get("$ref")?.as_str()?.rsplit('/').next().map(str::to_owned);
    for name in halves.iter().filter_map(name) {
        if let Some(object) = definitions.get_mut(&name).and_then(|definition| definition.as_object_mut()) {
            object.retain(|key, value| key != "additionalProperties" || *value != false);
        }
    }
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "allot policy",
        "type": "object",
        "required": ["id", "title", "stages", "rules"],
        "additionalProperties": false,
        "properties": {
            "id": { "type": "string" },
            "title": text,
            "description": text,
            "weights": weights,
            "stages": { "type": "array", "items": { "oneOf": stages } },
            "rules": { "type": "object", "additionalProperties": { "oneOf": rules } },
        },
        "$defs": definitions,
    })
}

fn variant(common: &Schema, key: &str, id: &str, purpose: &str, parameters: &Schema) -> serde_json::Value {
    serde_json::json!({
        "description": purpose,
        "allOf": [common, parameters, { "properties": { key: { "const": id } } }],
        "unevaluatedProperties": false,
    })
}
