// An embed is loaded when it is clicked, and not before: until then no other host hears of the reader.
// Without this script it is a link. The words for the hint stand in the element that loads the script.
(() => {
  "use strict";
  const hint = document.currentScript.dataset.hint;
  for (const embed of document.querySelectorAll(".embed[data-embed]")) {
    const link = embed.querySelector("a[href^='https://']");
    if (!link) continue;
    if (hint) {
      const words = document.createElement("span");
      words.className = "embed-hint";
      words.textContent = hint.replace("{host}", new URL(link.href).host);
      embed.querySelector(".embed-host")?.remove();
      embed.append(words);
    }
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const frame = document.createElement("iframe");
      frame.title = link.textContent;
      frame.allow = "fullscreen; picture-in-picture; encrypted-media";
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      frame.src = link.href;
      embed.classList.add("loaded");
      embed.replaceChildren(frame);
      frame.focus();
    });
  }
})();
