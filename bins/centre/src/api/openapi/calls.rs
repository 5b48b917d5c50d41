//! Every call: one row each. The tests ask the running centre for each of them.

/// One call.
pub(super) struct Call {
    /// In lower case, as OpenAPI has it.
    pub(super) method: &'static str,
    /// Below `/api`.
    pub(super) path: &'static str,
    /// What it does.
    pub(super) about: &'static str,
    /// Its query string, in the notation of `shapes`.
    pub(super) query: &'static str,
    /// The type of its body; empty for none.
    pub(super) body: &'static str,
    /// The type of its answer; empty for none, `events` for a stream.
    pub(super) answer: &'static str,
    /// Whether it is served without a session.
    pub(super) open: bool,
}

const GET: Call = Call { method: "get", path: "", about: "", query: "", body: "", answer: "", open: false };
const POST: Call = Call { method: "post", ..GET };
const PERIOD: &str = "from time?, to time?";

pub(super) const CALLS: &[Call] = &[
    Call { path: "/openapi.json", about: "This description.", answer: "json", open: true, ..GET },
    Call {
        path: "/health",
        about: "Whether desk, store and intake work, with 503 when one does not (the intake acknowledges nothing while the disk is full); and the parts of the centre that fail, such as `backup`.",
        answer: "Health",
        open: true,
        ..GET
    },
    Call {
        path: "/self-watch",
        about: "How the parts of the centre are that it watches: disk, clock, backups, certificates, ways out, desk, reception, records.",
        answer: "[Standing]",
        ..GET
    },
    Call {
        path: "/login",
        about: "Sign in. After a few wrong passwords, 429 says how long to wait.",
        body: "SignIn",
        answer: "Me",
        open: true,
        ..POST
    },
    Call { path: "/logout", about: "Sign out.", ..POST },
    Call { path: "/me", about: "Who is signed in.", answer: "Me", ..GET },
    Call {
        path: "/queue",
        about: "Every open incident, most urgent first, then oldest first.",
        answer: "Queue",
        ..GET
    },
    Call {
        path: "/queue/pause",
        about: "Pause what is offered to you, where the policy offers incidents to operators, or resume it.",
        body: "Pause",
        ..POST
    },
    Call {
        path: "/incidents",
        about: "Incidents, newest first. What waits in a queue that is only for others is left out and counted, here and wherever `hidden` stands.",
        query: "account text?, open bool?, from time?, to time?, older int?, limit int?",
        answer: "Incidents",
        ..GET
    },
    Call {
        path: "/incidents/{incident}/clips",
        about: "The clips of sound and video that are bound to it, and what is wrong with their files.",
        answer: "[ClipRow]",
        ..GET
    },
    Call {
        path: "/incidents/{incident}/clips",
        about: "Keep a clip: the file itself is the body, of up to 32 MiB, with its media type. What it shows is for people to judge.",
        query: "name text?, starts time?, ends time?",
        body: "file",
        answer: "KeptClip",
        ..POST
    },
    Call {
        path: "/incidents/{incident}/clips/{clip}",
        about: "The file of a clip, where it is the one that was kept; that it was looked at is recorded.",
        answer: "file",
        ..GET
    },
    Call {
        path: "/incidents/{incident}",
        about: "One incident with its account, its signals and its time line. 403 `other-queue`, here and at every call with an incident or a \
                signal in its address, for what waits in a queue that is only for others.",
        answer: "IncidentPage",
        ..GET
    },
    Call {
        path: "/incidents/{incident}/plan",
        about: "The action plan that an incident follows: each step with its state, when and by whom it was done, and on what \
                it depends whether it is asked for.",
        answer: "IncidentPlan",
        ..GET
    },
    Call {
        path: "/incidents/{incident}/acts",
        about: "Act on an incident. Answered once the act is durable; 409 with the desk's refusal, after which nothing has changed.",
        body: "Act",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/incidents/{incident}/dossier",
        about: "Everything that is stored of an incident as one sealed document, `{\"dossier\", \"seal\"}`: time line, signals with \
                their frames, and the links of the chains. `report check-dossier` checks it.",
        answer: "json",
        ..GET
    },
    Call {
        path: "/accounts",
        about: "Accounts by number; `search` is the number's beginning or a part of name or address.",
        query: "search text?, after text?, limit int?",
        answer: "Accounts",
        ..GET
    },
    Call {
        path: "/accounts/{account}",
        about: "One account with zones, contacts, state, signals, incidents and the history of its card.",
        answer: "AccountPage",
        ..GET
    },
    Call {
        path: "/accounts/{account}/signals",
        about: "The signals of an account, newest first, whether it has a card or not.",
        query: "older int?, limit int?",
        answer: "SignalPage",
        ..GET
    },
    Call {
        path: "/accounts/{account}/signals",
        about: "Enter an alarm that a person tells of, by telephone, at the counter or by radio: a signal of the account with a code of \
                Contact ID, judged as one of its panel would be. No test, agreement, wait or swinging zone keeps it back. Who told of it \
                (`contact` of the call list, or `caller`) and the note stand in its incident. 422 for what is no alarm or trouble, or is \
                only logged for this account.",
        body: "ToldAlarm",
        answer: "Entered",
        ..POST
    },
    Call {
        path: "/accounts/{account}/card",
        about: "Change the card of an account; what is not named stays, `-` takes a text away and 0 a number. What safety rests on \
                acts at once and is pending until another person has reviewed it; 409 when the card is another version by now.",
        body: "CardEdit",
        answer: "Carded",
        ..POST
    },
    Call {
        path: "/accounts/{account}/review",
        about: "Approve what is pending of a card, or reject it: then it is put back as it was. 409 for whoever changed it.",
        body: "CardReview",
        answer: "Carded",
        ..POST
    },
    Call {
        path: "/accounts/{account}/agreed",
        about: "Propose that an account is suspended, that something of it is only logged by written agreement, or that it is put on \
                test again and again: `{\"act\": \
                \"propose\", \"version\": 3, \"lowers\": \"suspension\", \"days\": 7, \"reason\": \"...\"}`, for `log-only` with \
                `agreement` and `only`, `except` or `classes`; for `recurring-test` with `hours` (`zone Asia/Shanghai; Mon 09:00-10:00`), \
                `test_reason` and what is tested, `life_safety` only with `agreement` and approved by a supervisor. It is in force once another person has approved it with the review of \
                the card, covers life safety only where a test names it, and ends by itself; `end` with `number` and `reason` ends it now. 409 with what \
                is wrong with it.",
        body: "AgreedAct",
        answer: "Carded",
        ..POST
    },
    Call {
        path: "/accounts/{account}/test",
        about: "Put an account on test, extend that test, or end it. What it covers is logged and calls nobody, for no longer \
                than the limit of whoever acts; while an incident of life safety of the account is open that was not open when it \
                was agreed to, and of what people report, it covers nothing; 409 with the desk's refusal, after which nothing has changed.",
        body: "TestAct",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/accounts/{account}/false-calls",
        about: "Record the proof of a remedy, as a supervisor: `{\"act\": \"prove\", \"reference\": \"WO-77\", \"note\": \"...\"}`. 409 with the desk's \
                refusal, after which nothing has changed.",
        body: "FalseCallsAct",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/false-calls",
        about: "The false alarms that the rules in force count, and what they have brought: warnings, remedies due, withdrawals \
                of the police's response, each by its clause.",
        answer: "json",
        ..GET
    },
    Call {
        path: "/packs",
        about: "The rule packs in force, clause by clause with the mark of each (U: parameter, unverified), and where the policy \
                deviates from them.",
        answer: "json",
        ..GET
    },
    Call {
        path: "/packs/{pack}",
        about: "How far the clauses of a rule pack were kept in a period, as `report pack` says: what was found, the figure against \
                the target, and what stands behind each failure. A clause with mark U is a parameter: it neither passes nor fails.",
        query: "from time?, to time?, as_of time?, all bool?",
        answer: "PackReport",
        ..GET
    },
    Call {
        path: "/tests",
        about: "The tests of accounts that went on in a period; without one, those that are not over.",
        query: PERIOD,
        answer: "[TestRow]",
        ..GET
    },
    Call {
        path: "/lowered",
        about: "Everything that lowers the protection of an account: tests, silent lines, test mode at the panel, bypassed zones, \
                late tests, failed paths, changes of cards that nobody has reviewed, dead telephone numbers, suspended accounts, log-only \
                agreements, late closings of which somebody was asked; who must see to each, and by when. The first due first.",
        answer: "[LoweredRow]",
        ..GET
    },
    Call {
        path: "/lowered/{account}",
        about: "Give a row of the board to a person or a rank, or take it back: `{\"act\": \"assign\", \"kind\": \"silent\", \"since\": \
                1795385643250, \"rank\": \"supervisor\"}`, `{\"act\": \"unassign\", ...}`; `code` and `number` as the row has them, \
                `since` in milliseconds. Or record what somebody answers by telephone about a late closing: `{\"act\": \
                \"answer-closing\", \"signal\": 77, \"answer\": \"extend\", \"minutes\": 30, \"contact\": 1}`; also `not-today` and \
                `arm`. 409 with the desk's refusal, after which nothing has changed.",
        body: "LoweredAct",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/follow-ups",
        about: "The follow-ups that were open in a period; without one, those that are not done.",
        query: PERIOD,
        answer: "[FollowUpRow]",
        ..GET
    },
    Call {
        path: "/follow-ups",
        about: "Make a follow-up about an incident or an account.",
        body: "FollowUpAct",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/storms",
        about: "The storms that went on in a period; without one, those that are not over.",
        query: PERIOD,
        answer: "[StormRow]",
        ..GET
    },
    Call {
        path: "/storms",
        about: "Declare a storm; 409 with the desk's refusal, after which nothing has changed.",
        body: "StormAct",
        answer: "Done",
        ..POST
    },
    Call { path: "/storms/{storm}", about: "A storm with its ledger.", answer: "StormPage", ..GET },
    Call {
        path: "/storms/{storm}/acts",
        about: "Confirm, dismiss, extend or end a storm, call staff in, or catch up on a line of its ledger; 409 with the \
                desk's refusal, after which nothing has changed.",
        body: "StormAct",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/follow-ups/{follow_up}",
        about: "Act on a follow-up; 409 with the desk's refusal, after which nothing has changed.",
        body: "FollowUpAct",
        answer: "Done",
        ..POST
    },
    Call {
        path: "/dead-numbers",
        about: "Telephone numbers that turned out wrong or disconnected, and by when they are to be corrected.",
        answer: "[DeadNumberRow]",
        ..GET
    },
    Call {
        path: "/hand-offs/answers",
        about: "An authority's answer to a hand-off, shown with `Authorization: Bearer` and the token of its way in place of a \
                session; `centre outside form` describes it. 200 when it counts or was heard before; 202 when it has no place at \
                the desk and was kept for people to see.",
        body: "AuthorityAnswer",
        answer: "Heard",
        open: true,
        ..POST
    },
    Call {
        path: "/outside",
        about: "The ways out by machine, what is owed on them and why it has not arrived, and what came in that has no place at \
                the desk: unseen first.",
        answer: "OutsidePage",
        ..GET
    },
    Call {
        path: "/outside/unmatched/{unmatched}",
        about: "A person has seen what had no place, and says what was done about it: `{\"note\": \"telephoned\"}`. 409 when \
                somebody has seen it before.",
        body: "Seen",
        ..POST
    },
    Call {
        path: "/signals",
        about: "Signals, newest first.",
        query: "account text?, incident int?, class text?, code text?, outcome Fate?, line text?, token text?, from time?, \
                to time?, older int?, limit int?",
        answer: "SignalPage",
        ..GET
    },
    Call { path: "/signals/{signal}", about: "One signal, decoded and raw.", answer: "SignalRow", ..GET },
    Call {
        path: "/signals/{signal}/why",
        about: "Why a signal was shown or was not: its decisions, the account's card and state then, what would have shown it.",
        answer: "Explanation",
        ..GET
    },
    Call {
        path: "/units",
        about: "The dispatch board: every unit and what it is out for.",
        answer: "[UnitRow]",
        ..GET
    },
    Call {
        path: "/units/{unit}",
        about: "Change a unit's card or make a new one: where it is, whether it is on duty, what it can do. What is not named \
                stays; `-` takes a text away. Name, districts, travel and skills are for supervisors.",
        body: "UnitEdit",
        answer: "UnitCard",
        ..POST
    },
    Call {
        path: "/operators",
        about: "Who works at the desk, what they can do, who is there; and the queues of the policy with how many are there for each.",
        answer: "Staff",
        ..GET
    },
    Call {
        path: "/operators/{operator}",
        about: "One person of the desk, what can be put on their card, and what changed of it, newest first.",
        answer: "OperatorPage",
        ..GET
    },
    Call {
        path: "/operators/{operator}",
        about: "Change skills and languages of a person; for supervisors. What is not named stays; 422 lists the names that queues know.",
        body: "OperatorEdit",
        answer: "OperatorRow",
        ..POST
    },
    Call { path: "/handover", about: "What the next shift must know.", answer: "Handover", ..GET },
    Call {
        path: "/handover",
        about: "Hand the shift over: the one who comes signs the `list` that both saw, within 15 minutes, with log-in and password. What has \
                changed of it meanwhile stands in the record as `since`, beside what was signed; where people have lowered protection meanwhile, 409: look again.",
        body: "Signing",
        answer: "SignedHandover",
        ..POST
    },
    Call { path: "/handovers", about: "The last signed hand-overs.", answer: "[SignedHandover]", ..GET },
    Call {
        path: "/reports/response",
        about: "How fast the centre answered: receive to first act, dispatch and close.",
        query: PERIOD,
        answer: "Response",
        ..GET
    },
    Call {
        path: "/reports/handling",
        about: "How long incidents that were closed in a period were in hand, and how long units were out for them, by kind; figures from \
                so many cases on as `least` says.",
        query: PERIOD,
        answer: "Handling",
        ..GET
    },
    Call {
        path: "/reports/hand-offs",
        about: "The hand-offs that were asked for in a period, each state with its time and by which way; and how fast the \
                authorities answered.",
        query: PERIOD,
        answer: "HandOffs",
        ..GET
    },
    Call {
        path: "/reports/auto-handled",
        about: "How often each rule kept signals of a period from the operators, lowered them or ended their wait by circumstances: by \
                account and user.",
        query: PERIOD,
        answer: "[AutoHandledRow]",
        ..GET
    },
    Call {
        path: "/reports/sources",
        about: "Signals of a period that came from an address or number that the card of their account did not list then: by account \
                and source.",
        query: PERIOD,
        answer: "[StrangeSourceRow]",
        ..GET
    },
    Call {
        path: "/reports/offers",
        about: "The offers of incidents to operators that were made in a period, how each ended, and how soon each operator takes them.",
        query: PERIOD,
        answer: "Offers",
        ..GET
    },
    Call {
        path: "/reports/false-alarms",
        about: "False alarms by cause, account and zone.",
        query: PERIOD,
        answer: "FalseAlarms",
        ..GET
    },
    Call {
        path: "/reports/counts",
        about: "Signals per day, class and outcome.",
        query: PERIOD,
        answer: "[DayCount]",
        ..GET
    },
    Call {
        path: "/reports/conservation",
        about: "Whether every frame ended somewhere: received, answered, stored and disposed of, per minute and line.",
        query: PERIOD,
        answer: "Conservation",
        ..GET
    },
    Call {
        path: "/live",
        about: "What happens, as it happens. `Last-Event-ID` (or `after`) says what is known already.",
        query: "after int?",
        answer: "events",
        ..GET
    },
];
