//! Chromium without a window, spoken to over two pipes (the DevTools protocol): no port is open and
//! no library is needed. Messages are JSON with a zero byte behind each.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a page may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(15);

/// Names under which Debian and others install it; `$CHROMIUM` is asked first.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Sends the DevTools pipes (3 and 4) where we can reach them: standard input and output.
const PIPES: &str = "exec \"$@\" 3<&0 4>&1 0</dev/null 1>&2";

/// A browser with one page.
pub(in crate::prove) struct Browser {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    session: String,
    next: u64,
    /// Events of the page since it was last asked to go somewhere.
    pub(in crate::prove) events: Vec<Value>,
}

impl Browser {
    /// Starts one, with a profile in that folder. Names of other machines lead nowhere.
    pub(in crate::prove) fn start(profile: &Path) -> Result<Self> {
        let program = std::env::var("CHROMIUM").ok().or_else(find).context(
            "no Chromium here: install it (Debian: apt-get install chromium), or name it in CHROMIUM",
        )?;
        let mut process = Command::new("sh")
            .args(["-c", PIPES, "sh", &program])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-popup-blocking",
                "--disable-extensions",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {program}"))?;
        let input = process.stdin.take().context("no pipe to the browser")?;
        let output = process.stdout.take().context("no pipe from the browser")?;
        let (send, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else {
                    continue;
                };
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser = Browser {
            process,
            input,
            messages,
            session: String::new(),
            next: 0,
            events: Vec::new(),
        };
        browser.call("Target.setDiscoverTargets", json!({"discover": true}))?;
        browser.open()?;
        Ok(browser)
    }

    /// A new page in place of the one before.
    pub(in crate::prove) fn open(&mut self) -> Result<()> {
        self.session.clear();
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}))?;
        let attached = self.call(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        )?;
        let session = attached["sessionId"].as_str().context("no session")?;
        self.session = session.to_owned();
        for domain in ["Page", "Network", "Runtime", "Debugger", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}))?;
        }
        let denied = json!({"behavior": "deny", "eventsEnabled": true});
        self.call("Page.setDownloadBehavior", json!({"behavior": "deny"}))
            .or_else(|_| self.call("Browser.setDownloadBehavior", denied))?;
        self.events.clear();
        Ok(())
    }

    /// Asks for something and waits for the answer; events on the way are kept.
    pub(in crate::prove) fn call(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.next += 1;
        let id = self.next;
        self.say(id, method, parameters)?;
        let until = Instant::now() + PATIENCE;
        loop {
            let message = self.message(until).with_context(|| method.to_owned())?;
            if message["id"] == id {
                if let Some(error) = message.get("error") {
                    bail!("{method}: {error}");
                }
                return Ok(message["result"].clone());
            }
            self.take(message)?;
        }
    }

    /// Goes to an address and waits until the page is loaded. False when it was no page to show: a
    /// file to be saved, or nothing at all.
    pub(in crate::prove) fn go(&mut self, url: &str) -> Result<bool> {
        while let Ok(late) = self.messages.try_recv() {
            self.take(late)?;
        }
        self.events.clear();
        let went = self.call("Page.navigate", json!({"url": url}))?;
        if went.get("errorText").is_some() || went.get("isDownload") == Some(&json!(true)) {
            return Ok(false);
        }
        let until = Instant::now() + PATIENCE;
        let loaded = |event: &Value| event["method"] == "Page.loadEventFired";
        while !self.events.iter().any(loaded) {
            let message = self.message(until).with_context(|| url.to_owned())?;
            self.take(message)?;
        }
        Ok(true)
    }

    /// Evaluates an expression in the page, where no policy of the page holds; a promise is waited for.
    pub(in crate::prove) fn ask(&mut self, expression: &str) -> Result<Value> {
        let parameters = json!({
            "expression": expression,
            "awaitPromise": true,
            "returnByValue": true,
        });
        let answer = self.call("Runtime.evaluate", parameters)?;
        if let Some(wrong) = answer.get("exceptionDetails") {
            bail!("the question itself is wrong: {wrong}");
        }
        Ok(answer["result"]["value"].clone())
    }

    fn say(&mut self, id: u64, method: &str, parameters: Value) -> Result<()> {
        let mut message = json!({"id": id, "method": method, "params": parameters});
        let of_page = !method.starts_with("Target.") && !method.starts_with("Browser.");
        if of_page && !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = serde_json::to_vec(&message)?;
        bytes.push(0);
        self.input
            .write_all(&bytes)
            .context("the browser is gone")?;
        Ok(self.input.flush()?)
    }

    fn message(&mut self, until: Instant) -> Result<Value> {
        let left = until.saturating_duration_since(Instant::now());
        match self.messages.recv_timeout(left) {
            Ok(message) => Ok(message),
            Err(RecvTimeoutError::Timeout) => bail!("no answer within {} s", PATIENCE.as_secs()),
            Err(RecvTimeoutError::Disconnected) => bail!("the browser ended"),
        }
    }

    /// Keeps an event. Dialogs are closed, or the page would wait for ever.
    fn take(&mut self, message: Value) -> Result<()> {
        if message.get("method").is_none() {
            return Ok(());
        }
        if message["method"] == "Page.javascriptDialogOpening" {
            self.next += 1;
            let id = self.next;
            self.say(id, "Page.handleJavaScriptDialog", json!({"accept": true}))?;
        }
        if message["method"] == "Target.targetCreated" {
            self.events.push(message);
            return Ok(());
        }
        if message["sessionId"] == json!(self.session) {
            self.events.push(message);
        }
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The shell became the browser; its helpers end with it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn find() -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let found = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())?;
    found.to_str().map(str::to_owned)
}
