/*
 * <podcast-search>: answers while one types, for the search form inside it.
 *
 *   <script src="https://search.example/search-box.js" defer></script>
 *   <podcast-search>
 *     <form action="https://search.example/search" role="search">
 *       <input type="search" name="q" aria-label="Search the show">
 *     </form>
 *   </podcast-search>
 *
 * Without this script the form still works; with it, the input becomes an editable combobox with
 * list autocomplete (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Episodes are groups,
 * moments are options, and every option is a real link to its second. The popup lives in the
 * light DOM because ARIA references do not reach into a shadow root.
 *
 * Attributes: endpoint (address of the JSON endpoint), hotkeys="off", player (CSS selector),
 * text-* (see TEXTS). Look: the custom properties --podcast-search-* in STYLE.
 */
(() => {
  "use strict";

  // ---- numbers, texts, style --------------------------------------------------------------

  const PAUSE = 120; // ms without a keystroke before a question is sent
  const PATIENCE = 400; // ms without an answer before we say that we are searching
  const COUNT = { per_page: 5, moments: 3, facets: 0 };
  const NARROWING = ["tag", "guest", "category", "year", "from", "to", "sort", "exact"];

  const TEXTS = {
    results: "Episodes and moments",
    searching: "Searching…",
    episodes: "1 episode|{n} episodes",
    moments: "1 moment|{n} moments",
    all: "See all: {found}",
    none: "Nothing found for “{query}”",
    corrected: "Showing results for “{query}”",
    partial: "No episode has all that was asked for; these come nearest",
    here: "The player is at {time}",
    failed: "Search is not answering. Press Enter to try its own page.",
  };

  // A made-up id inside :is() lends its weight to every rule, so that a site's own rules for links
  // and lists do not reach the popup. `all: initial` lets nothing be inherited from around it (a
  // header's capitals, centred or unbroken lines), but for custom properties, the direction of
  // writing and what is named; `all: unset` then starts each part from nothing.
  const STYLE = `
:where(podcast-search) { display: block; position: relative }
podcast-search:has(> [popover]) { anchor-name: --podcast-search }
:is(#_, podcast-search) {
  anchor-scope: --podcast-search;
  .ps-live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
  .ps-panel * { all: unset; box-sizing: border-box }
  .ps-panel {
    all: initial; box-sizing: border-box; color-scheme: inherit; visibility: inherit;
    --ink: var(--podcast-search-ink, light-dark(#1d2327, #e6e3db));
    --paper: var(--podcast-search-paper, light-dark(#fff, #1a2024));
    --soft: var(--podcast-search-soft, light-dark(#56616a, #a3adb3));
    --line: var(--podcast-search-line, light-dark(#e2dfd6, #39444b));
    --accent: var(--podcast-search-accent, light-dark(#0b5d66, #7fd0d3));
    --active: var(--podcast-search-active, light-dark(#e3f0f0, #1d3236));
    --mark: var(--podcast-search-mark, light-dark(#ffe7a0, #66501a));
    --beside: 100%; --side: 0px; --wide: 100%;
    display: flex; flex-direction: column; position: absolute; z-index: var(--podcast-search-layer, 1000);
    inset-block-start: calc(var(--beside) + .4rem); inset-inline-start: var(--side);
    inline-size: min(max(var(--wide), 30rem), var(--podcast-search-width, 46rem), 100vw - 1rem);
    padding: .4rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
    border-radius: var(--podcast-search-radius, .75rem); box-shadow: 0 .6rem 2rem #0003;
    font: var(--podcast-search-font, 1rem/1.45 system-ui, sans-serif); overflow-wrap: anywhere;
    @media (prefers-reduced-motion: no-preference) { animation: ps-open .12s }
    @media print { display: none }
    &.ps-up { inset-block: auto calc(var(--beside) + .4rem) }
    &[popover] { --beside: anchor(outside); --side: anchor(inside); --wide: anchor-size(); position: fixed; position-anchor: --podcast-search }
    [role=listbox] { overflow: hidden auto; overscroll-behavior: contain; scroll-padding: 0 0 4em }
    [role=group] { display: block; padding-block: .3rem }
    [role=group] + * { border-block-start: 1px solid var(--line) }
    [role=option] { display: flex; gap: .7rem; padding: .35rem .6rem; border-radius: .45rem; cursor: pointer }
    .ps-all { position: sticky; bottom: -1px; color: var(--accent); background: var(--paper); border-radius: 0; place-content: center }
    [role=option]:hover { background: var(--active) }
    [aria-selected=true] { background: var(--active); outline: 2px solid var(--accent); outline-offset: -2px }
    .ps-episode, .ps-facts { display: block }
    .ps-title { font-weight: 600 }
    .ps-facts { color: var(--soft); font-size: .85em }
    .ps-time { flex: none; min-inline-size: 4.2em; color: var(--accent); font-weight: 600; font-variant-numeric: tabular-nums; text-align: end }
    .ps-facts::first-letter, .ps-note::first-letter { text-transform: uppercase }
    & bdi { text-align: -webkit-match-parent; text-align: match-parent }
    & mark { background: var(--mark); border-radius: .2em }
    .ps-note { display: block; padding: .35rem .6rem; color: var(--soft) }
    .ps-note:empty { display: none }
    .ps-error { color: var(--ink); border-inline-start: .25rem solid var(--podcast-search-error, #c22) }
  }
}
@keyframes ps-open { from { opacity: 0 } }`;

  // ---- helpers --------------------------------------------------------------------------

  // Android's keyboards compose every word, also in Latin letters; elsewhere composing means that
  // the text is not yet what is meant.
  const COMPOSES_ALWAYS = /Android/.test(navigator.userAgent);

  let sheet; // one for all boxes of the page; a constructed sheet needs no leave of style-src
  let boxes = 0;

  /** An element with attributes and children; texts become text nodes, never markup. */
  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /** The endpoint's `…html` (escaped text plus <mark>) as nodes, without a parser of markup. */
  function marked(html) {
    const known = { __proto__: null, amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'" };
    const plain = (text) => text.replace(/&(#?\w+);/g, (all, name) => known[name] ?? all);
    return html
      .split(/<\/?mark>/)
      .map((text, number) => (number % 2 ? make("mark", {}, plain(text)) : plain(text)));
  }

  /** The address if it leads to the web; null for javascript:, data: and whatever is none. */
  function webAddress(text, base) {
    try {
      const url = new URL(text, base);
      return /^https?:$/.test(url.protocol) ? url : null;
    } catch {
      return null;
    }
  }

  /** Whether a link leads to a place on the page one is on. A page's own query may be noise. */
  function isHere(link) {
    const page = (url) => url.origin + url.pathname.replace(/(\/index)?(\.html|\/)$/, "");
    return (
      link.hash && page(link) === page(location) && ["", location.search].includes(link.search)
    );
  }

  const isModified = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const isTyped = (node) =>
    node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.nodeName);

  // ---- the element ----------------------------------------------------------------------

  class PodcastSearch extends HTMLElement {
    #id = `podcast-search-${++boxes}`;
    #life; // aborted when the element leaves the page: ends every listener and request
    #asking; // aborted when a newer question is asked
    #timers = [];
    #form;
    #input;
    #endpoint;
    #live;
    // In the page only while open, so no cache of the page can hold it.
    #panel;
    #list;
    #note;
    #options = [];
    #active = -1;
    #answered; // the text that the options answer

    // ---- coming to the page and leaving it ------------------------------------------------

    connectedCallback() {
      this.#life = new AbortController();
      if (document.readyState !== "loading") this.#begin();
      // Loaded before the page is read to its end, the form may not be there yet.
      else this.#on(document, "DOMContentLoaded", () => this.#begin());
    }

    disconnectedCallback() {
      this.#close();
      this.#life.abort();
    }

    #begin() {
      this.#form = this.querySelector("form");
      this.#input = this.#form?.querySelector('input[name="q"]');
      this.#endpoint = this.#findEndpoint();
      // Whatever is missing, the plain form goes on working.
      if (!this.#input || !this.#endpoint) return;
      this.#dress();
      this.#on(this.#input, "input", (event) => {
        if (COMPOSES_ALWAYS || !event.isComposing) this.#typed();
      });
      this.#on(this.#input, "compositionstart", () => COMPOSES_ALWAYS || this.#close());
      this.#on(this.#input, "compositionend", () => this.#typed());
      this.#on(this.#input, "keydown", (event) => this.#pressed(event));
      this.#on(this.#input, "blur", () => this.#left());
      this.#on(this.#form, "submit", () => this.#close());
      this.#on(document, "turbolinks:before-cache", () => this.#close());
      this.#on(window, "pagehide", () => this.#close());
      if (this.getAttribute("hotkeys") !== "off") {
        this.#input.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
        this.#on(document, "keydown", (event) => this.#called(event));
      }
    }

    #on(target, type, listener) {
      target.addEventListener(type, listener, { signal: this.#life.signal });
    }

    #findEndpoint() {
      const action = webAddress(this.#form?.getAttribute("action") ?? "", document.baseURI);
      return webAddress(this.getAttribute("endpoint") ?? "api/v1/search", action ?? undefined);
    }

    #dress() {
      const root = this.getRootNode();
      if (!sheet) {
        sheet = new CSSStyleSheet();
        // Asked here, as Safari 17 reads a nested @supports wrong.
        const dark = CSS.supports("color: light-dark(red, red)");
        sheet.replaceSync(dark ? STYLE : STYLE.replace(/light-dark\((.+?), .+?\)/g, "$1"));
      }
      if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
      // A copy of the page (Turbolinks keeps some) brings along what another box had added.
      for (const old of this.querySelectorAll(":scope > .ps-live, :scope > .ps-panel")) old.remove();
      this.#live = make("div", { class: "ps-live", role: "status" });
      this.append(this.#live);
      const roles = { role: "combobox", "aria-autocomplete": "list", autocomplete: "off" };
      for (const [name, value] of Object.entries(roles)) this.#input.setAttribute(name, value);
      this.#offer(false);
    }

    /** A text to show, in the site's own words where it gives them: "one|many {n}". */
    #text(name, values = {}) {
      const forms = (this.getAttribute(`text-${name}`) ?? TEXTS[name]).split("|");
      const form = values.n === 1 ? forms[0] : forms.at(-1);
      return form.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
    }

    get #words() {
      return this.#input.value.trim();
    }

    // ---- asking ---------------------------------------------------------------------------

    #typed() {
      if (this.#words === this.#answered) return;
      this.#forget();
      if (!this.#words) return this.#close();
      // The old answer stays in sight till the next, lest the popup flickers at every key; it can
      // no longer be chosen.
      this.#list?.setAttribute("aria-busy", "true");
      this.#search(PAUSE);
    }

    #search(pause, whenShown) {
      this.#timers = [
        setTimeout(() => this.#ask(whenShown), pause),
        setTimeout(() => this.#wait(), pause + PATIENCE),
      ];
    }

    /** Drops the question under way and the answer at hand: neither is for the text any more. */
    #forget() {
      this.#asking?.abort();
      this.#timers.forEach(clearTimeout);
      this.#answered = null;
      this.#activate(-1);
      this.#options = [];
    }

    async #ask(whenShown) {
      const words = this.#words;
      const asking = (this.#asking = new AbortController());
      try {
        const response = await fetch(this.#question(words), {
          signal: asking.signal,
          credentials: "omit",
        });
        const body = await response.json();
        if (asking.signal.aborted || words !== this.#words) return;
        if (response.ok) {
          this.#show(body, words);
          whenShown?.();
        } else this.#fail(response.status < 500 && body.detail);
      } catch {
        // Out of reach, or no JSON: a failure, unless it is ours by a newer question.
        if (!asking.signal.aborted) this.#fail();
      }
    }

    #question(words) {
      const url = new URL(this.#endpoint);
      for (const [name, value] of new FormData(this.#form)) {
        if (NARROWING.includes(name)) url.searchParams.append(name, value);
      }
      const wanted = { q: words, ...COUNT, typing: 1 };
      for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
      return url;
    }

    // ---- showing --------------------------------------------------------------------------

    #open() {
      if (this.#panel) return;
      this.#note = make("div", { class: "ps-note", "aria-hidden": "true" });
      this.#list = make("div", { role: "listbox", "aria-label": this.#text("results") });
      this.#list.id = `${this.#id}-list`;
      this.#panel = make("div", { class: "ps-panel" }, this.#note);
      // The focus stays in the input, whatever is clicked.
      this.#on(this.#panel, "mousedown", (event) => event.preventDefault());
      this.#on(this.#panel, "click", (event) => this.#clicked(event));
      this.append(this.#panel);
      // In the top layer nothing around the box cuts it off or covers it (a header that hides what
      // overflows, a dialog), and style alone can tie it to the box there.
      if (CSS.supports("top: anchor(outside)")) {
        this.#panel.popover = "manual";
        this.#panel.showPopover();
      }
      this.#place();
    }

    #close() {
      if (!this.#input) return;
      this.#forget();
      this.#panel?.remove();
      this.#panel = null;
      this.#offer(false);
    }

    /** Keeps the popup inside the window: its height, above a box at the foot, and sideways. */
    #place() {
      const { style, classList } = this.#panel;
      // Without a scroll bar, which 100vw has within.
      const width = document.documentElement.clientWidth;
      style.maxInlineSize = `${width - 16}px`;
      style.translate = "0";
      classList.remove("ps-up");
      const { top, left, right } = this.#panel.getBoundingClientRect();
      const shift = left < 8 ? 8 - left : Math.min(0, Math.max(width - 8 - right, 8 - left));
      const below = (window.visualViewport?.height ?? innerHeight) - top - 8;
      const above = this.getBoundingClientRect().top - 16;
      const up = below < 240 && above > 2 * below;
      classList.toggle("ps-up", up);
      style.translate = `${shift}px`;
      style.maxBlockSize = `${up ? above : Math.max(below, 240)}px`;
    }

    #offer(expanded) {
      this.#input.setAttribute("aria-expanded", String(expanded));
      if (expanded) this.#input.setAttribute("aria-controls", this.#list.id);
      else this.#input.removeAttribute("aria-controls");
    }

    /** The old answer goes, the popup keeps its height, so that nothing jumps. */
    #wait() {
      this.#open();
      this.#panel.style.minBlockSize = `${this.#panel.offsetHeight}px`;
      this.#list.replaceChildren();
      this.#list.setAttribute("aria-busy", "true");
      this.#tell(this.#text("searching"));
    }

    #show(answer, words) {
      const found = this.#found(answer);
      this.#options = [];
      const groups = answer.results.map((episode) => this.#group(episode));
      this.#answered = words;
      if (!groups.length) return this.#message(this.#text("none", { query: words }));
      // The page is to show what was found here, also for a word that is not finished.
      const all = new URLSearchParams([...new FormData(this.#form), ["typing", 1]]);
      const page = new URL(`?${all}`, webAddress(this.#form.getAttribute("action"), document.baseURI));
      const more = this.#option(page, { class: "ps-all" }, this.#text("all", { found }));
      this.#message(this.#remark(answer), [...groups, more]);
      this.#say([this.#note.textContent, found].filter(Boolean).join(". "));
    }

    #found({ found_episodes: episodes, found_moments: moments }) {
      const found = [this.#text("episodes", { n: episodes })];
      if (moments) found.push(this.#text("moments", { n: moments }));
      return found.join(", ");
    }

    #remark({ corrections, interpreted, partial }) {
      if (corrections?.length) return this.#text("corrected", { query: interpreted });
      return partial ? this.#text("partial") : "";
    }

    #group(episode) {
      const title = make("bdi", { class: "ps-title", id: `${this.#id}-${this.#options.length}-title` });
      title.append(...marked(episode.title_html));
      const { category, number } = episode;
      const which = category ? `${category} ${number ?? ""}`.trim() : number != null && `#${number}`;
      const line = [which, episode.date?.slice(0, 4), ...episode.guests].filter(Boolean).join(" · ");
      const url = (text) => webAddress(text || "", this.#endpoint);
      const options = [
        this.#option(
          url(episode.url),
          { class: "ps-episode" },
          title,
          make("span", { class: "ps-facts" }, make("bdi", {}, line)),
        ),
        ...episode.moments.map((moment) =>
          this.#option(
            url(moment.url),
            {},
            make("bdi", { class: "ps-time" }, moment.time),
            " ",
            make("bdi", {}, ...marked(moment.html)),
          ),
        ),
      ];
      return make("div", { role: "group", "aria-labelledby": title.id }, ...options);
    }

    #option(url, attributes, ...children) {
      const made = make("a", { role: "option", tabindex: "-1", ...attributes }, ...children);
      made.id = `${this.#id}-${this.#options.length}`;
      made.setAttribute("aria-selected", "false");
      if (url) made.href = url;
      this.#options.push(made);
      return made;
    }

    #fail(detail) {
      this.#forget();
      this.#message(detail || this.#text("failed"));
      this.#note.classList.add("ps-error");
    }

    /** Fills the popup: a remark, and the options where there are any. */
    #message(remark, options = []) {
      this.#open();
      this.#timers.forEach(clearTimeout);
      this.#panel.style.minBlockSize = "";
      this.#tell(remark);
      this.#list.removeAttribute("aria-busy");
      this.#list.replaceChildren(...options);
      this.#panel.replaceChildren(this.#note, ...(options.length ? [this.#list] : []));
      this.#list.scrollTop = 0;
      this.#place();
      this.#offer(options.length > 0);
    }

    #tell(remark) {
      this.#note.classList.remove("ps-error");
      this.#note.textContent = remark;
      if (remark) this.#say(remark);
    }

    #say(text) {
      this.#live.textContent = text;
    }

    // ---- keys and clicks ------------------------------------------------------------------

    #pressed(event) {
      // While a character is being composed, the keys belong to the input method.
      if (event.isComposing || event.keyCode === 229) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.#step(event, step);
      else if (event.key === "Escape") this.#escape(event);
      else if (event.key === "Enter") this.#enter(event);
      else if (/^(Arrow|Home|End)/.test(event.key)) this.#activate(-1);
    }

    #step(event, step) {
      if (!this.#words) return;
      event.preventDefault();
      if (event.altKey && step < 0) return this.#close();
      const go = () => event.altKey || this.#activate(this.#beside(step));
      if (this.#options.length) return go();
      this.#forget();
      this.#search(0, go);
    }

    /** The next option round the list; from the input, the first or the last. */
    #beside(step) {
      const count = this.#options.length;
      return this.#active < 0 && step < 0 ? count - 1 : (this.#active + step + count) % count;
    }

    #escape(event) {
      if (!this.#panel && !this.#input.value) return;
      // Some browsers clear a search field with Escape, at once: first things first.
      event.preventDefault();
      if (this.#panel) return this.#close();
      this.#input.value = "";
      this.#input.dispatchEvent(new Event("input", { bubbles: true }));
    }

    #enter(event) {
      const option = this.#options[this.#active];
      if (!option) return;
      event.preventDefault();
      // A click with the same keys held: the browser (or Turbolinks) knows what they mean. Safari
      // heeds no keys of a script's click, so the link itself says that it opens elsewhere.
      if (isModified(event)) option.target = "_blank";
      const { ctrlKey, metaKey, shiftKey, altKey } = event;
      const held = { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey, altKey };
      option.dispatchEvent(new MouseEvent("click", held));
      option.removeAttribute("target");
    }

    #activate(number) {
      this.#options[this.#active]?.setAttribute("aria-selected", "false");
      this.#active = number;
      const option = this.#options[number];
      if (!option) return this.#input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.#input.setAttribute("aria-activedescendant", option.id);
    }

    #clicked(event) {
      const link = event.target.closest("a[href]");
      if (!link || isModified(event)) return;
      if (isHere(link)) {
        // Followed, it would load this page anew (Turbolinks) and stop what is playing.
        event.preventDefault();
        this.#close();
        this.#seek(link.hash);
      } else {
        // Not at once: others on the page still look at the link that was clicked.
        setTimeout(() => this.#close());
      }
    }

    /** Moves the page's player, which listens to the hash, and shows it. */
    #seek(hash) {
      const url = location.href;
      // The same hash again changes nothing by itself, yet the player has moved on since.
      if (location.hash === hash) {
        window.dispatchEvent(new HashChangeEvent("hashchange", { oldURL: url, newURL: url }));
      } else location.hash = hash;
      const player = this.getAttribute("player") ?? ".js-audio-player, audio";
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      document
        .querySelector(player)
        ?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
      this.#say(this.#text("here", { time: hash.slice(1) }));
    }

    #left() {
      // Another window in front is not a way out: the input is still the one in focus.
      if (this.getRootNode().activeElement !== this.#input) this.#close();
    }

    /** Ctrl+K, Cmd+K or / anywhere on the page, unless it is being typed into something. */
    #called(event) {
      const { key, altKey } = event;
      const command = event.ctrlKey || event.metaKey;
      const wanted = command ? key.toLowerCase() === "k" && !event.shiftKey : key === "/";
      if (!wanted || altKey || event.defaultPrevented || event.isComposing) return;
      const from = event.composedPath()[0];
      if (isTyped(from) && !(command && from === this.#input)) return;
      if (!this.#input.getClientRects().length) return; // hidden, as in a folded menu
      event.preventDefault();
      this.#input.focus();
      this.#input.select();
    }
  }

  // Turbolinks may run the script again on a page that has it. In a browser whose styles do not nest
  // (Firefox 115) the popup would have no look: there the form searches alone.
  if (CSS.supports("selector(&)") && !customElements.get("podcast-search")) {
    customElements.define("podcast-search", PodcastSearch);
  }
})();
