//! Lists made of several lists, or cut into several.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::convert;
use ordain_model::Text;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "chunklist",
        parameters: &[parameter("list", Of::List), parameter("size", Of::Whole)],
        rest: None,
        summary: "The list cut into lists of a size, the last one perhaps shorter; with the size 0 one list.",
        examples: &[("chunklist([\"a\", \"b\", \"c\"], 2)", "[[\"a\", \"b\"], [\"c\"]]")],
        errors: &[("chunklist([\"a\"], -1)", "`chunklist`: expected no negative number")],
        code: Code::Shallow(|given| {
            let items = convert::unified(given.list(0));
            let size = usize::try_from(given.whole(1))
                .map_err(|_| Failure::Argument(1, "expected no negative number".into()))?;
            let size = if size == 0 { items.len().max(1) } else { size };
            Ok(Value::list(items.chunks(size).map(|chunk| Value::List(chunk.into()))))
        }),
    },
    Function {
        name: "matchkeys",
        parameters: &[parameter("values", Of::List), parameter("keys", Of::List), parameter("wanted", Of::List)],
        rest: None,
        summary: "The values whose keys, at the same places of another list, are among those wanted.",
        examples: &[("matchkeys([\"i-1\", \"i-2\"], [\"eu\", \"us\"], [\"us\"])", "[\"i-2\"]")],
        errors: &[(
            "matchkeys([\"a\", \"b\"], [\"x\"], [\"x\"])",
            "`matchkeys`: values and keys differ in number: 2 and 1",
        )],
        code: Code::Strict(|given| {
            let (values, keys) = (given.list(0), given.list(1));
            if values.len() != keys.len() {
                return Err(Failure::Call(format!(
                    "values and keys differ in number: {} and {}",
                    values.len(),
                    keys.len()
                )));
            }
            let all = convert::unified(&[keys, given.list(2)].concat());
            let (keys, wanted) = all.split_at(keys.len());
            let wanted: BTreeSet<&Value> = wanted.iter().collect();
            let pairs = values.iter().zip(keys).filter(|(_, key)| wanted.contains(key));
            Ok(Value::list(pairs.map(|(value, _)| value.clone())))
        }),
    },
    Function {
        name: "setproduct",
        parameters: &[parameter("first", Of::List), parameter("second", Of::List)],
        rest: Some(parameter("further", Of::List)),
        summary: "Every list of one item of each of several lists, the last list's items changing fastest.",
        examples: &[("setproduct([\"a\", \"b\"], [1, 2])", "[[\"a\", 1], [\"a\", 2], [\"b\", 1], [\"b\", 2]]")],
        errors: &[("setproduct([\"a\"], 5)", "`second` is a number: expected a list")],
        code: Code::Strict(product),
    },
    Function {
        name: "transpose",
        parameters: &[parameter("object", Of::Object)],
        rest: None,
        summary: "An object of lists of texts turned around: each text with the keys under which it stands.",
        examples: &[("transpose({ a = [\"x\", \"y\"], b = [\"y\"] })", "{ x = [\"a\"], y = [\"a\", \"b\"] }")],
        errors: &[(
            "transpose({ a = \"b\" })",
            "`transpose`: what stands under `a` is a string, not a list of strings",
        )],
        code: Code::Strict(transpose),
    },
];

fn product(given: &Given<'_>) -> Outcome {
    let lists: Vec<Arc<[Value]>> = (0..given.values.len()).map(|at| convert::unified(given.list(at))).collect();
    let count = lists.iter().fold(1_usize, |count, list| count.saturating_mul(list.len()));
    given.spend(count.saturating_mul(lists.len()))?;
    let row = |mut place: usize| {
        let mut row: Vec<Value> = Vec::with_capacity(lists.len());
        for list in lists.iter().rev() {
            row.extend(list.get(place % list.len()).cloned());
            place /= list.len();
        }
        row.reverse();
        Value::List(row.into())
    };
    Ok(Value::list((0..count).map(row)))
}

fn transpose(given: &Given<'_>) -> Outcome {
    let mut turned: BTreeMap<Text, Vec<Value>> = BTreeMap::new();
    for (key, value) in given.object(0).iter() {
        let wrong =
            || Failure::Argument(0, format!("what stands under `{key}` is {}, not a list of strings", value.sort()));
        let items = convert::items(value).ok_or_else(wrong)?;
        given.spend(items.len())?;
        for item in items.iter() {
            turned.entry(convert::text(item).ok_or_else(wrong)?).or_default().push(Value::String(key.clone()));
        }
    }
    Ok(Value::object(turned.into_iter().map(|(text, keys)| (text, Value::List(keys.into())))))
}
