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
for (const group of document.querySelectorAll("[data-fill]")) {
  for (const button of group.querySelectorAll("button")) {
    button.hidden = false;
    button.nextElementSibling.hidden = true;
    button.addEventListener("click", () => (document.getElementById(group.dataset.fill).value = button.textContent));
  }
}

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

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const busy = [...document.querySelectorAll("main form")].some(dirty);
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh && !part.contains(document.activeElement) && !part.querySelector("form.dirty")) part.replaceWith(fresh);
  }
  const acts = document.querySelector(".acts");
  const freshActs = page.querySelector(".acts");
  if (acts && freshActs && !busy && !acts.contains(document.activeElement)) acts.replaceWith(freshActs);
  say(busy ? waiting : changed);
}

function dirty(form) {
  return [...form.elements].some((el) =>
    el.type === "radio" || el.type === "checkbox"
      ? el.checked !== el.defaultChecked
      : el.matches("input, textarea") && el.type !== "hidden" && el.value !== el.defaultValue,
  );
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
