//! Clips of sound and video (§2.2): kept beside the database, each look recorded, and nothing spoilt goes unseen.

use std::path::{Path, PathBuf};

use opsmodel::store::query::{Reader, check_dossier};
use opsmodel::store::{StoreError, verify};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::centre::{Centre, command};
use crate::web::Web;

/// Sends a file as a clip of an incident.
pub(crate) fn keep(web: &mut Web, path: &str, media: &str, body: &str) -> crate::web::Answer {
    web.request("POST", path, &[("content-type", media)], body)
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn views(web: &mut Web, incident: u64) -> Vec<(Value, Value, Value)> {
    let clips = web.get(&format!("/api/incidents/{incident}/clips")).json();
    let clip = |clip: &Value| (clip["number"].clone(), clip["views"].clone(), clip["fault"].clone());
    clips.as_array().unwrap().iter().map(clip).collect()
}

fn broken(folder: &Path) -> String {
    match verify(folder) {
        Err(StoreError::Broken(broken)) => broken.to_string(),
        other => panic!("{other:?}"),
    }
}

/// "clip 10-30 s before alarm bound to the event; view logged; clip hash in the chain; missing clip is said on the screen".
#[test]
fn row_2_2_clips_are_bound_to_their_incident() {
    let centre = Centre::start();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let incident = centre.burglary(&mut li, "1001", 3);
    let clips = format!("/api/incidents/{incident}/clips");
    let (video, sound) = ("\0\0\0\u{18}ftypmp42: not really a video", "\u{1a}E\u{7e3}webm: not really a sound");
    let path = format!("{clips}?name=door.mp4&starts=2020-11-26T08:00:00Z&ends=2020-11-26T08:00:20Z");
    let kept = keep(&mut li, &path, "video/mp4", video);
    assert_eq!(kept.json(), json!({ "number": 1, "kind": "video", "sha256": sha256(video), "bytes": video.len() }));
    assert_eq!(keep(&mut li, &clips, "audio/webm; codecs=opus", sound).json()["kind"], "sound");
    assert_eq!(keep(&mut li, &clips, "video/webm", sound).problem(), (409, "already-kept".into()));
    // What a file says of itself goes before what it was called.
    let wrong = keep(&mut li, &clips, "audio/wav", video);
    assert_eq!(wrong.problem(), (409, "not-its-media".into()));
    let problem = wrong.json();
    let said = "the file is no audio/wav: it begins as video/mp4; send it as that";
    let refusal = json!({ "refusal": "not-its-media", "media": "audio/wav", "found": "video/mp4" });
    assert_eq!((&problem["title"], &problem["particulars"]), (&json!(said), &refusal));
    assert_eq!(keep(&mut li, &clips, "video/mp4", "<p>").problem(), (409, "not-its-media".into()));
    assert_eq!(std::fs::read_dir(centre.data.join("clips")).unwrap().count(), 2, "nothing of it is kept");
    let ahead = format!("{clips}?starts=2120-11-26T08:00:00Z");
    assert_eq!(keep(&mut li, &ahead, "audio/ogg", "OggS").problem(), (409, "in-the-future".into()));
    assert_eq!(keep(&mut li, &clips, "text/html", "<p>").problem(), (409, "not-this-media".into()));
    assert_eq!(keep(&mut li, "/api/incidents/99/clips", "video/mp4", "x").problem(), (404, "not-found".into()));
    let mut stranger = centre.web();
    assert_eq!(keep(&mut stranger, &clips, "video/mp4", "x").problem().0, 401);

    // Each look is recorded, by whom and when; a list is no look.
    let file = chen.get(&format!("{clips}/1"));
    assert_eq!((file.status, file.header("content-type"), file.body.as_str()), (200, Some("video/mp4"), video));
    assert_eq!(file.header("x-content-sha256"), Some(sha256(video).as_str()));
    assert_eq!(li.get(&format!("{clips}/7")).problem(), (404, "not-found".into()));
    assert_eq!(views(&mut li, incident), [(json!(1), json!(1), json!(null)), (json!(2), json!(0), json!(null))]);
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(
        page.contains("door.mp4") && page.contains(&format!("<video controls preload=\"none\" src=\"{clips}/1\">"))
    );

    // The dossier holds the digest, chained, and the look.
    let sealed = li.get(&format!("/api/incidents/{incident}/dossier")).json();
    let told = &sealed["dossier"]["clips"];
    assert_eq!((&told[0]["event"]["sha256"], &told[2]["kind"]), (&json!(sha256(video)), &json!("viewed")));
    assert_eq!(told[2]["by_name"], "chen");
    check_dossier(&sealed).unwrap();
    let mut forged = sealed.clone();
    forged["dossier"]["clips"][0]["event"]["sha256"] = json!(sha256("another video"));
    assert!(check_dossier(&forged).is_err());

    // A closed incident is looked at, too.
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "verify-false", "cause": "animal" }));
    assert_eq!(li.get(&format!("{clips}/2")).status, 200);
    assert_eq!(verify(&centre.data).unwrap().clips, 2);

    // A centre that runs on a copy has its clips.
    let shelf = tempfile::tempdir().unwrap();
    let backup = |name| {
        let to = shelf.path().join(name);
        let said = command(&["backup", "--data", centre.data.to_str().unwrap(), "--to", to.to_str().unwrap()]).output();
        let said = said.unwrap();
        assert!(said.status.success(), "{said:?}");
        let [out, err] = [said.stdout, said.stderr].map(|said| String::from_utf8(said).unwrap());
        let copy = PathBuf::from(out.lines().next().unwrap());
        (copy, out.lines().nth(1).unwrap().to_owned(), err)
    };
    let (copy, out, err) = backup("whole");
    assert!(out.ends_with(", clips 2: copied and checked") && err.is_empty(), "{out} {err}");
    let restored = Centre::on(&copy);
    assert_eq!(restored.operator("chen").get(&format!("{clips}/1")).body, video);
    restored.terminate();

    // Spoilt or gone: it is said on the screen, in the answer and by the check.
    let at = centre.data.join("clips").join(sha256(video));
    std::fs::write(&at, video.to_uppercase()).unwrap();
    assert_eq!(li.get(&format!("{clips}/1")).problem(), (409, "clip-altered".into()));
    assert_eq!(broken(&centre.data), format!("clip 1 of incident {incident}: altered or moved"));
    std::fs::remove_file(&at).unwrap();
    assert_eq!(li.get(&format!("{clips}/1")).problem(), (409, "clip-missing".into()));
    assert_eq!(broken(&centre.data), format!("clip 1 of incident {incident}: missing"));
    let (_, out, err) = backup("rest");
    assert!(out.ends_with(", clips 1: copied and checked"), "{out}");
    let missing = format!("clip 1 of incident {incident}: missing");
    assert_eq!(err, format!("centre: not in this copy: {missing}; see whether an older one has it\n"));
    let page =
        li.request("GET", &format!("/incidents/{incident}"), &[("cookie", "lang=en"), ("accept-language", "en")], "");
    assert!(page.body.contains("File missing") || page.body.contains("文件缺失"), "{}", page.body);
    assert_eq!(views(&mut li, incident)[0], (json!(1), json!(1), json!("missing")));
    // Kept once more it is whole again for everybody: the digest is the same.
    std::fs::write(&at, video).unwrap();
    assert_eq!(verify(&centre.data).unwrap().clips, 2);
    let rebuilt = Reader::open(&centre.data).unwrap().clip_moments(alarmcore::IncidentId::new(incident)).unwrap();
    assert_eq!(rebuilt.len(), 4);
}
