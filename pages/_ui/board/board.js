// The board: columns of cards that are moved by mouse, keyboard or menu.
// One gesture sends one event; the server decides and answers with a new version,
// which puts back whatever it did not accept. Data is only ever set as text.

const boards = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  let board = boards.get(root);
  if (!board) {
    board = new Board(root);
    boards.set(root, board);
  }
  board.send = setTriggerValue;
  board.show(data);
  return () => board.leave();
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function icon(name) {
  const made = element("span", "icon", name);
  made.setAttribute("aria-hidden", "true");
  made.setAttribute("translate", "no");
  return made;
}

function initials(name) {
  const words = name.split(/[\s.]+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map((word) => [...word][0].toUpperCase()).join("");
}

class Board {
  constructor(root) {
    this.root = root;
    this.columns = root.querySelector(".columns");
    this.live = root.querySelector(".live");
    this.refusal = root.querySelector(".refusal");
    this.shown = "";
    this.said = null; // version whose words were read aloud
    this.awaited = null; // version whose moved card waits for the server's answer
    this.active = null; // id of the card that Tab reaches
    this.held = null; // {card, from, target} while the keyboard carries a card
    this.dragged = null; // {card, from} while the mouse does
    this.menu = null;
    this.dialogs = null; // watches for the end of a dialog that a card's keyboard gesture opened
    this.onOutside = (event) => {
      if (this.menu && !event.composedPath().includes(this.menu)) this.closeMenu();
    };
    this.onScroll = (event) => {
      if (this.menu && !event.composedPath().includes(this.menu)) this.closeMenu();
    };
    this.listen();
  }

  listen() {
    const at = (name, handler) => this.columns.addEventListener(name, handler);
    at("click", (event) => this.clicked(event));
    at("keydown", (event) => this.keyed(event));
    at("focusin", (event) => this.focused(event));
    at("dragstart", (event) => this.dragStart(event));
    at("dragover", (event) => this.dragOver(event));
    at("drop", (event) => this.dropped(event));
    at("dragend", () => this.dragEnd());
    document.addEventListener("pointerdown", this.onOutside, true);
    document.addEventListener("scroll", this.onScroll, true);
  }

  leave() {
    this.closeMenu();
    this.dialogs?.disconnect();
    document.removeEventListener("pointerdown", this.onOutside, true);
    document.removeEventListener("scroll", this.onScroll, true);
    boards.delete(this.root);
  }

  // ---- drawing

  show(data) {
    if (this.awaited !== null && data.version === this.awaited) return;
    this.awaited = null;
    if (data.say && data.version !== this.said) this.say(data.say);
    this.said = data.version;
    const wanted = JSON.stringify(data);
    if (wanted === this.shown) return;
    const hadFocus = this.root.contains(this.root.getRootNode().activeElement);
    const scrolls = new Map();
    for (const list of this.columns.querySelectorAll(".cards")) scrolls.set(list.dataset.column, list.scrollTop);
    const left = this.columns.scrollLeft;
    this.shown = wanted;
    this.data = data;
    this.held = null;
    this.dragged = null;
    this.closeMenu();
    this.root.classList.remove("moving");
    this.root.style.setProperty("--board-height", data.height);
    this.columns.setAttribute("aria-label", data.label);
    // Who looks on has no use for the keys that move a card.
    this.movable = data.columns.some((column) => column.cards.some((card) => card.moves.length));
    this.root.querySelector(".hint").hidden = !this.movable;
    this.columns.replaceChildren(...data.columns.map((column) => this.drawColumn(column)));
    for (const list of this.columns.querySelectorAll(".cards")) list.scrollTop = scrolls.get(list.dataset.column) ?? 0;
    this.columns.scrollLeft = left;
    this.setActive(this.cardById(this.active) ?? this.columns.querySelector(".card"), hadFocus);
  }

  drawColumn(column) {
    const made = element("section", `column tone-${column.tone}`);
    made.dataset.column = column.key;
    made.setAttribute("aria-label", `${column.title}, ${column.count}`);
    const head = element("div", "head");
    const title = element("h3", "", "");
    title.append(element("span", "", column.title), element("span", "count", column.count));
    const sums = element("div", "sums");
    if (column.total) sums.append(element("span", "total", column.total));
    if (column.weighted) sums.append(element("span", "", column.weighted));
    if (column.without) sums.append(element("span", "", column.without));
    head.append(title, sums);
    const list = element("ul", "cards");
    list.dataset.column = column.key;
    list.setAttribute("aria-label", column.title);
    list.append(...column.cards.map((card) => this.drawCard(card, column.key)));
    if (!column.cards.length) list.append(element("li", "none-here", column.empty));
    if (column.left_text) {
      const line = element("li", "");
      const more = element("button", "more", column.left_text);
      more.type = "button";
      more.style.width = "100%";
      line.append(more);
      list.append(line);
    }
    made.append(head, list);
    return made;
  }

  drawCard(card, columnKey) {
    const made = element("li", "card");
    made.dataset.card = card.id;
    made.dataset.column = columnKey;
    made.tabIndex = -1;
    made.draggable = card.moves.length > 0;
    made.setAttribute("aria-roledescription", "card");
    if (this.movable) made.setAttribute("aria-describedby", "board-keys");
    made.setAttribute("aria-label", card.spoken);
    made.card = card;

    const top = element("div", "top");
    top.append(element("span", "code", card.code));
    if (card.priority) top.append(element("span", `priority ${card.priority.toLowerCase()}`, card.priority));
    if (card.moves.length) {
      const menu = element("button", "menu-button");
      menu.type = "button";
      menu.tabIndex = -1;
      menu.title = "Move to…";
      menu.setAttribute("aria-label", `Move ${card.code} to…`);
      menu.setAttribute("aria-haspopup", "menu");
      menu.append(icon("more_horiz"));
      top.append(menu);
    }

    const deal = element("div", "deal");
    const product = element("span", "product", card.product);
    product.title = card.product;
    deal.append(product);
    deal.append(element("span", card.premium ? "premium" : "premium none", card.premium || "no value"));

    const facts = element("div", "facts");
    if (card.due) facts.append(this.fact(card.overdue ? "due late" : "due", "event", card.due, card.overdue ? "Follow-up overdue" : "Next follow-up"));
    if (card.stage_days) facts.append(this.fact(card.rotting ? "warn" : "", card.rotting ? "hourglass_bottom" : "schedule", card.stage_days, card.rotting ? "Too long in this stage" : "In this stage"));
    if (card.owner) {
      const owner = element("span", "owner", initials(card.owner));
      owner.title = `Owner: ${card.owner}`;
      facts.append(owner);
    }
    const title = element("div", "title", card.title);
    title.title = card.title;
    made.append(top, title, deal, facts);
    return made;
  }

  fact(className, iconName, text, meaning) {
    const made = element("span", `fact ${className}`);
    made.title = meaning;
    made.append(icon(iconName), document.createTextNode(` ${text}`));
    return made;
  }

  // ---- finding

  cardById(id) {
    return id === null ? null : this.columns.querySelector(`.card[data-card="${CSS.escape(id)}"]`);
  }

  columnByKey(key) {
    return this.columns.querySelector(`.column[data-column="${CSS.escape(key)}"]`);
  }

  titleOf(key) {
    return this.data.columns.find((column) => column.key === key).title;
  }

  setActive(card, takeFocus) {
    for (const other of this.columns.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    if (!card) return;
    this.active = card.dataset.card;
    card.tabIndex = 0;
    const menu = card.querySelector(".menu-button");
    if (menu) menu.tabIndex = 0;
    if (takeFocus) card.focus({ preventScroll: false });
  }

  say(text) {
    this.live.textContent = "";
    requestAnimationFrame(() => (this.live.textContent = text));
  }

  // ---- sending

  // A gesture of the card that has the focus may open a dialog: when it is gone, the keyboard goes on
  // at the card, wherever it stands by then.
  returnFocus(card) {
    this.dialogs?.disconnect();
    if (this.root.getRootNode().activeElement !== card) return;
    const id = card.dataset.card;
    let asked = false;
    this.dialogs = new MutationObserver(() => {
      if (document.querySelector('[role="dialog"]')) asked = true;
      else if (asked) {
        this.dialogs.disconnect();
        // The dialog hands the focus on by itself first, to where nothing can take it.
        setTimeout(() => this.setActive(this.cardById(id), true));
      }
    });
    this.dialogs.observe(document.body, { childList: true, subtree: true });
  }

  open(card) {
    this.returnFocus(card);
    this.send("open", { card: card.dataset.card });
  }

  move(card, to) {
    const from = card.dataset.column;
    this.endMove();
    if (to === from) return;
    const id = card.dataset.card;
    const target = this.data.columns.find((column) => column.key === to);
    this.returnFocus(card);
    card.classList.add("pending");
    this.shown = ""; // whatever the server sends next is drawn, also when nothing changed
    if (!target.asks) {
      const hadFocus = this.root.getRootNode().activeElement === card;
      const list = this.columnByKey(to).querySelector(".cards");
      list.querySelector(".none-here")?.remove();
      list.prepend(card);
      card.dataset.column = to;
      list.scrollTop = 0;
      this.awaited = this.data.version;
      if (hadFocus) card.focus();
    }
    this.say(`${card.card.code}: moving to ${this.titleOf(to)}.`);
    this.send("move", { card: id, from, to, version: card.card.version });
  }

  // ---- mouse

  clicked(event) {
    const more = event.target.closest(".more");
    if (more) {
      more.disabled = true;
      this.send("more", { column: more.closest(".cards").dataset.column });
      return;
    }
    const card = event.target.closest(".card");
    if (!card || this.held) return;
    this.setActive(card, false);
    const button = event.target.closest(".menu-button");
    if (button) this.openMenu(card, button);
    else this.open(card);
  }

  dragStart(event) {
    const card = event.target.closest?.(".card");
    if (!card) return;
    this.closeMenu();
    this.dragged = { card, from: card.dataset.column, over: null };
    this.refusal.textContent = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.card.code);
    requestAnimationFrame(() => {
      if (!this.dragged) return;
      card.classList.add("dragging");
      this.startMove(card);
    });
  }

  dragOver(event) {
    if (!this.dragged) return;
    const column = event.target.closest(".column");
    this.dragged.over = column ? column.dataset.column : null;
    const allowed = column && this.dragged.card.card.moves.includes(column.dataset.column);
    this.aim(allowed ? column.dataset.column : null);
    if (!allowed) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }

  dropped(event) {
    if (!this.dragged) return;
    const { card } = this.dragged;
    const column = event.target.closest(".column");
    event.preventDefault();
    this.dragEnd();
    if (column && card.card.moves.includes(column.dataset.column)) this.move(card, column.dataset.column);
  }

  dragEnd() {
    const dragged = this.dragged;
    dragged?.card.classList.remove("dragging");
    this.dragged = null;
    this.endMove();
    if (dragged?.over) this.refuse(dragged.card, dragged.over);
  }

  // Says why nothing happened when a card is let go over a column that it may not go to.
  refuse(card, to) {
    if (to === card.dataset.column || card.card.moves.includes(to)) return;
    const names = this.reachable(card).map((key) => this.titleOf(key)).join(" or ");
    this.refusal.textContent =
      `${card.card.code} can't go from ${this.titleOf(card.dataset.column)} to ${this.titleOf(to)}` +
      (names ? `. You can move it to ${names}.` : ".");
  }

  startMove(card) {
    this.root.classList.add("moving");
    this.columnByKey(card.dataset.column).classList.add("home");
    for (const key of card.card.moves) this.columnByKey(key)?.classList.add("allowed");
  }

  aim(key) {
    for (const column of this.columns.querySelectorAll(".column.target")) {
      if (column.dataset.column !== key) column.classList.remove("target");
    }
    if (key) this.columnByKey(key).classList.add("target");
  }

  endMove() {
    this.held?.card.classList.remove("held");
    this.held = null;
    this.root.classList.remove("moving");
    for (const column of this.columns.querySelectorAll(".column")) column.classList.remove("home", "allowed", "target");
  }

  // ---- keyboard

  focused(event) {
    const card = event.target.closest(".card");
    if (card && card.dataset.card !== this.active) this.setActive(card, false);
  }

  keyed(event) {
    if (event.target.closest("button") || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest(".card");
    if (!card) return;
    const handled = this.held ? this.keyWhileHeld(event.key, card) : this.keyOnCard(event.key, card);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  keyOnCard(key, card) {
    if (key === "Enter") this.open(card);
    else if (key === " ") this.pickUp(card);
    else if (key === "m" || key === "M") {
      const button = card.querySelector(".menu-button");
      if (button) this.openMenu(card, button);
    } else if (key === "ArrowDown") this.step(card, 1);
    else if (key === "ArrowUp") this.step(card, -1);
    else if (key === "ArrowRight") this.cross(card, 1);
    else if (key === "ArrowLeft") this.cross(card, -1);
    else return false;
    return true;
  }

  keyWhileHeld(key, card) {
    if (key === "Escape") {
      this.endMove();
      this.say(`${card.card.code} put back.`);
    } else if (key === "ArrowRight" || key === "ArrowDown") this.turn(1);
    else if (key === "ArrowLeft" || key === "ArrowUp") this.turn(-1);
    else if (key === "Enter" || key === " ") {
      const to = this.held.target;
      if (to) this.move(card, to);
      else {
        this.endMove();
        this.say(`${card.card.code} put back.`);
      }
    } else return key !== "Tab";
    return true;
  }

  pickUp(card) {
    if (!card.card.moves.length) {
      this.say(`${card.card.code} can't be moved.`);
      return;
    }
    this.held = { card, target: null };
    card.classList.add("held");
    this.startMove(card);
    const names = this.reachable(card).map((key) => this.titleOf(key)).join(", ");
    this.say(`${card.card.code} picked up. It can go to ${names}. Arrow keys choose, Enter drops, Escape puts it back.`);
  }

  reachable(card) {
    return this.data.columns.map((column) => column.key).filter((key) => card.card.moves.includes(key));
  }

  turn(direction) {
    const order = this.data.columns.map((column) => column.key);
    const stops = order.filter((key) => key === this.held.card.dataset.column || this.held.card.card.moves.includes(key));
    const here = stops.indexOf(this.held.target ?? this.held.card.dataset.column);
    const next = stops[Math.min(Math.max(here + direction, 0), stops.length - 1)];
    this.held.target = next === this.held.card.dataset.column ? null : next;
    this.aim(this.held.target);
    this.columnByKey(next).scrollIntoView({ block: "nearest", inline: "nearest" });
    this.say(this.held.target ? this.titleOf(next) : `${this.titleOf(next)}, where it was`);
  }

  step(card, direction) {
    const cards = [...card.closest(".cards").querySelectorAll(".card")];
    const next = cards[cards.indexOf(card) + direction];
    if (next) this.setActive(next, true);
    else if (direction > 0) card.closest(".cards").querySelector(".more")?.focus();
  }

  cross(card, direction) {
    const columns = [...this.columns.querySelectorAll(".column")];
    const row = [...card.closest(".cards").querySelectorAll(".card")].indexOf(card);
    let at = columns.indexOf(card.closest(".column")) + direction;
    while (columns[at]) {
      const cards = columns[at].querySelectorAll(".card");
      if (cards.length) {
        this.setActive(cards[Math.min(row, cards.length - 1)], true);
        return;
      }
      at += direction;
    }
  }

  // ---- menu

  openMenu(card, button) {
    this.closeMenu();
    const menu = element("div", "menu");
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", `Move ${card.card.code} to`);
    menu.append(element("div", "caption", "Move to"));
    for (const key of this.reachable(card)) {
      const column = this.data.columns.find((one) => one.key === key);
      const item = element("button", `tone-${column.tone}`);
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.append(element("span", "dot"), element("span", "", column.title));
      item.addEventListener("click", () => {
        this.closeMenu();
        this.setActive(card, true);
        this.move(card, key);
      });
      menu.append(item);
    }
    menu.addEventListener("keydown", (event) => this.keyInMenu(event, button));
    this.root.append(menu);
    this.menu = menu;
    this.place(menu, button.getBoundingClientRect());
    menu.querySelector("button").focus();
  }

  place(menu, anchor) {
    const box = menu.getBoundingClientRect();
    const left = Math.max(8, Math.min(anchor.right - box.width, window.innerWidth - box.width - 8));
    const below = anchor.bottom + 4;
    const top = below + box.height > window.innerHeight - 8 ? Math.max(8, anchor.top - box.height - 4) : below;
    menu.style.left = `${left}px`;
    menu.style.top = `${top}px`;
    // A transformed ancestor shifts what "fixed" means: measure, then correct.
    const placed = menu.getBoundingClientRect();
    menu.style.left = `${left - (placed.left - left)}px`;
    menu.style.top = `${top - (placed.top - top)}px`;
  }

  keyInMenu(event, button) {
    const items = [...this.menu.querySelectorAll("button")];
    const here = items.indexOf(this.root.getRootNode().activeElement);
    if (event.key === "Escape" || event.key === "Tab") {
      this.closeMenu();
      button.focus();
    } else if (event.key === "ArrowDown") items[(here + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(here - 1 + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  closeMenu() {
    this.menu?.remove();
    this.menu = null;
  }
}
