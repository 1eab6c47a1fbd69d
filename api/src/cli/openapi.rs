//! `hindsight openapi`

/// Prints the description; it is committed as `api/openapi.json`.
pub fn run() -> anyhow::Result<()> {
    super::say(&crate::routes::description().to_pretty_json()?)?;
    Ok(())
}
