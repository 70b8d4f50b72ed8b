//! The description of the API, made from the table of routes.

use axum::http::Method;
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};

use crate::{error::ErrorAnswer, guard::Access, router::Route, schema};

/// A schema with a name, and those that it refers to.
#[derive(Clone, Copy)]
pub struct Named {
    name: fn() -> String,
    collect: fn(&mut Vec<(String, RefOr<Schema>)>),
    is_list: bool,
}

impl Named {
    pub fn of<T: ToSchema>() -> Self {
        Self {
            name: || T::name().into_owned(),
            collect: |into| {
                into.push((T::name().into_owned(), <T as PartialSchema>::schema()));
                T::schemas(into);
            },
            is_list: false,
        }
    }

    pub fn list_of<T: ToSchema>() -> Self {
        Self { is_list: true, ..Self::of::<T>() }
    }

    fn reference(&self) -> Value {
        let reference = json!({ "$ref": format!("#/components/schemas/{}", (self.name)()) });
        if self.is_list { json!({ "type": "array", "items": reference }) } else { reference }
    }
}

/// What an answer holds.
#[derive(Clone, Copy)]
pub enum Gives {
    /// Nothing: 204.
    Nothing,
    /// JSON, with this status.
    Json(u16, Named),
    /// Something else, of this kind.
    Other(&'static str),
}

/// Writes the description of these routes as JSON.
pub fn document(routes: &[Route]) -> String {
    let mut collected: Vec<(String, RefOr<Schema>)> = Vec::new();
    let mut named = vec![Named::of::<ErrorAnswer>(), Named::of::<schema::Frame>()];
    let mut paths = serde_json::Map::new();
    for route in routes {
        named.extend(route.takes);
        if let Gives::Json(_, gives) = route.gives {
            named.push(gives);
        }
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route);
    }
    for named in &named {
        (named.collect)(&mut collected);
    }
    collected.sort_by(|a, b| a.0.cmp(&b.0));
    let schemas: serde_json::Map<String, Value> =
        collected.into_iter().filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?))).collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Lyceum 学园",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A session is a cookie, `lyceum_session`. Every request that changes something says where it \
                            comes from, in `Origin` or `Sec-Fetch-Site`, as browsers do.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "lyceum_session" } },
        },
    });
    let mut text = serde_json::to_string_pretty(&document).expect("a description is JSON");
    text.push('\n');
    text
}

fn operation(route: &Route) -> Value {
    let who = match route.access {
        Access::Everyone => "everyone",
        Access::Monitor => "a monitor on the same machine, or an operator",
        Access::Learner => "whoever is signed in",
        Access::Instructor => "instructors and operators",
        Access::Operator => "operators",
    };
    let in_path = route
        .parameters()
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let in_query = route
        .asks
        .iter()
        .map(|(name, kind)| json!({ "name": name, "in": "query", "required": false, "schema": { "type": kind } }));
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    let (status, answer) = match route.gives {
        Gives::Nothing => (204, json!({ "description": "Done." })),
        Gives::Json(status, named) => (
            status,
            json!({
                "description": "Done.",
                "content": { "application/json": { "schema": named.reference() } },
            }),
        ),
        Gives::Other(kind) => {
            (200, json!({ "description": "Done.", "content": { kind: { "schema": { "type": "string" } } } }))
        }
    };
    let error = Named::of::<ErrorAnswer>().reference();
    let mut operation = json!({
        "operationId": route.name(),
        "summary": route.summary,
        "description": format!("For {who}."),
        "tags": [route.tag()],
        "responses": {
            status.to_string(): answer,
            "default": {
                "description": "It was not done.",
                "content": { "application/json": { "schema": error } },
            },
        },
    });
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(takes) = route.takes {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": takes.reference() } } });
    }
    if !matches!(route.access, Access::Everyone) {
        operation["security"] = json!([{ "session": [] }]);
    }
    operation
}

impl Route {
    /// Returns the names of the parts of the path that vary.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Returns a name for the route: `get_courses_units`.
    fn name(&self) -> String {
        let method = match self.method {
            Method::POST => "post",
            Method::PUT => "put",
            Method::PATCH => "patch",
            Method::DELETE => "delete",
            _ => "get",
        };
        let parts = self.path.split('/').filter(|part| !part.is_empty() && *part != "api");
        let last_varies = self.path.ends_with('}');
        let words: Vec<String> =
            parts.filter(|part| !part.starts_with('{')).map(|part| part.replace(['.', '-'], "_")).collect();
        format!("{method}_{}{}", words.join("_"), if last_varies { "_one" } else { "" })
    }

    fn tag(&self) -> &'static str {
        let path = self.path.strip_prefix("/api/").unwrap_or("monitoring");
        path.split('/').next().unwrap_or("monitoring")
    }
}
