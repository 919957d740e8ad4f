//! The catalog in SQLite: one ordered table of rows, and the generation they reach.
//!
//! Write-ahead log, `synchronous = NORMAL`: a power cut may lose the last commits, never half of one.
//! Each snapshot is a read transaction on a connection of its own, taken from a pool. All of it is
//! derived: a file that is damaged, or of another schema, is deleted and begun anew under the lock.
//!
//! A reader who may not write the folder reads all the same: through the shared memory file of a writer
//! if one is there, else the database file as the last checkpoint left it (the last writer to leave
//! makes one).

use crate::dir::{Access, io_error};
use posthoc_store::{Catalog, Change, Direction, Generation, Result, Snapshot, StoreError};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Raised when the meaning of the tables changes, posthoc-archive's rows included.
const SCHEMA: i64 = 1;
/// Read connections that are kept when nobody uses them.
const KEPT: usize = 8;
/// How long to wait for another connection's short locks.
const BUSY: Duration = Duration::from_secs(20);

const CREATE: &str = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; \
    CREATE TABLE IF NOT EXISTS row(k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID; \
    CREATE TABLE IF NOT EXISTS meta(id INTEGER PRIMARY KEY CHECK (id = 0), generation INTEGER NOT NULL); \
    INSERT OR IGNORE INTO meta VALUES (0, 0); PRAGMA user_version = 1; COMMIT;";
// A server fills these caches and keeps them: what they are beyond is what a mail costs it in memory.
const WRITER: &str = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; \
    PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;";
const READER: &str = "PRAGMA cache_size = -4000; PRAGMA query_only = 1;";
/// A commit of so many rows, as a bulk import makes them, changes more pages than the cache holds; it has
/// a larger one for as long as it takes.
const MANY: usize = 16_000;
const LARGER: &str = "PRAGMA cache_size = -16000;";
const AS_BEFORE: &str = "PRAGMA cache_size = -8000;";

/// The catalog's file.
pub(crate) struct SqliteCatalog {
    path: PathBuf,
    access: Access,
    writer: Mutex<Option<(FileId, Connection)>>,
    readers: Mutex<Readers>,
}

/// Device and number of the file that a connection has open: another process that finds the file damaged
/// begins a new one under the same name.
type FileId = Option<(u64, u64)>;

/// Idle read connections.
#[derive(Default)]
struct Readers {
    file: FileId,
    idle: Vec<Connection>,
}

impl SqliteCatalog {
    /// The catalog at `path`; nothing is opened yet.
    pub(crate) fn new(path: &Path, access: Access) -> SqliteCatalog {
        SqliteCatalog {
            path: path.to_owned(),
            access,
            writer: Mutex::default(),
            readers: Mutex::default(),
        }
    }

    /// Whether the file can be used as it is.
    pub(crate) fn is_usable(&self) -> Result<bool> {
        if !self.path.exists() {
            return Ok(false);
        }
        match self.read_connection().and_then(|conn| self.schema(&conn)) {
            Ok(schema) => Ok(schema == SCHEMA),
            Err(StoreError::Damaged { .. }) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Deletes the file and begins it anew. Only under the store's lock.
    pub(crate) fn recreate(&self) -> Result<()> {
        let mut writer = self.writer();
        *writer = None;
        *self.readers.lock().unwrap_or_else(PoisonError::into_inner) = Readers::default();
        for suffix in ["-wal", "-shm", ""] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            match fs::remove_file(&name) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io_error("remove", Path::new(&name))(e));
                }
                _ => {}
            }
        }
        // SQLite gives its other files the mode and owner of this one.
        self.access
            .create_new(&self.path)
            .map_err(io_error("create", &self.path))?;
        let conn = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.execute_batch(CREATE)
            .and_then(|()| conn.execute_batch(WRITER))
            .map_err(|e| self.error(e))?;
        *writer = Some((self.file(), conn));
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Option<(FileId, Connection)>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in a write transaction, which may be a large one.
    fn write(
        &self,
        is_large: bool,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let mut writer = self.writer();
        let file = self.file();
        if writer.as_ref().is_none_or(|(open, _)| *open != file) {
            let conn = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            conn.execute_batch(WRITER).map_err(|e| self.error(e))?;
            *writer = Some((file, conn));
        }
        let Some((_, conn)) = writer.as_mut() else {
            return Ok(());
        };
        if is_large {
            conn.execute_batch(LARGER).map_err(|e| self.error(e))?;
        }
        let run = || {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            work(&tx)?;
            tx.commit()
        };
        let done = run().map_err(|e| self.error(e));
        if is_large {
            conn.execute_batch(AS_BEFORE).map_err(|e| self.error(e))?;
        }
        done
    }

    fn connect(&self, flags: OpenFlags) -> Result<Connection> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags).map_err(|e| self.error(e))?;
        conn.busy_timeout(BUSY).map_err(|e| self.error(e))?;
        Ok(conn)
    }

    /// A connection that reads: as a peer of the writers if the folder lets it, else by the file alone.
    fn read_connection(&self) -> Result<Connection> {
        let conn = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        match conn.execute_batch(READER).and_then(|()| schema_of(&conn)) {
            Ok(_) => return Ok(conn),
            Err(e) if is_read_only(&e) => {}
            Err(e) => return Err(self.error(e)),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(immutable_uri(&self.path), flags)
            .map_err(|e| self.error(e))?;
        conn.execute_batch(READER).map_err(|e| self.error(e))?;
        Ok(conn)
    }

    fn schema(&self, conn: &Connection) -> Result<i64> {
        schema_of(conn).map_err(|e| self.error(e))
    }

    /// Which file the path names now.
    fn file(&self) -> FileId {
        fs::metadata(&self.path)
            .ok()
            .map(|meta| (meta.dev(), meta.ino()))
    }

    fn error(&self, error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged {
                what: format!("catalog: {error}"),
                path: self.path.clone(),
                offset: 0,
            },
            _ => StoreError::Driver {
                what: "catalog",
                message: error.to_string(),
            },
        }
    }
}

