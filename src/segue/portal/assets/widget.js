/* Segue web chat: one script tag, no dependency. Speaks only to the server it was loaded from. */
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!tag || !("attachShadow" in Element.prototype) || !window.fetch) return;

  const base = new URL(".", tag.src);
  const site = tag.dataset;
  const language = site.language || document.documentElement.lang || navigator.language || "en";
  const LONGEST = 4000;
  const CALM = 30000; // the longest pause between two tries, in ms
  const SILENT = 50000; // a server that lives says so every 20 s

  const WORDS = {
    en: {
      open: "Chat with us", close: "Close the chat", title: "Chat", log: "Conversation", write: "Your message",
      hint: "Write a message…", send: "Send", human: "Talk to a human", ask: "I would like to talk to a human, please.",
      other: "Other device", device: "Continue on another device", copy: "Copy", copied: "Copied",
      link: "Open this link on your other device within 30 minutes. Whoever has it can read this conversation.",
      join: "Continue the conversation from your other device here?", yes: "Continue", no: "No",
      off: "You are offline. Your message is sent as soon as you are back.", slow: "Not sent yet; trying again.",
      refused: "This message could not be sent.", gone: "The chat cannot be reached right now.",
      you: "You", segue: "Assistant", notice: "Notice", waiting: "sending", fresh: "new",
    },
    de: {
      open: "Mit uns chatten", close: "Chat schließen", title: "Chat", log: "Gespräch", write: "Ihre Nachricht",
      hint: "Nachricht schreiben …", send: "Senden", human: "Mit Menschen sprechen",
      ask: "Ich möchte bitte mit einem Menschen sprechen.",
      other: "Anderes Gerät", device: "Auf anderem Gerät fortsetzen", copy: "Kopieren", copied: "Kopiert",
      link: "Öffnen Sie diesen Link binnen 30 Minuten auf Ihrem anderen Gerät. Wer ihn hat, kann dieses Gespräch lesen.",
      join: "Das Gespräch von Ihrem anderen Gerät hier fortsetzen?", yes: "Fortsetzen", no: "Nein",
      off: "Sie sind offline. Ihre Nachricht wird gesendet, sobald Sie wieder online sind.",
      slow: "Noch nicht gesendet; neuer Versuch läuft.", refused: "Diese Nachricht konnte nicht gesendet werden.",
      gone: "Der Chat ist gerade nicht erreichbar.",
      you: "Sie", segue: "Assistent", notice: "Hinweis", waiting: "wird gesendet", fresh: "neu",
    },
  };
  const tongue = WORDS[language.toLowerCase().split("-")[0]] ? language.toLowerCase().split("-")[0] : "en";
  const say = WORDS[tongue];

  const CSS = `
:host{all:initial;--a:var(--segue-accent,#3a4bd8);--on:var(--segue-on-accent,#fff);--paper:#fff;--ink:#1b1d2a;--quiet:#595d73;
--line:#dfe1ea;--soft:#f2f3f8;--top:var(--a);--top-ink:var(--on);--shade:0 12px 40px rgba(20,22,40,.22);font:16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color-scheme:light}
@media (prefers-color-scheme:dark){:host{--a:var(--segue-accent-dark,#a9b4ff);--on:var(--segue-on-accent-dark,#14162a);--paper:#191b28;--ink:#eceef8;--quiet:#a9adc3;
--line:#34384d;--soft:#232637;--top:#232637;--top-ink:#eceef8;--shade:0 12px 40px rgba(0,0,0,.6);color-scheme:dark}}
*{box-sizing:border-box;font:inherit;color:inherit}
[hidden]{display:none!important}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
button{cursor:pointer;border:0;background:none;padding:0}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
.open{position:fixed;right:20px;bottom:20px;z-index:2147483000;width:60px;height:60px;border-radius:50%;background:var(--a);color:var(--on);
box-shadow:var(--shade);display:grid;place-items:center}
.open svg{width:28px;height:28px}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#c62342;color:#fff;font-size:13px;
font-weight:700;line-height:22px;text-align:center}
.panel{position:fixed;right:20px;bottom:92px;z-index:2147483000;width:min(390px,calc(100vw - 40px));height:min(620px,calc(100vh - 120px));height:min(620px,calc(100dvh - 120px));
display:flex;flex-direction:column;background:var(--paper);color:var(--ink);border:1px solid var(--line);border-radius:18px;box-shadow:var(--shade);overflow:hidden}
.head{display:flex;align-items:center;gap:10px;padding:10px 12px 10px 18px;background:var(--top);color:var(--top-ink);border-bottom:1px solid var(--line)}
.head :focus-visible{outline-color:var(--top-ink);outline-offset:-3px}
.head h2{margin:0;flex:1;font-size:17px;font-weight:650}
.icon{width:40px;height:40px;border-radius:10px;display:grid;place-items:center}
.icon:hover{background:rgba(127,127,127,.25)}
.icon svg{width:20px;height:20px}
.log{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:8px;overscroll-behavior:contain}
.log:focus-visible{outline-offset:-3px}
.line{max-width:84%;padding:9px 13px;border-radius:16px;overflow-wrap:anywhere;white-space:pre-wrap}
.visitor{align-self:flex-end;background:var(--a);color:var(--on);border-bottom-right-radius:5px}
.segue{align-self:flex-start;background:var(--soft);border-bottom-left-radius:5px}
.segue a{color:var(--a);text-decoration:underline}
.notice{align-self:center;max-width:94%;color:var(--quiet);font-size:14px;text-align:center;padding:4px 8px}
.pending{opacity:.86;font-style:italic}
.time{align-self:center;color:var(--quiet);font-size:13px;margin-top:6px}
.state{padding:0 16px;min-height:22px;font-size:14px;color:var(--quiet)}
.card{margin:0 14px 8px;padding:12px 14px;border-radius:12px;background:var(--soft);font-size:15px}
.card p{margin:0 0 10px}
.card .row{display:flex;gap:8px}
.card input{flex:1;min-width:0;border:1px solid var(--quiet);border-radius:9px;background:var(--paper);padding:8px 10px;font-size:14px}
.do{border-radius:9px;padding:8px 14px;background:var(--a);color:var(--on);font-weight:600}
.do.plain{background:none;color:var(--ink);border:1px solid var(--quiet)}
.ways{display:flex;flex-wrap:wrap;gap:8px;padding:4px 14px 8px}
.ways button{border:1px solid var(--line);border-radius:99px;padding:5px 12px;font-size:14px;color:var(--ink);background:var(--paper);min-height:34px}
.ways button:hover{background:var(--soft)}
form{display:flex;gap:8px;align-items:flex-end;padding:12px 14px 14px;border-top:1px solid var(--line)}
textarea{flex:1;resize:none;max-height:130px;min-height:44px;border:1px solid var(--quiet);border-radius:12px;background:var(--paper);padding:10px 12px}
textarea::placeholder{color:var(--quiet);opacity:1}
.send{width:44px;height:44px;border-radius:12px;background:var(--a);color:var(--on);display:grid;place-items:center}
.send svg{width:20px;height:20px}
.panel{animation:rise .18s ease-out}
@keyframes rise{from{opacity:0;transform:translateY(12px)}}
@media (prefers-reduced-motion:reduce){.panel{animation:none}.log{scroll-behavior:auto}}
@media (max-width:520px){.panel{inset:0;width:100%;height:100%;height:100dvh;border:0;border-radius:0}.open[aria-expanded=true]{display:none}
textarea{font-size:16px}}
@media (forced-colors:active){.line,.open,.panel,.do,.send{border:1px solid CanvasText}}
@media print{:host{display:none}}`;

  const PATHS = {
    chat: "M4 5h16v11H9l-5 4z", close: "M6 6l12 12M18 6L6 18", send: "M4 12h14M12 6l6 6-6 6",
  };

  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false) node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  };
  const icon = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    const drawn = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "aria-hidden": "true",
      "stroke-linecap": "round", "stroke-linejoin": "round" };
    for (const [key, value] of Object.entries(drawn)) svg.setAttribute(key, value);
    path.setAttribute("d", PATHS[name]);
    svg.append(path);
    return svg;
  };

  /* --- what the browser keeps: the token, and messages not yet sent, so that neither a reload nor a dead zone loses one --- */
  const place = `segue-chat:${base}:${site.brand || ""}:${site.user || site.email || ""}`;
  const memory = { token: "", queue: [] };
  const recall = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(place) || "{}");
      memory.token = typeof kept.token === "string" ? kept.token : "";
      memory.queue = Array.isArray(kept.queue) ? kept.queue.filter((one) => one && one.id && one.text) : [];
    } catch { /* a browser that keeps nothing still chats */ }
  };
  const keep = () => {
    try { localStorage.setItem(place, JSON.stringify(memory)); } catch { /* as above */ }
  };
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const growing = (tries) => Math.min(CALM, 1000 * 2 ** Math.min(tries, 5)) * (0.75 + Math.random() / 2);

  /* --- the parts of the page --- */
  const host = make("segue-chat");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", {}, CSS));
  }
  const badge = make("span", { class: "badge", hidden: true });
  const opener = make("button", { class: "open", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": say.open, onclick: () => toggle() }, icon("chat"), badge);
  const log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": say.log, "aria-live": "polite" });
  const state = make("div", { class: "state", role: "status" });
  const card = make("div", { class: "card", hidden: true });
  const input = make("textarea", { id: "t", rows: "1", maxlength: LONGEST, placeholder: say.hint, autocomplete: "off", enterkeyhint: "send" });
  const form = make("form", { onsubmit: (event) => { event.preventDefault(); submit(); } },
    make("label", { class: "hide", for: "t" }, say.write), input,
    make("button", { class: "send", type: "submit", "aria-label": say.send }, icon("send")));
  const ways = make("div", { class: "ways" },
    make("button", { type: "button", onclick: () => { post(say.ask); input.focus(); } }, say.human),
    make("button", { type: "button", title: say.device, onclick: () => offerLink() }, say.other));
  const panel = make("section", { class: "panel", role: "dialog", "aria-modal": "true", "aria-labelledby": "h", lang: tongue, hidden: true },
    make("header", { class: "head" }, make("h2", { id: "h" }, site.title || say.title),
      make("button", { class: "icon", type: "button", "aria-label": say.close, onclick: () => toggle(false) }, icon("close"))),
    log, state, card, ways, form);
  root.append(opener, panel);

  /* --- lines --- */
  const shown = new Map();
  let last = 0, unread = 0, day = "";
  const words = (text, by) => {
    if (by !== "segue") return [text];
    const parts = [];
    let from = 0;
    for (const found of text.matchAll(/https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]/g)) {
      parts.push(text.slice(from, found.index), make("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
      from = found.index + found[0].length;
    }
    return [...parts, text.slice(from)];
  };
  const lineOf = (one, pending) => make("div", { class: `line ${one.by}${pending ? " pending" : ""}`, "data-id": one.id },
    make("span", { class: "hide" }, `${say[one.by === "visitor" ? "you" : one.by] || ""}: `), ...words(one.text, one.by),
    ...(pending ? [make("span", { class: "hide" }, ` (${say.waiting})`)] : []));
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const show = (one, pending = false) => {
    const near = atEnd(), key = `${one.by}:${one.id}`, known = shown.get(key);
    const node = lineOf(one, pending);
    if (known && !pending) known.remove(); // sent: it takes the place the server gave it
    if (known && pending) return;
    if (!pending && one.at) {
      const date = new Date(one.at).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" });
      if (date !== day) log.insertBefore(make("div", { class: "time" }, day = date), log.querySelector(".pending"));
    }
    if (pending) log.append(node); else log.insertBefore(node, log.querySelector(".pending"));
    shown.set(key, node);
    if (near || one.by === "visitor") log.scrollTop = log.scrollHeight;
    if (one.by === "segue" && !pending && panel.hidden) count(unread + 1);
  };
  const count = (number) => {
    unread = number;
    badge.hidden = !number;
    badge.textContent = number > 9 ? "9+" : String(number);
    opener.setAttribute("aria-label", number ? `${say.open} (${number} ${say.fresh})` : say.open);
  };
  const clear = () => { log.replaceChildren(); shown.clear(); last = 0; day = ""; };

  /* --- the server --- */
  const call = async (path, body, token) => {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    return fetch(new URL(path, base), { method: "POST", headers, body: JSON.stringify(body), credentials: "omit", cache: "no-store" });
  };
  let entering = null;
  const enter = (link = "") => entering || (entering = (async () => {
    const before = memory.token;
    const brought = { brand: site.brand || "", language, token: before, link, user: site.user || "", email: site.email || "", identity: site.identity || "" };
    for (let tries = 0; ; tries++) {
      try {
        const answer = await call("enter", brought);
        if (answer.ok) {
          const told = await answer.json();
          if (heard && heard !== told.conversation) { clear(); if (stream) stream.abort(); }
          heard = told.conversation;
          memory.token = told.token;
          keep();
          state.textContent = "";
          return true;
        }
        if (answer.status < 500 && answer.status !== 429) { state.textContent = say.gone; return false; }
      } catch { /* offline: try again */ }
      state.textContent = say.gone;
      await wait(growing(tries));
    }
  })().finally(() => { entering = null; }));

  /* Replies: server-sent events over fetch, so that the token stands in a header and in no address. */
  let stream = null, heard = "";
  const listen = async () => {
    if (stream) return;
    for (let tries = 0; memory.token; tries++) {
      stream = new AbortController();
      try {
        const headers = { Accept: "text/event-stream", Authorization: `Bearer ${memory.token}`, "Last-Event-ID": String(last) };
        const answer = await fetch(new URL("stream", base), { headers, signal: stream.signal, credentials: "omit", cache: "no-store" });
        if (answer.status === 404) { memory.token = ""; if (await enter()) continue; break; }
        if (answer.ok) {
          tries = -1;
          await read(answer.body.getReader());
        }
      } catch { /* the line was cut: come back with the last line seen */ }
      await Promise.race([wait(growing(Math.max(0, tries))), new Promise((done) => addEventListener("online", done, { once: true }))]);
    }
    stream = null;
  };
  const read = async (reader) => {
    const text = new TextDecoder(), own = stream;
    let rest = "", quiet = 0;
    for (;;) {
      quiet = setTimeout(() => own.abort(), SILENT);
      const { done, value } = await reader.read().finally(() => clearTimeout(quiet));
      if (done) return;
      const blocks = (rest + text.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (!data) continue;
        const one = JSON.parse(data);
        if (one.n <= last) continue;
        last = one.n;
        memory.queue = memory.queue.filter((waiting) => waiting.id !== one.id);
        show(one);
      }
    }
  };

  /* Messages leave one at a time, in order, each under its own id: sent twice, it is one message. */
  let sending = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    for (let tries = 0; memory.queue.length; ) {
      if (!memory.token && !(await enter())) break;
      listen();
      const one = memory.queue[0];
      let answer = null;
      try { answer = await call("messages", { id: one.id, text: one.text }, memory.token); } catch { /* offline */ }
      if (answer && answer.status === 404) { memory.token = ""; continue; }
      if (answer && (answer.ok || (answer.status < 500 && answer.status !== 429))) {
        tries = 0;
        state.textContent = answer.ok ? "" : say.refused;
        memory.queue = memory.queue.filter((waiting) => waiting.id !== one.id);
        keep();
        const node = shown.get(`visitor:${one.id}`);
        if (node && answer.ok) node.classList.remove("pending");
        continue;
      }
      state.textContent = navigator.onLine === false ? say.off : say.slow;
      const asked = answer ? Number(answer.headers.get("Retry-After")) * 1000 : 0;
      await Promise.race([wait(asked || growing(tries++)), new Promise((done) => addEventListener("online", done, { once: true }))]);
    }
    sending = false;
  };
  const post = (text) => {
    const one = { id: fresh(), text, by: "visitor" };
    memory.queue.push({ id: one.id, text });
    keep();
    show(one, true);
    flush();
  };
  const submit = () => {
    const text = input.value;
    if (!text.trim()) return;
    input.value = "";
    grow();
    post(text.slice(0, LONGEST));
  };
  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(130, input.scrollHeight + 2)}px`;
  };
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });

  /* --- another device --- */
  const offer = (...children) => { card.replaceChildren(...children); card.hidden = false; log.scrollTop = log.scrollHeight; };
  const offerLink = async () => {
    if (!memory.token && !(await enter())) return;
    listen();
    let told = null;
    try { const answer = await call("link", {}, memory.token); if (answer.ok) told = await answer.json(); } catch { /* below */ }
    if (!told) { state.textContent = say.gone; return; }
    const page = new URL(location.href);
    page.hash = `segue-chat=${told.link}`;
    const field = make("input", { readonly: true, value: page.href, "aria-label": say.device });
    const copy = make("button", { class: "do", type: "button", onclick: async () => {
      field.select();
      try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
      copy.textContent = say.copied;
    } }, say.copy);
    offer(make("p", {}, say.link), make("div", { class: "row" }, field, copy));
    field.focus();
  };
  const joining = () => {
    const found = /^#segue-chat=([a-z0-9]+)$/.exec(location.hash);
    if (!found) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    toggle(true, false);
    const answer = (yes) => () => {
      card.hidden = true;
      (yes ? enter(found[1]) : memory.token ? Promise.resolve(true) : enter()).then((is) => is && listen());
      input.focus();
    };
    const yes = make("button", { class: "do", type: "button", onclick: answer(true) }, say.yes);
    offer(make("p", {}, say.join), make("div", { class: "row" }, yes, make("button", { class: "do plain", type: "button", onclick: answer(false) }, say.no)));
    yes.focus();
  };

  /* --- open and close: a dialog that keeps the focus and gives it back --- */
  const toggle = (open = panel.hidden, begin = true) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (!open) { opener.focus(); return; }
    count(0);
    log.scrollTop = log.scrollHeight;
    input.focus();
    if (begin) enter().then((is) => { if (is) { listen(); flush(); } });
  };
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); toggle(false); return; }
    if (event.key !== "Tab") return;
    const stops = [...panel.querySelectorAll("button,textarea,input,a,[tabindex='0']")].filter((node) => node.offsetParent !== null);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (root.activeElement === edge) { event.preventDefault(); (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus(); }
  });

  const begin = () => {
    document.body.append(host);
    recall();
    for (const one of memory.queue) show({ ...one, by: "visitor" }, true);
    joining();
    addEventListener("hashchange", joining);
    if (memory.token && panel.hidden) enter().then((is) => { if (is) { listen(); flush(); } });
  };
  if (document.body) begin(); else addEventListener("DOMContentLoaded", begin);
})();
