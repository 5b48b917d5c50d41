// The console's own script: clocks, sound, keyboard, theme. Fetching and swapping is htmx; pages work without either.
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]");

  // Clocks follow the centre, not this machine.
  const skew = Number(document.body.dataset.now || Date.now()) - Date.now();
  const now = () => Date.now() + skew;
  const two = (n) => String(n).padStart(2, "0");
  const spell = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    if (s >= 86400) return `${Math.floor(s / 86400)}d ${two(Math.floor(s / 3600) % 24)}h`;
    return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  };
  function tick() {
    const moment = now();
    for (const time of $$("time.age[data-since]")) {
      const until = time.dataset.until ? Number(time.dataset.until) : moment;
      const age = (until - Number(time.dataset.since)) / 1000;
      const text = spell(age);
      if (time.textContent !== text) time.textContent = text;
      const critical = Number(time.dataset.critical || 0);
      const state = !critical ? "" : age >= critical ? "critical" : age >= Number(time.dataset.warning) ? "warning" : "";
      const ticket = time.closest(".ticket");
      const bearer = ticket || time;
      if ((bearer.dataset.age || "") !== state) bearer.dataset.age = state;
      const gauge = ticket && $(".gauge", ticket);
      if (gauge) { gauge.value = Math.min(1, age / critical); gauge.dataset.age = state; }
    }
    const clock = $("#clock");
    if (clock) clock.textContent = new Date(moment).toLocaleTimeString("sv-SE", { timeZone: clock.dataset.zone || undefined });
  }

  // A chosen file of sound or video goes to its incident; the page is refreshed by the live event.
  addEventListener("change", async (event) => {
    const input = event.target.closest?.("input[data-clip-to]");
    const file = input?.files[0];
    if (!file) return;
    const said = $("[role=alert]", input.closest(".body"));
    input.disabled = true;
    try {
      const answer = await fetch(`${input.dataset.clipTo}?name=${encodeURIComponent(file.name)}`,
        { method: "POST", body: file, headers: { "Content-Type": file.type, "X-CSRF-Token": input.dataset.csrf } });
      const problem = answer.ok ? null : await answer.json();
      said.textContent = problem ? (root.lang.startsWith("zh") ? problem.title_zh : problem.title) : "";
    } catch (error) {
      said.textContent = String(error);
    }
    said.hidden = !said.textContent;
    input.disabled = false;
    input.value = "";
  });

  // The alarm: sounds in one window only, as long as something new waits that nobody has taken. In one that can: whoever is muted, or
  // may not sound before somebody touches it, leaves it to another.
  const sound = {
    wanted: localStorage.getItem("sound") !== "off", context: null, leader: false, asking: null, release: null, timer: 0,
    titled: "", title: "", elsewhere: true,
    ready() { return this.wanted && this.context?.state === "running"; },
    // A browser lets a page sound at once where somebody has used this site in this window before, and else at the first touch.
    arm() {
      if (!this.context) {
        this.context = new AudioContext();
        this.context.addEventListener("statechange", () => this.show());
      }
      this.context.resume().catch(() => {});
      this.show();
    },
    lead() {
      if (this.ready() === Boolean(this.asking)) return;
      if (!this.ready()) {
        this.asking.abort();
        this.release?.();
        this.asking = this.release = null;
        this.leader = false;
        return;
      }
      const asking = this.asking = new AbortController();
      const leads = () => { this.leader = true; this.check(); };
      if (!navigator.locks) return leads();
      navigator.locks.request("alarm-sound", { signal: asking.signal }, () => {
        if (asking.signal.aborted) return null;
        leads();
        return new Promise((release) => { this.release = release; });
      }).catch(() => {});
    },
    show() {
      const on = this.ready();
      this.lead();
      this.tell();
      const mute = $("#mute");
      if (mute) mute.hidden = on || !this.wanted || performance.now() < 1500;
      const button = $("#sound");
      if (!button) return;
      button.setAttribute("aria-pressed", String(on));
      button.classList.toggle("danger", !on);
      $("use", button).setAttribute("href", `/static/icons.svg#${on ? "bell" : "bell-off"}`);
      $("span", button).textContent = on ? button.dataset.on : button.dataset.off;
    },
    note(frequency, start, length, shape, level) {
      const tone = this.context.createOscillator();
      const gain = this.context.createGain();
      tone.type = shape;
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(level, start + 0.015);
      gain.gain.setValueAtTime(level, start + length - 0.04);
      gain.gain.linearRampToValueAtTime(0, start + length);
      tone.connect(gain).connect(this.context.destination);
      tone.start(start);
      tone.stop(start + length);
    },
    // Life safety alternates two hard tones; everything else is two soft ones.
    play(life) {
      const start = this.context.currentTime + 0.02;
      if (life) for (let i = 0; i < 6; i++) this.note(i % 2 ? 960 : 720, start + i * 0.2, 0.19, "square", 0.12);
      else [660, 880].forEach((frequency, i) => this.note(frequency, start + i * 0.24, 0.22, "sine", 0.22));
    },
    check() {
      const waiting = $("#waiting");
      const fresh = Number(waiting?.dataset.new || 0);
      const life = Number(waiting?.dataset.life || 0) > 0;
      this.tell();
      navigator.setAppBadge?.(fresh).catch(() => {});
      clearTimeout(this.timer);
      this.timer = 0;
      if (!fresh) return;
      if (this.leader && this.ready()) this.play(life);
      this.timer = setTimeout(() => this.check(), life ? 2500 : 6000);
    },
    // The title of the window: how many call; and where no window of this browser can sound, that they do so unheard, by turns with the
    // page's own title. In the background it says so all the time: there a browser lets a page do something once a minute.
    tell() {
      if (document.title !== this.titled) this.title = document.title;
      const fresh = Number($("#waiting")?.dataset.new || 0);
      const unheard = fresh && this.wanted && !this.ready() && !this.elsewhere && $("#mute")?.dataset.title;
      const shown = unheard && (document.hidden || Math.floor(Date.now() / 1000) % 2) ? unheard : this.title;
      this.titled = fresh ? `(${fresh}) ${shown}` : shown;
      if (document.title !== this.titled) document.title = this.titled;
    },
    // Does another window of this browser sound?
    async look() {
      const locks = this.ready() ? null : await navigator.locks?.query().catch(() => null);
      this.elsewhere = Boolean(locks?.held.some((lock) => lock.name === "alarm-sound"));
      this.tell();
    },
    // What rings and leaves nothing waiting, such as a test that ends soon. What is most urgent is heard beside what waits.
    once(priority) {
      const life = priority === 1;
      if ((life || !this.timer) && this.leader && this.ready()) this.play(life);
    },
    // Nothing can be heard of the centre here: three tones that fall, until it can.
    fall() {
      if (!this.leader || !this.ready()) return;
      const start = this.context.currentTime + 0.02;
      [740, 587, 440].forEach((frequency, i) => this.note(frequency, start + i * 0.26, 0.25, "triangle", 0.2));
    },
    toggle() {
      this.wanted = !this.ready();
      localStorage.setItem("sound", this.wanted ? "on" : "off");
      if (this.wanted) this.arm();
      this.show();
    },
  };

  // Keyboard
  const list = () => $("[data-list]");
  const items = () => $$("[data-item]", list() || document.createElement("p"));
  // Which item is chosen is kept here: a live update brings the list as the server has it, with nothing chosen.
  let wanted = "";
  const showChosen = (item) => { for (const other of items()) other.setAttribute("aria-selected", String(other === item)); };
  function select(item, scroll = true) {
    showChosen(item);
    if (!item) return;
    wanted = item.dataset.item;
    if (item.matches("a, button, tr[tabindex]")) item.focus({ preventScroll: true });
    if (scroll) item.scrollIntoView({ block: "nearest" });
  }
  const chosen = () => items().find((item) => item.getAttribute("aria-selected") === "true");
  function step(by) {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    select(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))]);
  }
  const go = { q: "/", a: "/accounts", s: "/signals", h: "/handover", f: "/follow-ups", d: "/units", p: "/lowered", r: "/reports" };
  let leader = false;
  function openAct(act) {
    if (!act) return false;
    if (act.matches("details")) {
      for (const other of $$("details.act[open]")) if (other !== act) other.open = false;
      act.open = true;
      act.scrollIntoView({ block: "nearest" });
      ($("[autofocus], input:not([type=hidden]), select, textarea, button", act.lastElementChild) || act).focus();
    } else act.click();
    return true;
  }
  let writing = null;
  let torn = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // A key that is held down or stuck does its act once.
    if (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    if (event.key === "Escape") {
      if (typing(event.target)) event.target.blur();
      for (const open of $$("details.act[open]")) open.open = false;
      return;
    }
    if (typing(event.target) || $("dialog[open]")) return;
    // Whoever was writing in a field that an update took away goes on writing: until they pause, no key is an act.
    if (performance.now() - torn < 2000) { torn = performance.now(); return; }
    const key = event.key;
    let used = true;
    if (leader && go[key]) location.assign(go[key]);
    else if (key === "g") { leader = true; setTimeout(() => { leader = false; }, 1200); return; }
    else if (key === "?") $("#keys")?.showModal();
    else if (key === "j" || key === "ArrowDown" && list()) step(1);
    else if (key === "k" || key === "ArrowUp" && list()) step(-1);
    else if (key === "Enter" && chosen() && event.target === document.body) chosen().click();
    else if (key === "t") {
      const own = $("[data-key='t']");
      const id = chosen()?.dataset.item;
      const form = id && $(`form[data-take="${id}"]`);
      // A short row is opened first.
      if (own) openAct(own); else if (form) form.requestSubmit(); else if (chosen()?.matches(".short")) chosen().click(); else used = false;
    }
    else if (key === "/") { const box = $("input[type=search]"); box ? box.focus() : location.assign("/accounts"); }
    else if (key === "m") sound.toggle();
    else if (key === "l") $("#theme")?.click();
    else used = openAct($(`.act[data-key="${CSS.escape(key)}"], .button[data-key="${CSS.escape(key)}"]`));
    leader = false;
    if (used) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.id === "sound") sound.toggle();
    else if (button?.id === "theme") {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    }
    else if (button?.id === "keys-open") $("#keys").showModal();
    else if (button?.hasAttribute("data-close")) button.closest("dialog").close();
    else if (button?.hasAttribute("data-print")) print();
    else if (button?.hasAttribute("data-more")) {
      const rows = $$("[data-row]", button.closest("form"));
      const copy = rows.at(-1).cloneNode(true);
      for (const field of $$("[name]", copy)) { field.name = field.name.replace(/\.\d+\./, `.${rows.length}.`); field.value = ""; }
      rows.at(-1).after(copy);
      $("[name]", copy).focus();
    }
    else if (sound.wanted && !sound.ready()) sound.arm();
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input")) location.assign(row.dataset.href);
  });
  document.addEventListener("keydown", () => { if (sound.wanted && !sound.ready()) sound.arm(); });
  addEventListener("storage", (event) => {
    if (event.key !== "sound") return;
    sound.wanted = event.newValue !== "off";
    if (sound.wanted) sound.arm();
    sound.show();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("tr[data-href]")) location.assign(event.target.dataset.href); });
  document.addEventListener("focusin", (event) => { const item = event.target.closest("[data-item]"); if (item && list()?.contains(item)) select(item, false); });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.act")) return;
    if (event.target.open) for (const other of $$("details.act[open]")) if (other !== event.target) other.open = false;
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post") setTimeout(() => buttons(event.target, true));
  });
  // A form that leads on to a page: where its act is refused, the reason is shown and what was typed stays.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-stays]") || event.defaultPrevented) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "post", body });
      if (answer.redirected) { location.assign(answer.url); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = $$("[data-refusal]", page).filter((why) => why.childElementCount && document.getElementById(why.id));
      if (told.length === 0) { document.body.replaceWith(page.body); htmx.process(document.body); return; }
      for (const why of $$("[data-refusal]")) why.replaceWith(page.getElementById(why.id) ?? why);
      document.getElementById(told[0].id).scrollIntoView({ block: "nearest" });
    } catch { outage.begin(); silence(); listen(); }
    buttons(form, false);
  });
  // An act is answered with the page after it. What the stream says before that answer is fetched after it: else the page would go on
  // first, and the answer fold away what was opened since. An answer that takes too long holds nothing back.
  const patience = 3000;
  const acting = new Map();
  let missed = 0;
  const isAct = (event) => event.detail.ctx?.request?.method?.toUpperCase() === "POST";
  const awaited = () => [...acting.values()].some((since) => performance.now() - since < patience);
  function catchUp() { clearTimeout(missed); missed = 0; htmx.trigger(document.body, "centre", {}); }
  document.addEventListener("htmx:before:request", (event) => { if (isAct(event)) acting.set(event.detail.ctx, performance.now()); });
  document.addEventListener("htmx:finally:request", (event) => {
    buttons(event.target, false);
    acting.delete(event.detail.ctx);
    if (missed && !awaited()) catchUp();
  });
  // What somebody is filling in is left alone by live updates until it is folded away or sent. Looked at as each update comes:
  // `toggle` is told only after a while, and an update in between would fold away again what was just opened.
  document.addEventListener("htmx:before:swap", (event) => {
    if (awaited() && !isAct(event)) {
      missed ||= setTimeout(catchUp, patience);
      event.preventDefault();
    }
    writing = !isAct(event) && typing(document.activeElement) ? document.activeElement : null;
    for (const keep of $$("[data-keep]")) keep.toggleAttribute("hx-morph-skip", !!$("details.act[open]", keep));
  });
  document.addEventListener("htmx:after:swap", () => {
    if (writing && !writing.isConnected && document.activeElement === document.body) torn = performance.now();
    writing = null;
  });
  function buttons(form, off) { if (form.matches?.("form")) for (const button of $$("button", form)) button.disabled = off; }
  document.addEventListener("change", (event) => { if (event.target.closest("form[data-auto]")) event.target.form.requestSubmit(); });

  // What an update takes, from its answer until it is drawn, is left to the keys three times over before the next is fetched: a page
  // that is slow to draw is never drawn all the time. What rings for life safety waits for nothing.
  const pace = {
    until: 0, timer: 0, kept: null, began: 0,
    took(ms) { this.until = Math.max(this.until, performance.now() + Math.min(3 * ms, 5000)); },
    tell(change) {
      this.kept = change;
      const wait = this.until - performance.now();
      if (wait <= 0 || change.ring === 1) this.send();
      else this.timer ||= setTimeout(() => this.send(), wait);
    },
    send() {
      clearTimeout(this.timer);
      this.timer = 0;
      const change = this.kept;
      this.kept = null;
      if (change) htmx.trigger(document.body, "centre", change);
    },
  };
  document.addEventListener("htmx:before:swap", () => { pace.began = performance.now(); });
  document.addEventListener("htmx:after:swap", () => {
    const began = pace.began;
    pace.began = 0;
    if (began) requestAnimationFrame(() => setTimeout(() => pace.took(performance.now() - began)));
  });

  // Live: the stream says where to look, fragments are fetched afresh.
  const live = (state) => { for (const mark of $$(".live")) { mark.dataset.state = state; $("span", mark).textContent = mark.dataset[state]; } };
  const signIn = () => location.assign(`/login?next=${encodeURIComponent(location.pathname)}&lost=1`);
  // Without the stream nothing of what comes is seen here: that is said and heard after five seconds, and again and again.
  const outage = {
    timer: 0,
    begin() { this.timer ||= setTimeout(() => this.tell(), 5000); },
    tell() {
      const bar = $("#lost");
      if (bar) bar.hidden = false;
      sound.fall();
      this.timer = setTimeout(() => this.tell(), 8000);
    },
    end() {
      clearTimeout(this.timer);
      this.timer = 0;
      const bar = $("#lost");
      if (bar) bar.hidden = true;
    },
  };
  document.addEventListener("htmx:after:request", (event) => {
    const answer = event.detail.ctx?.response?.raw;
    if (answer?.redirected && new URL(answer.url).pathname === "/login") { event.preventDefault(); signIn(); }
  });
  // Left pages close their stream, kept ones open it again: a browser allows six connections to a host, and a page that is
  // only kept for the Back button would hold one of them.
  const stream = { source: null, known: "", wait: 1000 };
  function listen() {
    const mark = $(".live[data-stream]");
    if (!mark || stream.source) return;
    const source = stream.source = new EventSource(`${mark.dataset.stream}?after=${stream.known || mark.dataset.after}`);
    source.addEventListener("open", () => { stream.wait = 1000; live("on"); outage.end(); });
    source.addEventListener("centre", (event) => {
      stream.known = event.lastEventId;
      const change = JSON.parse(event.data);
      if (change.ring) sound.once(change.ring);
      pace.tell(change);
    });
    source.addEventListener("error", () => {
      live("off");
      outage.begin();
      if (source.readyState !== EventSource.CLOSED) return;
      // The browser has given up, because the answer was no stream: signed out, or a centre that is not ready.
      silence();
      fetch("/api/me").then((answer) => { if (answer.status === 401) signIn(); }, () => {});
      setTimeout(listen, stream.wait = Math.min(2 * stream.wait, 15000));
    });
  }
  function silence() { stream.source?.close(); stream.source = null; }
  addEventListener("pagehide", silence);
  addEventListener("pageshow", listen);
  document.addEventListener("htmx:after:swap", () => {
    const item = items().find((each) => each.dataset.item === wanted);
    showChosen(item);
    // One that moved in the list lost the focus by it.
    if (item && document.activeElement === document.body) item.focus({ preventScroll: true });
    sound.show();
    sound.check();
    tick();
  });
  document.addEventListener("visibilitychange", () => { tick(); sound.look(); });

  if (sound.wanted && $("#sound, #lost")) sound.arm();
  setTimeout(() => sound.show(), 1600);
  // A log-in page that a screen was led back to by itself: nobody is shown anything until somebody signs in.
  if ($(".gate #lost")) outage.tell();
  sound.show();
  sound.check();
  tick();
  sound.look();
  setInterval(() => { tick(); sound.look(); }, 1000);
})();
