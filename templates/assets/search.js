// Search in the reader's browser. It reads a small index, then only those files of words and results that a question needs;
// functions/tilepress/search/ writes them, and says what stands in them. What a word is, both have to say alike.
(() => {
  "use strict";
  const SHOWN_MAX = 10;
  const PREFIX_CHARS_MIN = 3;
  const PREFIX_FILES_MAX = 3;
  const WORD_CHARS_MAX = 40;
  const NUMBERS_A_FILE = 1024;

  // Words: the twin of functions/tilepress/search/words.py

  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const stemmed = typeof stem === "function" ? stem : (word) => word;
  const plain = (word) => word.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter]);
  const cut = (word) => [...word].slice(0, WORD_CHARS_MAX).join("");
  const folded = (text) => text.replace(/[\u00ad\u200b-\u200d\ufeff]/g, "").normalize("NFKC").toLowerCase();
  const words = (text) => (folded(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => [...word].length > 1 || word > "z").map(cut);
  const stemOf = (word) => plain(stemmed(word));

  // What is asked: each word, and whether it may be only the beginning of one, as the last may be while it is typed

  const asked = (text) => {
    const found = words(text);
    return found.map((word, place) => {
      const open = place === found.length - 1 && !/\s$/.test(text);
      const beginnings = [plain(word), stemOf(word)].filter((one) => open && one.length >= PREFIX_CHARS_MIN);
      return { stem: stemOf(word), beginnings };
    });
  };
  const fits = (word, wish) => word === wish.stem || wish.beginnings.some((one) => word.startsWith(one));

  // Files, each loaded once

  const engine = (address) => {
    const folder = address.slice(0, address.lastIndexOf("/") + 1);
    const kept = new Map();
    const load = (url, options) => fetch(url, options).then((answer) => {
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      return answer.json();
    });
    const file = (name) => {
      if (!kept.has(name)) kept.set(name, load(`${folder}${name}.json`).catch((error) => (kept.delete(name), Promise.reject(error))));
      return kept.get(name);
    };
    let index = null;
    const read = (fresh) => (index = fresh || !index ? load(address, fresh ? { cache: "reload" } : {}) : index);

    const filesOf = (names, wish) => {
      const place = (word) => Math.max(0, names.findLastIndex(([beginning]) => beginning <= word));
      const wanted = new Set([place(wish.stem)]);
      for (const one of wish.beginnings) {
        let last = place(one);
        while (last + 1 < names.length && names[last + 1][0].startsWith(one)) last += 1;
        // So many words begin like this that the reader has to go on first.
        if (last - place(one) < PREFIX_FILES_MAX) for (let at = place(one); at <= last; at += 1) wanted.add(at);
      }
      return [...wanted].map((at) => names[at]?.[1]).filter(Boolean);
    };

    // The pages that have a word, with what it says of each; `rest` where further pages have it.
    const pagesOf = async (names, total, wish) => {
      const found = new Map();
      let rest = false;
      for (const shard of await Promise.all(filesOf(names, wish).map(file))) {
        for (const [word, groups] of Object.entries(shard)) {
          if (!fits(word, wish)) continue;
          const count = groups.reduce((sum, group) => sum + group.length - 1, 0);
          const rare = Math.log(1 + (total - count + 0.5) / (count + 0.5));
          const share = word === wish.stem ? 1 : 0.5 * (Math.min(wish.stem.length, word.length) / word.length);
          for (const [weight, ...steps] of groups) {
            rest ||= weight === 0;
            let number = 0;
            for (const step of steps) {
              number += step;
              found.set(number, Math.max(found.get(number) ?? 0, weight * rare * share));
            }
          }
        }
      }
      return { found, rest };
    };

    const search = async (wishes, fresh) => {
      const { pages, words: names, shown } = await read(fresh);
      const sets = await Promise.all(wishes.map((wish) => pagesOf(names, pages, wish)));
      const smallest = sets.filter((one) => !one.rest).sort((a, b) => a.found.size - b.found.size)[0] ?? sets[0];
      const ranked = [...smallest.found.keys()]
        .filter((number) => sets.every((one) => one.rest || one.found.has(number)))
        .map((number) => [number, sets.reduce((sum, one) => sum + (one.found.get(number) ?? 0), 0)])
        .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      const show = (from, to) =>
        Promise.all(ranked.slice(from, to).map(async ([number]) => (await file(shown[Math.floor(number / NUMBERS_A_FILE)]))[number]));
      return { count: ranked.length, show, first: await show(0, SHOWN_MAX) };
    };

    // Whoever has had this page open for long may know an index whose files are gone: then it is read once more.
    return { search: (wishes) => search(wishes, false).catch(() => search(wishes, true)) };
  };

  // The page

  const form = document.querySelector(".search-form");
  if (!form) return;
  const input = form.querySelector("input");
  const status = document.querySelector(".search-status");
  const list = document.querySelector(".results");
  const more = document.querySelector(".search-more");
  const around = document.querySelector(".search-around");
  const { search } = engine(form.dataset.index);

  const marked = (text, wishes) => {
    const parts = document.createDocumentFragment();
    for (const part of text.split(/([\p{L}\p{M}\p{N}\u00ad]+)/u)) {
      const hit = words(part).some((word) => wishes.some((wish) => fits(stemOf(word), wish) || wish.beginnings.some((one) => plain(word).startsWith(one))));
      if (!hit) {
        parts.append(part);
        continue;
      }
      const mark = document.createElement("mark");
      mark.textContent = part;
      parts.append(mark);
    }
    return parts;
  };

  const result = ([address, title, excerpt, section], wishes) => {
    const one = document.createElement("li");
    const heading = document.createElement("h2");
    const link = document.createElement("a");
    link.href = address;
    link.append(marked(title, wishes));
    heading.append(link);
    if (section) {
      const label = document.createElement("p");
      label.className = "result-section";
      label.textContent = section;
      one.append(label);
    }
    const text = document.createElement("p");
    text.append(marked(excerpt, wishes));
    one.append(heading, text);
    return one;
  };

  let turn = 0;
  const answer = async () => {
    turn += 1;
    const mine = turn;
    const wishes = asked(input.value.trimStart());
    around.hidden = wishes.length > 0;
    if (!wishes.length) {
      list.replaceChildren();
      more.hidden = true;
      status.textContent = "";
      return;
    }
    list.setAttribute("aria-busy", "true");
    let found;
    try {
      found = await search(wishes);
    } catch {
      found = null;
    }
    if (mine !== turn) return;
    list.removeAttribute("aria-busy");
    const count = found?.count ?? 0;
    const said = !found ? "failed" : count === 0 ? "none" : count === 1 ? "one" : "many";
    status.textContent = status.dataset[said].replace("{count}", count).replace("{query}", () => input.value.trim());
    around.hidden = count > 0;
    list.replaceChildren(...(found?.first ?? []).map((one) => result(one, wishes)));
    more.hidden = count <= SHOWN_MAX;
    more.firstElementChild.onclick = async () => {
      const from = list.children.length;
      const next = await found.show(from, from + SHOWN_MAX).catch(() => []);
      if (mine !== turn) return;
      list.append(...next.map((one) => result(one, wishes)));
      more.hidden = list.children.length >= count;
      list.children[from]?.querySelector("a").focus();
    };
  };

  const remember = (add) => {
    const url = new URL(location.href);
    if (input.value.trim()) url.searchParams.set("q", input.value.trim());
    else url.searchParams.delete("q");
    if (url.href !== location.href) history[add ? "pushState" : "replaceState"](null, "", url);
  };

  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => (remember(false), answer()), 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    remember(true);
    answer();
  });
  const restore = () => {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    answer();
  };
  addEventListener("popstate", restore);

  document.querySelector(".search-without")?.remove();
  form.hidden = false;
  restore();
  if (!input.value) input.focus({ preventScroll: true });
})();
