// An episode page's player as podcast sites have it: it seeks from the address (`#38:32`), once its
// metadata is there and on each hashchange, never starts by itself, and remembers where one was.
// Like many of its kind it adds a listener on each visit and removes none.
(() => {
  "use strict";

  function secondsOf(hash) {
    const parts = hash.replace(/^#/, "").split(":");
    if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^\d+$/.test(part))) {
      return null;
    }
    return parts.reduce((total, part) => total * 60 + Number(part), 0);
  }

  function seek(audio) {
    const wanted = secondsOf(location.hash) ?? Number(localStorage.getItem(location.pathname));
    if (wanted < audio.duration) audio.currentTime = wanted;
  }

  function setUp() {
    const audio = document.querySelector(".js-audio-player audio");
    if (!audio) return;
    if (audio.readyState >= 1) seek(audio);
    else audio.addEventListener("loadedmetadata", () => seek(audio));
    audio.addEventListener("timeupdate", () => {
      localStorage.setItem(location.pathname, String(audio.currentTime));
    });
    window.addEventListener("hashchange", () => seek(audio));
  }

  const turbolinks = "Turbolinks" in window;
  document.addEventListener(turbolinks ? "turbolinks:load" : "DOMContentLoaded", setUp);
})();
