// The page as a whole: address and tabs, theme, keys, tips, and the buttons inside the areas that Gradio shows.
import { appearing, ask, button, composing, copy, el, say, tell } from "./dom.js";
import { Bench } from "./draft/bench.js";
import { showPassage } from "./draft/panel.js";
import { polishAction } from "./polish.js";
import { startTips } from "./tips.js";

const PAGES = ["draft", "polish", "search", "check", "library", "status"];
const LABELS = ["起草", "润色", "查表述", "核对", "资料库", "设置与状态"];

let bench;

// ---- address and tabs

const tabs = () => [...document.querySelectorAll("#nav > .tab-wrapper [role=tab]")];

const tabOf = (page) => tabs().find((tab) => tab.textContent.trim() === LABELS[PAGES.indexOf(page)]);

export function go(page) {
  const tab = tabOf(page);
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}

function followAddress() {
  const page = location.hash.slice(1);
  if (PAGES.includes(page)) go(page);
}

function rememberTab(event) {
  const tab = event.target.closest?.("[role=tab]");
  const page = PAGES[LABELS.indexOf(tab?.textContent.trim())];
  if (tab?.closest("#nav") && page && location.hash !== `#${page}`) history.pushState(null, "", `#${page}`);
}

// ---- theme

function useTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.body.classList.toggle("dark", theme === "dark");
}

function makeCorner(user) {
  const flip = () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("nigao-theme", theme);
    useTheme(theme);
  };
  const leave = () => fetch("/logout", { method: "POST" }).then(() => location.assign("/login"));
  document.body.append(el("div", { class: "brand", "aria-hidden": "true" }, "拟稿"), el("div", { class: "corner" },
    user && user !== "local" ? el("span", {}, user) : "",
    button("深浅色", flip, { class: "plain flip", title: "切换深色、浅色", dataset: { short: "" } }),
    user && user !== "local" ? button("退出", leave, { class: "plain", dataset: { short: "⏏" } }) : ""));
}

// ---- keys

function keys(event) {
  if (composing(event)) return;
  if (event.ctrlKey && event.key === "Enter" && document.querySelector("#page-draft")?.contains(event.target)) {
    event.preventDefault();
    bench?.draft({});
  } else if (event.ctrlKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    go("search");
    appearing("#search-query textarea, #search-query input").then((field) => { field.focus(); field.select(); });
  } else if (event.altKey && /^[1-6]$/.test(event.key)) {
    event.preventDefault();
    go(PAGES[Number(event.key) - 1]);
    rememberTab({ target: tabOf(PAGES[Number(event.key) - 1]) });
  } else if (event.altKey && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    bench?.panel.step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && bench?.running && !document.querySelector("dialog[open]")) {
    escaped();
  } else if (event.altKey && event.key === "Enter") {
    event.preventDefault();
    bench?.panel.adoptCurrent();
  }
}

let last_escape = 0;

function escaped() {
  if (Date.now() - last_escape < 3000) bench.cancel(); else say("再按一次 Esc 取消起草。");
  last_escape = Date.now();
}

// ---- buttons inside areas

function pressed(event) {
  const target = event.target;
  if (polishAction(target)) return;
  const hit = target.closest(".hit");
  if (hit && target.closest("[data-copy]")) copy(hit.querySelector(".words").textContent);
  else if (hit && target.closest("[data-refer]")) bench?.refer(hit.querySelector(".words").textContent);
  else if (target.closest("[data-passage]")) showPassage(target.closest("[data-passage]").dataset.passage);
  else if (target.closest("[data-jump]")) jump(target.closest("[data-jump]"));
  else if (target.closest("[data-start-from]")) startFrom(target.closest("[data-start-from]").dataset.startFrom);
}

function jump(press) {
  const key = press.dataset.jump;
  const mark = [...press.closest(".beside").querySelectorAll("mark")].find((other) => other.dataset.key?.split(" ").includes(key));
  mark?.scrollIntoView({ block: "center" });
  mark?.classList.add("flash");
  setTimeout(() => mark?.classList.remove("flash"), 1600);
}

function startFrom(id) {
  tell(async () => {
    const state = await ask("POST", "/app/works", { how: "past", name: id });
    go("draft");
    await bench.open(state);
  });
}

// ---- beginning

function warn(event) {
  if (!bench?.dirty) return;
  bench.flush();
  event.preventDefault();
}

async function begin() {
  const theme = document.documentElement.dataset.theme;
  const place = await appearing("#workbench");
  useTheme(theme);
  document.addEventListener("click", pressed);
  document.addEventListener("click", rememberTab, true);
  document.addEventListener("keydown", keys);
  addEventListener("popstate", () => go(location.hash.slice(1) || "draft"));
  addEventListener("hashchange", followAddress);
  addEventListener("beforeunload", warn);
  followAddress();
  ask("GET", "/app/status").then(({ user }) => makeCorner(user)).catch(() => makeCorner(""));
  bench = new Bench(place);
  startTips((line) => bench.revealNote(line));
  await tell(() => bench.begin());
  document.documentElement.dataset.ready = "true";
}

begin();
