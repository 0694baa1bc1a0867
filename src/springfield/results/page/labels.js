const bar = document.querySelector(".bar");
const choices = [...document.querySelectorAll("input[value=exclude]")];
const count = () => {
  bar.querySelector("output").textContent = choices.filter((each) => each.checked).length;
};
const choose = (value) => {
  document.querySelectorAll(`input[value=${value}]`).forEach((each) => (each.checked = true));
  count();
};
const save = () => {
  const lines = choices.filter((each) => each.checked).map((each) => JSON.parse(each.dataset.line));
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
count();