impl Catalog for SqliteCatalog {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>> {
        let file = self.file();
        let idle = {
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.file != file {
                *readers = Readers {
                    file,
                    idle: Vec::new(),
                };
            }
            readers.idle.pop()
        };
        let conn = idle.map_or_else(|| self.read_connection(), Ok)?;
        // The transaction begins with its first read.
        let begin = || {
            conn.execute_batch("BEGIN")?;
            conn.prepare_cached("SELECT generation FROM meta WHERE id = 0")?
                .query_row([], |row| row.get::<_, i64>(0))
        };
        let generation = Generation(begin().map_err(|e| self.error(e))? as u64);
        Ok(Box::new(SqliteSnapshot {
            catalog: self,
            conn: Some(conn),
            file,
            generation,
        }))
    }

    fn commit(&self, generation: Generation, changes: &[Change]) -> Result<()> {
        let mut sorted: Vec<&Change> = changes.iter().collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let is_large = sorted.len() >= MANY;
        self.write(is_large, |conn| {
            let mut put = conn.prepare_cached(
                // On a table that is its one index SQLite replaces without looking first.
                "INSERT OR REPLACE INTO row(k, v) VALUES (?1, ?2)",
            )?;
            let mut delete = conn.prepare_cached("DELETE FROM row WHERE k = ?1")?;
            for (key, value) in sorted {
                match value {
                    Some(value) => put.execute((key, value))?,
                    None => delete.execute([key])?,
                };
            }
            set_generation(conn, generation)
        })
    }

    fn clear(&self) -> Result<()> {
        let cleared = self.write(true, |conn| {
            conn.execute("DELETE FROM row", [])?;
            set_generation(conn, Generation(0))
        });
        match cleared {
            Err(StoreError::Damaged { .. }) => self.recreate(),
            done => done,
        }
    }

    fn scrub(&self) -> Result<()> {
        self.vacuum()
    }
}

impl SqliteCatalog {
    /// Copies all rows into fresh pages and empties the log.
    fn vacuum(&self) -> Result<()> {
        *self.readers.lock().unwrap_or_else(PoisonError::into_inner) = Readers::default();
        self.write(false, |_| Ok(()))?;
        let writer = self.writer();
        let Some((_, conn)) = writer.as_ref() else {
            return Ok(());
        };
        let run = || {
            // A copy of a large catalog does not belong into memory.
            conn.execute_batch("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY;")?;
            conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            })
        };
        match run().map_err(|e| self.error(e))? {
            0 => Ok(()),
            _ => Err(StoreError::Locked),
        }
    }
}

/// A read transaction.
struct SqliteSnapshot<'a> {
    catalog: &'a SqliteCatalog,
    /// There until the snapshot is dropped.
    conn: Option<Connection>,
    file: FileId,
    generation: Generation,
}

impl SqliteSnapshot<'_> {
    fn run<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let closed = || StoreError::Driver {
            what: "catalog",
            message: "snapshot is closed".into(),
        };
        work(self.conn.as_ref().ok_or_else(closed)?).map_err(|e| self.catalog.error(e))
    }
}

impl Snapshot for SqliteSnapshot<'_> {
    fn generation(&self) -> Generation {
        self.generation
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.run(|conn| {
            conn.prepare_cached("SELECT v FROM row WHERE k = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()
        })
    }

    fn scan(
        &self,
        from: &[u8],
        to: &[u8],
        direction: Direction,
        each: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<()> {
        let sql = match direction {
            Direction::Forward => "SELECT k, v FROM row WHERE k >= ?1 AND k < ?2 ORDER BY k",
            Direction::Backward => "SELECT k, v FROM row WHERE k >= ?1 AND k < ?2 ORDER BY k DESC",
        };
        self.run(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query([from, to])?;
            while let Some(row) = rows.next()? {
                if !each(row.get_ref(0)?.as_blob()?, row.get_ref(1)?.as_blob()?) {
                    break;
                }
            }
            Ok(())
        })
    }
}

impl Drop for SqliteSnapshot<'_> {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if conn.execute_batch("ROLLBACK").is_err() {
            return;
        }
        let mut readers = self
            .catalog
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if readers.file == self.file && readers.idle.len() < KEPT {
            readers.idle.push(conn);
        }
    }
}

fn set_generation(conn: &Connection, generation: Generation) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE meta SET generation = ?1 WHERE id = 0")?
        .execute([generation.0 as i64])?;
    Ok(())
}

fn schema_of(conn: &Connection) -> rusqlite::Result<i64> {
    let schema = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if schema == SCHEMA {
        conn.query_row("SELECT generation FROM meta WHERE id = 0", [], |row| {
            row.get::<_, i64>(0)
        })?;
    }
    Ok(schema)
}

/// Whether SQLite could not make or write its shared memory file.
fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
    )
}

/// The file's name as SQLite's URI, read as if nobody could write it.
fn immutable_uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = String::from("file:");
    for byte in absolute.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                uri.push(char::from(*byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}
