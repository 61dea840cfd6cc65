// The overview's links to categories filter it in place, and its next page is loaded when its link comes into view.
// Without this script both are links to pages.
(() => {
  "use strict";
  const list = document.querySelector(".list");
  const filter = document.querySelector(".filter");
  if (!list) return;

  // The same rule as in partials/tiles.html: tiles grow where the grid would have a hole.
  const shape = () => {
    for (const grid of list.querySelectorAll(".tiles")) {
      const tiles = [...grid.children].filter((tile) => !tile.hidden);
      const singles = tiles.filter((tile) => !tile.classList.contains("double"));
      const odd = singles.length % 2 === 1;
      const short = (singles.length + (odd ? 1 : 0) + 2 * (tiles.length - singles.length)) % 4 === 2;
      const leads = short && (tiles[0] !== singles[0] || singles.length === 1);
      for (const tile of tiles) {
        tile.classList.toggle("wide", odd && tile === singles.at(-1));
        tile.classList.toggle("pair", short && !leads && singles.indexOf(tile) >= 0 && singles.indexOf(tile) < 2);
        tile.classList.toggle("lead", leads && tile === tiles[0]);
      }
    }
  };

  const status = filter?.querySelector("[role=status]");
  const links = filter ? [...filter.querySelectorAll("a[data-slug]")] : [];
  const name = filter?.dataset.query;
  const next = () => document.querySelector(".pager a[rel=next]");
  const onOverview = links[0] && links[0].pathname === location.pathname;

  // On a narrow screen the categories are a row that scrolls: the one that is shown stands in its middle.
  const reveal = () => {
    const link = filter?.querySelector("[aria-current]");
    if (!link) return;
    const [here, all] = [link.getBoundingClientRect(), filter.getBoundingClientRect()];
    filter.scrollLeft += here.left - all.left - (all.width - here.width) / 2;
  };
  reveal();

  const show = (slug) => {
    let count = 0;
    for (const one of list.querySelectorAll("[data-slugs]")) {
      one.hidden = slug !== "" && !one.dataset.slugs.split(" ").includes(slug);
      if (!one.hidden) count += 1;
    }
    for (const part of list.querySelectorAll(".tiles, .chapter")) part.hidden = !part.querySelector("[data-slugs]:not([hidden])");
    for (const link of links) {
      if (link.dataset.slug === slug) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    shape();
    reveal();
    status.textContent = count === 1 ? status.dataset.one : status.dataset.many.replace("{count}", count);
  };

  const asked = () => {
    const slug = new URLSearchParams(location.search).get(name) ?? "";
    return links.some((link) => link.dataset.slug === slug) ? slug : "";
  };

  if (onOverview && !next()) {
    filter.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-slug]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
      event.preventDefault();
      const url = new URL(location.href);
      url.searchParams.delete(name);
      if (link.dataset.slug) url.searchParams.set(name, link.dataset.slug);
      if (url.href !== location.href) history.pushState(null, "", url);
      show(link.dataset.slug);
    });
    addEventListener("popstate", () => show(asked()));
    if (asked()) show(asked());
  } else if (onOverview && asked()) {
    location.replace(links.find((link) => link.dataset.slug === asked()).href);
  }

  // Next pages

  const take = (page) => {
    for (const part of page.querySelectorAll(".list > *")) {
      const id = part.getAttribute("aria-labelledby");
      const here = id ? list.querySelector(`[aria-labelledby="${id}"] .index`) : list.querySelector(".tiles");
      const items = id ? part.querySelector(".index") : part;
      if (here) here.append(...items.children);
      else list.append(part);
    }
    const pager = document.querySelector(".pager");
    const following = page.querySelector(".pager a[rel=next]");
    if (following) pager.querySelector("a[rel=next]").href = following.getAttribute("href");
    else pager.querySelector("a[rel=next]").parentElement.remove();
    shape();
  };

  let busy = false;
  const watcher = new IntersectionObserver(async (seen) => {
    const link = next();
    if (busy || !link || !seen.some((one) => one.isIntersecting)) return;
    busy = true;
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) return watcher.disconnect();
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      return watcher.disconnect(); // the link still leads there
    } finally {
      busy = false;
    }
    watcher.unobserve(link);
    if (next()) watcher.observe(next());
  }, { rootMargin: "600px" });
  if (next()) watcher.observe(next());
})();
