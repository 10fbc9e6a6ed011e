// Small helpers: elements without markup strings, requests with plain errors, notices, one dialog.

/** An element. `attributes` may hold `class`, `on…` functions, `dataset`, properties such as `value`; text is text. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "dataset") Object.assign(node.dataset, value);
    else if (key in node && key !== "list" && typeof value !== "string") node[key] = value;
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const button = (label, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, label);

/** HTML that the server's `marks` made. Nothing else may be passed in. */
export function setMarked(node, html) {
  node.innerHTML = html;
}

export class Refused extends Error {
  constructor(message, kind, status) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** A request to the app; throws `Refused` with a message to show. */
export async function ask(method, path, body, more = {}) {
  const form = body instanceof FormData;
  const headers = body && !form ? { "content-type": "application/json" } : {};
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: form ? body : body && JSON.stringify(body), ...more });
  } catch (error) {
    throw new Refused("连不上拟稿服务：它可能正在重启。内容没有丢，恢复后会自动保存。", "Offline", 0);
  }
  if (answer.status === 401) location.assign("/login");
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(content.error || plain(content, answer.status), content.kind || "", answer.status);
  return content;
}

function plain(content, status) {
  if (status === 422) return "提交的内容不完整，请检查后再试。";
  return typeof content.detail === "string" ? content.detail : `操作没有完成（${status}），请再试一次。`;
}

let tray;

/** A notice at the foot of the page; errors stay until they are closed. */
export function say(message, kind = "info") {
  tray ??= document.body.appendChild(el("div", { class: "tray", role: "status", "aria-live": "polite" }));
  const note = el("div", { class: `notice ${kind}` }, el("span", {}, message));
  note.append(button("×", () => note.remove(), { "aria-label": "关闭提示" }));
  for (const old of [...tray.children].filter((other) => other.firstChild.textContent === message)) old.remove();
  tray.append(note);
  if (kind !== "error") setTimeout(() => note.remove(), 4000);
}

/** Runs a handler and shows what goes wrong in plain words. */
export async function tell(work) {
  try {
    return await work();
  } catch (error) {
    say(error instanceof Refused ? error.message : "页面出了意外，请刷新后再试。", "error");
    if (!(error instanceof Refused)) console.error(error);
    return undefined;
  }
}

/** A modal window; resolves with the value of the button pressed, "" when closed. */
export function ask_in_dialog(title, body, choices = []) {
  return new Promise((resolve) => {
    const box = el("dialog", { class: "window", "aria-label": title });
    const close = (value) => { box.close(); box.remove(); resolve(value); };
    const foot = choices.map(([label, value, kind]) => button(label, () => close(value), { class: kind || "" }));
    box.append(
      el("header", {}, el("h2", {}, title), button("×", () => close(""), { class: "plain", "aria-label": "关闭" })),
      el("div", { class: "content", tabindex: "0" }, body),
      choices.length ? el("footer", {}, foot) : "",
    );
    box.addEventListener("cancel", (event) => { event.preventDefault(); close(""); });
    box.addEventListener("click", (event) => { if (event.target === box) close(""); });
    document.body.append(box);
    box.showModal();
  });
}

/** Calls `work` once things have been quiet for `wait` milliseconds; `flush` calls it now. */
export function debounced(work, wait) {
  let timer = 0;
  const run = () => { timer = 0; return work(); };
  const later = () => { clearTimeout(timer); timer = setTimeout(run, wait); };
  later.flush = () => { if (timer) { clearTimeout(timer); return run(); } return undefined; };
  later.drop = () => { clearTimeout(timer); timer = 0; };
  Object.defineProperty(later, "pending", { get: () => timer !== 0 });
  return later;
}

/** Waits for an element that Gradio will make. */
export function appearing(selector) {
  return new Promise((resolve) => {
    const look = () => {
      const found = document.querySelector(selector);
      if (found) { watch.disconnect(); resolve(found); }
    };
    const watch = new MutationObserver(look);
    watch.observe(document.documentElement, { childList: true, subtree: true });
    look();
  });
}

/** Puts formatted and plain text on the clipboard; works without a secure context, as offices often have none. */
export function copy(text, html) {
  const fill = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
  };
  document.addEventListener("copy", fill, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  say(done ? "已复制，可以粘贴到 Word。" : "浏览器不让复制，请手动选中后按 Ctrl+C。", done ? "info" : "error");
}

export const composing = (event) => event.isComposing || event.keyCode === 229;
