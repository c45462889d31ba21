/*
 * The search page's additions: ▶ beside each moment plays it in place, j and k go from one moment
 * to the next. The page needs neither.
 */
(() => {
  "use strict";

  const player = new Audio(); // one for the page; it fetches nothing until something is played
  player.preload = "none";
  let frame = 0;
  const needle = document.createElementNS("http://www.w3.org/2000/svg", "line"); // on the timeline
  needle.setAttribute("class", "playing");
  needle.setAttribute("y2", "28");
  const trouble = document.createElement("p"); // said where it is met
  trouble.className = "reason";
  trouble.setAttribute("role", "alert");
  let current = null; // the moment that is in the player: { button, start, end }
  let fresh = false; // whether the recording has yet to play, from wherever

  function addButton(item) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "play";
    item.append(button);
    const moment = {
      button,
      name: item.querySelector(".jump").textContent.replace(/\s+/g, " ").trim(),
      audio: item.dataset.audio,
      start: Number(item.dataset.start),
      end: item.dataset.end ? Number(item.dataset.end) : Infinity,
    };
    label(moment, "▶", "Play");
    button.addEventListener("click", () => toggle(moment));
  }

  function label({ button, name }, sign, verb) {
    button.textContent = sign;
    button.setAttribute("aria-label", `${verb} ${name}`);
    button.title = verb;
  }

  function toggle(moment) {
    if (moment === current && !player.paused && !player.error) player.pause();
    else play(moment);
  }

  /** Tells the system what plays: a locked phone shows it. (Web views of apps know no such thing.) */
  function announce(item) {
    if (!navigator.mediaSession) return;
    const text = (selector, within) => within.querySelector(selector).textContent.trim();
    navigator.mediaSession.metadata = new MediaMetadata({
      title: text(".text", item),
      album: text("h2", item.closest("article")),
      artist: text(".show", document),
    });
  }

  function fail() {
    label(current, "✕", "Cannot play");
    trouble.textContent = "The recording cannot be played here.";
    current.button.after(trouble);
    needle.remove();
  }

  function play(moment) {
    trouble.remove();
    const over = player.ended || player.currentTime >= moment.end;
    const resumes = moment === current && !over && !player.error;
    if (!resumes) {
      player.pause();
      if (current) label(current, "▶", "Play");
      current = moment;
      // Compared as addresses: setting the same src again would fetch the file again.
      if (player.src !== new URL(moment.audio, location).href || player.error) {
        player.src = moment.audio;
        player.muted = fresh = true; // its first sounds are not what is asked for
      }
      announce(moment.button.closest("li.moment"));
      if (!fresh) player.currentTime = moment.start;
    }
    player.play().catch(() => {}); // what fails is an event, too, and may also come later
  }

  /** Moves the needle to where it plays, on the timeline of its episode if there is one. */
  function point() {
    const timeline = current.button.closest("article").querySelector(".timeline svg");
    if (!timeline || player.error || fresh) return needle.remove();
    if (needle.parentNode !== timeline) timeline.append(needle);
    const place = Math.min(100, (100 * player.currentTime) / Number(timeline.dataset.length));
    for (const end of ["x1", "x2"]) needle.setAttribute(end, `${place}%`);
  }

  /** From the moment's second to its end. */
  function keepWithin() {
    if (fresh && player.currentTime > 0) {
      // Not before: WebKit forgets where it is told to begin, or stays there.
      player.currentTime = current.start;
      player.muted = fresh = false;
    } else if (!fresh && current && player.currentTime >= current.end) player.pause();
  }

  /** Looks at the clock on every frame: `timeupdate` alone comes a quarter of a second late. */
  function watch() {
    keepWithin();
    point();
    cancelAnimationFrame(frame);
    if (!player.paused && !player.error) frame = requestAnimationFrame(watch);
  }

  /** The next moment's link in sight (+1) or the one before (-1), from where the focus is. */
  function step(by) {
    const links = [...document.querySelectorAll("li.moment a.jump")].filter(
      (link) => !link.closest("details:not([open])"),
    );
    const item = document.activeElement.closest("li.moment");
    const at = links.findIndex((link) => item?.contains(link));
    links[at < 0 && by < 0 ? links.length - 1 : at + by]?.focus();
  }

  /** A key of the keyboard or a lock screen starts and stops it, too. */
  function tell() {
    // The events come late: by then it may be otherwise.
    if (player.error) return;
    if (player.paused) label(current, "▶", "Play");
    else label(current, "❚❚", "Pause");
  }

  player.addEventListener("play", tell);
  player.addEventListener("pause", tell);
  player.addEventListener("play", watch);
  player.addEventListener("timeupdate", keepWithin); // frames rest while the page is out of sight
  player.addEventListener("error", fail);

  document.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    const held = event.ctrlKey || event.metaKey || event.altKey;
    if (!by || held || event.target.closest("input, textarea, select, [contenteditable]")) return;
    step(by);
  });

  // Back on this page, which the browser may have kept as it was, the box holds its question again
  // and not the one that led away from it.
  document.querySelector(".ask").addEventListener("submit", (event) => {
    window.addEventListener("pagehide", () => event.target.reset(), { once: true });
  });

  document.querySelectorAll("li.moment[data-audio]").forEach(addButton);
})();
