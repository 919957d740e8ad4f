//! The two tools that come from elsewhere: axe-core in the page, html-validate over the files. Their
//! versions stand in `xtask/web`; they are installed into the target folder, once for each lock file.

use super::Browser;
use crate::run::{built, root, show};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installed tools.
pub(super) struct Web {
    folder: PathBuf,
    axe: String,
}

impl Web {
    /// Installs what is not there yet.
    pub(super) fn install() -> Result<Web> {
        let target = built("posthoc");
        let target = target.ancestors().nth(2).context("no target folder")?;
        let folder = target.join("web");
        let source = root().join("xtask/web");
        let lock = fs::read(source.join("package-lock.json"))?;
        let done = folder.join("installed");
        if fs::read(&done).ok().as_ref() != Some(&lock) {
            fs::create_dir_all(&folder)?;
            for name in ["package.json", "package-lock.json", ".htmlvalidate.json"] {
                fs::copy(source.join(name), folder.join(name))?;
            }
            let words = [
                "ci",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
            ];
            show(Command::new("npm").args(words).current_dir(&folder))?;
            fs::write(&done, &lock)?;
        }
        let rules = ".htmlvalidate.json";
        fs::copy(source.join(rules), folder.join(rules))?;
        let axe = fs::read_to_string(folder.join("node_modules/axe-core/axe.min.js"))?;
        Ok(Web { folder, axe })
    }

    /// What axe finds on the page that the browser shows.
    pub(super) fn axe(&self, browser: &mut Browser) -> Result<Vec<String>> {
        const RUN: &str = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', \
            'wcag22aa', 'best-practice']}).then(found => found.violations.map(v => v.id + ': ' + \
            v.nodes.length + ' times, first ' + v.nodes[0].html.slice(0, 160)))";
        browser.ask(&format!("{};0", self.axe))?;
        let found = browser.ask(RUN)?;
        let found = found.as_array().context("axe says nothing")?;
        Ok(found
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect())
    }

    /// What is wrong with the HTML of a folder's pages.
    pub(super) fn invalid(&self, tree: &Path) -> Result<Vec<String>> {
        // Into a file: it ends before a pipe has taken a long report.
        let file = self.folder.join("report.json");
        let output = Command::new(self.folder.join("node_modules/.bin/html-validate"))
            .arg("--config")
            .arg(self.folder.join(".htmlvalidate.json"))
            .arg("--formatter")
            .arg(format!("json={}", file.display()))
            .args(["--ext", "html"])
            .arg(tree)
            .current_dir(&self.folder)
            .output()
            .context("cannot run html-validate")?;
        let report = fs::read(&file)?;
        let report: Value = serde_json::from_slice(&report).with_context(|| {
            format!("html-validate: {}", String::from_utf8_lossy(&output.stderr))
        })?;
        let files = report.as_array().context("html-validate says nothing")?;
        let mut wrong = Vec::new();
        for file in files {
            for message in file["messages"].as_array().into_iter().flatten() {
                wrong.push(format!(
                    "{}:{}: {} {}",
                    file["filePath"], message["line"], message["ruleId"], message["message"]
                ));
            }
        }
        if wrong.is_empty() && !output.status.success() {
            bail!("html-validate: {}", output.status);
        }
        Ok(wrong)
    }
}
