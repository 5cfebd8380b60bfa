(() => {
const f = document.forms[0];
let t;
const say = async i => {
const d = new URLSearchParams(new FormData(f));
d.set('do', 'check');
d.set('at', i.name);
let r, s;
try { r = await fetch(f.action, { method: 'POST', body: d }); s = await r.text() } catch { return }
if (r.status != 200) return;
const n = i.name + '-e';
let p = document.getElementById(n);
if (!s) { p?.remove(); i.ariaInvalid = null; return }
if (!p) { p = document.createElement('p'); p.id = n; p.className = 'err'; p.role = 'alert'; i.before(p) }
p.textContent = s;
i.ariaInvalid = 'true';
i.setAttribute('aria-describedby', n)
};
f.onchange = ({ target: i }) => { if (i.id && i.value && !/radio|checkbox/.test(i.type)) say(i) };
f.oninput = ({ target: i }) => { clearTimeout(t); if (i.ariaInvalid) t = setTimeout(say, 400, i) }
})()
