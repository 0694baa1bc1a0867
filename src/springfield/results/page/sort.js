for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.addEventListener("click", () => {
    const number = !head.classList.contains("text");
    const first = number ? "descending" : "ascending";
    const other = number ? "ascending" : "descending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = (a, b) => number
      ? (a === "" ? -1e9 : Number(a)) - (b === "" ? -1e9 : Number(b))
      : a.localeCompare(b, document.documentElement.lang);
    table.tBodies[0].append(
      ...[...table.tBodies[0].rows].sort((a, b) => sign * compare(key(a), key(b))));
  }));
}
