// The rows are links: a new tab, a copied address and a reader's list of links work as everywhere.
// A plain click opens the page as the browser's Back does, which Streamlit answers without loading anew.

const NARROW = "(max-width: 768px)";
// Milliseconds until a field that was left has sent what was typed: a page that is asked for before would
// be followed by a run of the old one, without what was typed.
const SENT_WITHIN = 60;

export default function ({ data, parentElement }) {
  const nav = parentElement.querySelector("nav");
  nav.setAttribute("aria-label", data.label);
  nav.style.setProperty("--others", data.others);
  const rows = JSON.stringify(data.sections);
  if (nav.dataset.rows !== rows) {
    nav.dataset.rows = rows;
    nav.replaceChildren(...data.sections.flatMap(section));
  }
  mark(nav, data.current);
  nav.onmousedown = () => {
    const isField = document.activeElement?.matches("input, textarea");
    nav.fieldLeftAt = isField ? performance.now() : -SENT_WITHIN;
  };
  nav.onclick = (event) => open(event, nav);
}

function section({ title, pages }, position) {
  const list = made("ul", "");
  const shown = [list];
  if (title) {
    const heading = made("p", "section", title);
    heading.id = `policydesk-menu-${position}`;
    list.setAttribute("aria-labelledby", heading.id);
    shown.unshift(heading);
  }
  list.append(...pages.map(row));
  return shown;
}

function row({ href, icon, label }) {
  const item = made("li", "");
  const link = made("a", "");
  link.href = href;
  const sign = made("span", "icon", icon);
  sign.setAttribute("aria-hidden", "true");
  sign.translate = false;
  link.append(sign, made("span", "label", label));
  item.append(link);
  return item;
}

function made(tag, name, text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}

function mark(nav, current) {
  for (const link of nav.querySelectorAll("a")) {
    const isCurrent = link.getAttribute("href") === current;
    if (isCurrent === link.hasAttribute("aria-current")) continue;
    if (!isCurrent) {
      link.removeAttribute("aria-current");
      continue;
    }
    link.setAttribute("aria-current", "page");
    link.scrollIntoView({ block: "nearest" });
  }
}

function open(event, nav) {
  const link = event.target.closest("a");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain) return;
  event.preventDefault();
  mark(nav, link.getAttribute("href"));
  const wait = (nav.fieldLeftAt ?? -SENT_WITHIN) + SENT_WITHIN - performance.now();
  if (wait > 0) setTimeout(go, wait, link.href);
  else go(link.href);
  if (matchMedia(NARROW).matches)
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function go(href) {
  history.pushState({}, "", href);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}
