//! An authority that is reached by files: messages in one folder, answers in another.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Psap, Taken};

const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Takes messages from the folder `out` of a centre, moves them into its folder `taken`, and puts answers into `answers`, until
/// it is dropped.
///
/// # Errors
/// A folder cannot be made, read or written.
pub async fn serve_files(psap: Psap, out: PathBuf, answers: PathBuf) -> std::io::Result<()> {
    std::fs::create_dir_all(out.join("taken"))?;
    std::fs::create_dir_all(&answers)?;
    loop {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&out)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        for file in files {
            let message = serde_json::from_slice::<Value>(&std::fs::read(&file)?).unwrap_or_default();
            match psap.take(message) {
                Taken::Later => continue,
                Taken::Wrong(why) => (psap.witness)(&json!({ "wrong": file.display().to_string(), "why": why })),
                Taken::Stored { answers: said, again, .. } if !again => {
                    tokio::spawn(say(psap.clone(), answers.clone(), said));
                }
                Taken::Stored { .. } => {}
            }
            std::fs::rename(&file, out.join("taken").join(file.file_name().unwrap_or_default()))?;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn say(psap: Psap, folder: PathBuf, answers: Vec<Value>) {
    for (place, answer) in answers.into_iter().enumerate() {
        tokio::time::sleep(psap.course.delay).await;
        let name = format!("{}-{place}", answer["message"].as_str().unwrap_or_default().replace('/', "-"));
        let put = put(&folder, &name, &answer).err().map(|error| error.to_string());
        (psap.witness)(&json!({ "said": answer["message"], "answer": answer["answer"], "fault": put }));
    }
}

/// A file that is seen under its name only once it is whole.
fn put(folder: &Path, name: &str, answer: &Value) -> std::io::Result<()> {
    let part = folder.join(format!("{name}.part"));
    std::fs::write(&part, answer.to_string())?;
    std::fs::rename(part, folder.join(format!("{name}.json")))
}
