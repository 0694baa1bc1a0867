const bar = document.querySelector(".bar");
const choices = [...document.querySelectorAll("input[value=exclude]")];
const chosen = () => choices.filter((each) => each.checked);
const place = `springfield ${location.pathname}`;
const count = () => {
  bar.querySelector("output").textContent = chosen().length;
  try {
    localStorage.setItem(place, JSON.stringify(chosen().map((each) => each.name)));
  } catch {} // where nothing may be kept, a closed page is forgotten
};
const recall = () => {
  try {
    const before = JSON.parse(localStorage.getItem(place)) ?? [];
    choices.forEach((each) => (each.checked ||= before.includes(each.name)));
  } catch {}
};
const choose = (value) => {
  document.querySelectorAll(`input[value=${value}]`).forEach((each) => (each.checked = true));
  count();
};
const save = () => {
  const lines = chosen().map((each) => JSON.parse(each.dataset.line));
  const table = JSON.parse(bar.dataset.begins) + lines.join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([table], { type: "text/csv" }));
  link.download = "manifest.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
document.addEventListener("change", count);
bar.querySelector("[name=all]").addEventListener("click", () => choose("exclude"));
bar.querySelector("[name=nothing]").addEventListener("click", () => choose("keep"));
bar.querySelector("[name=save]").addEventListener("click", save);
recall();
count();
