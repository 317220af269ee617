"use strict";
(() => {
  const search = document.getElementById("search");
  const count = document.getElementById("count");
  const sections = [...document.querySelectorAll("[data-section]")];
  const leaves = [...document.querySelectorAll("[data-leaf]")];
  const table = document.querySelector("table[data-sortable]");
  const text = new Map();
  const textOf = (element) => {
    if (!text.has(element)) text.set(element, element.textContent.toLowerCase());
    return text.get(element);
  };
  document.querySelector(".controls").hidden = false;

  // What is open because of the search, to be closed again.
  const opened = new Set();
  const open = (element, wanted) => {
    if (element.tagName !== "DETAILS") return;
    if (wanted && !element.open) { element.open = true; opened.add(element); }
    if (!wanted && opened.delete(element)) element.open = false;
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word);
    const fits = (string) => words.every((word) => string.includes(word));
    const all = words.length === 0;
    let shown = 0;
    for (const section of sections) {
      const own = all || fits((section.dataset.section || "").toLowerCase());
      let some = false;
      for (const leaf of section.querySelectorAll("[data-leaf]")) {
        const fitting = own || fits(textOf(leaf));
        leaf.hidden = !fitting;
        some = some || fitting;
      }
      for (const group of section.querySelectorAll("details:not([data-leaf])")) {
        const has = group.querySelector("[data-leaf]");
        const left = group.querySelector("[data-leaf]:not([hidden])");
        group.hidden = !own && !left;
        open(group, !all && !own && has && left);
      }
      section.hidden = !own && !some;
      open(section, !all && !own && some);
      shown += section.hidden ? 0 : 1;
      const row = document.querySelector(`tr[data-for="${section.id}"]`);
      if (row) row.hidden = section.hidden;
    }
    for (const leaf of leaves) {
      if (!leaf.closest("[data-section]")) leaf.hidden = !all && !fits(textOf(leaf));
    }
    for (const block of document.querySelectorAll("[data-block]")) {
      block.hidden = !all && !block.querySelector("[data-leaf]:not([hidden]), [data-section]:not([hidden])");
    }
    count.textContent = all ? "" : `${shown} of ${sections.length}`;
  };

  const sort = (column, descending) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    // A machine that could not be judged has fewer cells, and stands last.
    const value = (row) => row.cells[column]?.dataset.value ?? row.cells[column]?.textContent;
    const rows = [...table.tBodies[0].rows];
    const compare = (one, other) => {
      if (one.cells.length !== other.cells.length) return other.cells.length - one.cells.length;
      const [a, b] = [value(one), value(other)];
      if (a === undefined || b === undefined) return 0;
      const [x, y] = [parseFloat(a), parseFloat(b)];
      const numbers = !Number.isNaN(x) && !Number.isNaN(y);
      const order = numbers ? x - y : a.localeCompare(b, undefined, { numeric: true });
      return descending ? -order : order;
    };
    rows.sort(compare).forEach((row) => table.tBodies[0].append(row));
  };

  // What is searched and sorted stands in the address, so that it can be passed on.
  const state = () => new URLSearchParams(location.hash.slice(1));
  const keep = (key, value) => {
    const kept = state();
    if (value === "") kept.delete(key); else kept.set(key, value);
    try { history.replaceState(null, "", `#${kept}`); } catch { /* where addresses cannot be changed */ }
  };
  const restore = () => {
    const kept = state();
    if (kept.has("search")) search.value = kept.get("search");
    apply();
    const column = parseInt(kept.get("sort") ?? "", 10);
    if (table && column >= 0 && column < table.tHead.rows[0].cells.length) sort(column, kept.has("descending"));
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  };

  search.addEventListener("input", () => { apply(); keep("search", search.value); });
  if (table) {
    table.tHead.addEventListener("click", (event) => {
      const head = event.target.closest("th");
      if (!head || !event.target.closest("button")) return;
      const descending = head.getAttribute("aria-sort") === "ascending";
      sort(head.cellIndex, descending);
      keep("sort", String(head.cellIndex));
      keep("descending", descending ? "1" : "");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { search.value = ""; apply(); keep("search", ""); }
  });
  window.addEventListener("hashchange", restore);
  const printed = new Set();
  window.addEventListener("beforeprint", () => {
    for (const element of document.querySelectorAll("details:not([open])")) { element.open = true; printed.add(element); }
  });
  window.addEventListener("afterprint", () => { printed.forEach((element) => { element.open = false; }); printed.clear(); });
  restore();
})();
