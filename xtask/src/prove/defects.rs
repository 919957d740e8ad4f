//! All corpora taken in and rendered: how many mails have each defect, and that every mail has a page.

use super::corpora::{files, name_of, untar};
use super::lab::{Lab, text};
use super::{Row, row};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let corpora = lab.corpora()?;
    let mut tally = Tally::default();
    for shelf in ["lists", "maildir", "suites"] {
        for file in files(&corpora.join(shelf))? {
            let name = name_of(&file);
            if lab.options.quick && file.metadata()?.len() > 1_000_000 {
                continue;
            }
            match shelf {
                "lists" => tally.source(lab, &name, &file, &[])?,
                "maildir" => tally.source(lab, &name, &untar(lab, &file)?, &[])?,
                _ => tally.source(lab, &name, &untar(lab, &file)?, &["--kind", "files"])?,
            }
        }
    }
    Ok(tally.rows())
}

#[derive(Default)]
struct Tally {
    mails: u64,
    pages: u64,
    seconds: f64,
    peak: u64,
    defects: BTreeMap<String, u64>,
}

impl Tally {
    fn source(&mut self, lab: &Lab, name: &str, source: &Path, more: &[&str]) -> Result<()> {
        let archive = lab.fresh("defects")?;
        let site = lab.fresh("defects-site")?;
        let words = [
            &["import", "--no-index", "--list", "all", "--public"],
            more,
            &[text(source)?],
        ]
        .concat();
        let report = lab.json(&archive, &words)?;
        let cost = lab.own_cost(&archive, &["publish", text(&site)?])?;
        self.mails += report["stored"].as_u64().unwrap_or(0);
        self.pages += super::suites::pages(&site.join("all"))?;
        self.seconds += cost.seconds;
        self.peak = self.peak.max(cost.peak);
        for source in report["sources"].as_array().into_iter().flatten() {
            for (defect, count) in source["defects"].as_object().into_iter().flatten() {
                let count = count.as_u64().unwrap_or(0);
                *self.defects.entry(defect.clone()).or_default() += count;
            }
        }
        eprintln!("  {name}: {}", report["defects"]);
        Ok(())
    }

    fn rows(self) -> Vec<Row> {
        let mut rows = vec![row(
            format!("{} mails of all corpora", self.mails),
            format!(
                "{} pages in {:.0} s, {} MB at most",
                self.pages,
                self.seconds,
                self.peak / 1_000
            ),
            "a page for each, no panic",
            self.pages == self.mails,
        )];
        let all = self.mails.max(1) as f64;
        for (defect, count) in self.defects {
            let share = format!("{count} ({:.2} %)", count as f64 * 100.0 / all);
            rows.push(row(defect, share, "told", true));
        }
        rows
    }
}
