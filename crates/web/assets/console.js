// Keys and live refresh. Everything here is a convenience: without it every page still works.

const typing = (el) => el && (el.matches("input, textarea, select") || el.isContentEditable);
const off = () => localStorage.getItem("keys") === "off";

// -- Keys ------------------------------------------------------------------------------------------------
// An element with data-key="d" is pressed by d; "g t" by g and then t. Fields are focused, menus opened.

const dialog = document.getElementById("keys");
let first = "";
let firstTimer = 0;

function press(el) {
  if (el.matches("input, select, textarea")) {
    el.focus();
  } else if (el.matches("summary")) {
    el.parentElement.open = true;
    const field = el.parentElement.querySelector("input:not([type=hidden]), select, textarea, button");
    (field ?? el).focus();
    el.scrollIntoView({ block: "nearest" });
  } else {
    el.click();
  }
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (rows.length === 0) return;
  const at = rows.findIndex((r) => r.classList.contains("at"));
  const to = Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step));
  if (at >= 0) rows[at].classList.remove("at");
  rows[to].classList.add("at");
  rows[to].querySelector("a")?.focus({ preventScroll: true });
  rows[to].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(document.activeElement)) {
    document.activeElement.blur();
    return;
  }
  if (typing(event.target) || dialog?.open || off()) return;
  const both = first ? `${first} ${event.key}` : event.key;
  const target = [...document.querySelectorAll("[data-key]")].find((el) => el.dataset.key === both);
  const starts = [...document.querySelectorAll("[data-key]")].some((el) => el.dataset.key.startsWith(`${event.key} `));
  if (target) {
    event.preventDefault();
    press(target);
  } else if (event.key === "?") {
    showKeys();
  } else if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
  }
  clearTimeout(firstTimer);
  first = !target && !first && starts ? event.key : "";
  firstTimer = setTimeout(() => (first = ""), 1500);
});

function showKeys() {
  const list = dialog.querySelector("[data-keys]");
  list.querySelectorAll("[data-made]").forEach((row) => row.remove());
  const seen = new Set();
  for (const el of document.querySelectorAll("[data-key]")) {
    if (seen.has(el.dataset.key)) continue;
    seen.add(el.dataset.key);
    const row = document.createElement("div");
    row.dataset.made = "";
    const dt = document.createElement("dt");
    for (const key of el.dataset.key.split(" ")) {
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      dt.append(kbd, " ");
    }
    const dd = document.createElement("dd");
    dd.textContent = nameOf(el);
    row.append(dt, dd);
    list.append(row);
  }
  dialog.showModal();
}

function nameOf(el) {
  if (el.ariaLabel || el.placeholder) return el.ariaLabel || el.placeholder;
  const label = el.closest("label");
  const copy = (label ?? el).cloneNode(true);
  copy.querySelectorAll("kbd, select, b.late").forEach((x) => x.remove());
  return copy.textContent.trim();
}

const help = document.querySelector("[data-help]");
if (help && dialog) {
  help.hidden = false;
  help.addEventListener("click", showKeys);
  const box = dialog.querySelector("[data-keys-off]");
  box.checked = off();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "off" : "on"));
}

// -- Small conveniences ----------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Names that fill a field when pressed; without script they are words to read.
function showFills() {
  for (const button of document.querySelectorAll("[data-fill] button[hidden]")) {
    button.hidden = false;
    button.nextElementSibling.hidden = true;
  }
}
showFills();
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill] button");
  if (button) document.getElementById(button.parentElement.dataset.fill).value = button.textContent;
});

// A field whose answers come while one types: data-suggest="/address?q=" and data-into="id".
for (const field of document.querySelectorAll("[data-suggest]")) {
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(field.dataset.suggest + encodeURIComponent(field.value));
      if (answer.ok) document.getElementById(field.dataset.into).innerHTML = await answer.text();
    }, 200);
  });
}

// -- Live ------------------------------------------------------------------------------------------------
// The server says that something on this page changed; the page is asked for again and its parts are put in
// place. A part in which somebody is typing is left alone.

const { live, changed, waiting, offline } = document.body.dataset;
const say = (text) => {
  const region = document.getElementById("live");
  if (region) region.textContent = text;
};

// What is exchanged: the parts that show something, and the actions with the version that they act on.
const exchanged = "[data-part], .acts";
const nameOfPart = (el) => (el.matches(".acts") ? ".acts" : `[data-part="${el.dataset.part}"]`);
const inUse = (el) => el.contains(document.activeElement) || [...el.querySelectorAll("form")].some(dirty);

async function refresh(quiet = false) {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const at = [...document.querySelectorAll("[data-row]")].findIndex((r) => r.classList.contains("at"));
  let left = false;
  for (const part of document.querySelectorAll(exchanged)) {
    const fresh = page.querySelector(nameOfPart(part));
    if (!fresh || fresh.isEqualNode(part)) continue;
    if (inUse(part)) left = true;
    else part.replaceWith(fresh);
  }
  document.querySelectorAll("[data-row]")[at]?.classList.add("at");
  showFills();
  if (!quiet) say(left ? waiting : changed);
}

// What is being worked on is looked at every second until it is done; then it is said once.
async function poll() {
  await refresh(true).catch(() => say(offline));
  if (document.querySelector("[data-poll]")) setTimeout(poll, 1000);
  else say(changed);
}
if (document.querySelector("[data-poll]")) setTimeout(poll, 1000);

// -- Drawing ---------------------------------------------------------------------------------------------
// A neighbourhood is dragged onto another precinct; the form that its data-draw names is sent.

const draw = document.querySelector("[data-draw]");
if (draw) {
  let held = null;
  let over = null;
  const mark = (el) => {
    over?.classList.remove("over");
    over = el;
    over?.classList.add("over");
  };
  draw.addEventListener("dragstart", (event) => event.preventDefault());
  draw.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" && event.button === 0) held = event.target.closest("[data-place]");
  });
  draw.addEventListener("pointermove", (event) => {
    if (held) mark(event.target.closest("[data-place]"));
  });
  addEventListener("pointerup", (event) => {
    const from = held;
    const to = event.target.closest?.("[data-place]");
    held = null;
    mark(null);
    if (!from || !to || from.dataset.precinct === to.dataset.precinct) return;
    const form = document.getElementById(draw.dataset.draw);
    form.elements.place.value = from.dataset.place;
    form.elements.to.value = to.dataset.precinct;
    form.requestSubmit();
  });
}

function dirty(form) {
  return [...form.elements].some((el) => {
    if (el.type === "radio" || el.type === "checkbox") return el.checked !== el.defaultChecked;
    if (el.matches("select")) return [...el.options].some((o) => o.selected !== o.defaultSelected && o.value !== "");
    return el.matches("input, textarea") && el.type !== "hidden" && el.value !== el.defaultValue;
  });
}

if (live) {
  let soon = 0;
  const stream = new EventSource(live);
  stream.addEventListener("changed", () => {
    clearTimeout(soon);
    soon = setTimeout(refresh, 300);
  });
  stream.addEventListener("error", () => say(offline));
  addEventListener("pagehide", () => stream.close());
}
