import {drawHeat} from "./heat.js";
import {either, percent, say, translate} from "./words.js";

const at = id => document.getElementById(id);
const LARGEST = 10e6; // bytes, as the server has it
let key = ""; // kept nowhere else
let latest = 0; // number of the picture asked about last: answers to earlier ones are not shown

function make(name, className = "", text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

// A name that may be long, breakable where its words end.
const named = name => name.split("_").flatMap((word, i) => i ? [make("wbr"), `_${word}`] : [word]);

// ---- the server

async function ask(path, options = {}) {
  const headers = {...options.headers, ...(key && {"X-API-Key": key})};
  let response;
  try {
    response = await fetch(path, {...options, headers});
  } catch {
    throw new Error(say("offline"));
  }
  if (response.status === 401) {
    await askForKey();
    return ask(path, options);
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({error: say("odd", {status: response.status})}));
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

let asking = null; // several requests wait for one key
function askForKey() {
  asking ??= new Promise((done, fail) => {
    key = "";
    at("key-value").value = at("key-wrong").textContent = "";
    at("key").showModal();
    at("key").addEventListener("close", () => {
      asking = null;
      if (key) done();
      else fail(new Error(say("locked")));
    }, {once: true});
  });
  return asking;
}

async function problemWith(given) {
  if (!/^[ -~]+$/.test(given)) return say("key.letters"); // no header can carry others
  try {
    const response = await fetch("/api/classes", {headers: {"X-API-Key": given}});
    return response.status === 401 ? say("key.wrong") : "";
  } catch {
    return say("offline");
  }
}

at("unlock").addEventListener("submit", async event => {
  event.preventDefault();
  const given = at("key-value").value;
  at("key-wrong").textContent = "";
  const problem = await problemWith(given);
  if (!at("key").open) return; // given up meanwhile
  if (!problem) {
    key = given;
    return at("key").close();
  }
  at("key-wrong").textContent = problem;
  at("key-value").value = "";
  at("key-value").focus();
});
at("give-up").addEventListener("click", () => at("key").close());

// ---- one picture

async function show(file) {
  const number = ++latest;
  at("error").textContent = at("spoken").textContent = "";
  for (const id of ["result", "alike", "strength", "nothing"]) at(id).hidden = true;
  showPicture(file);
  if (file.size > LARGEST) return complain(say("large", {n: LARGEST / 1e6}));
  at("waiting").hidden = false;
  const type = file.type.startsWith("image/") ? file.type : "application/octet-stream";
  try {
    const options = {method: "POST", body: file, headers: {"Content-Type": type}};
    const answer = await ask("/api/predict?explain=true", options);
    if (number === latest) showAnswer(answer);
  } catch (problem) {
    if (number === latest) complain(problem.message);
  }
}

function complain(message) {
  at("waiting").hidden = true;
  at("error").textContent = message;
}

function showPicture(file) {
  const image = at("image");
  URL.revokeObjectURL(image.src);
  at("invitation").hidden = at("heat").hidden = true;
  at("stage").hidden = false;
  at("stage").className = "";
  at("drop").className = "";
  image.style.filter = "";
  image.onerror = () => at("stage").classList.add("unshown"); // a format only the server knows
  image.onload = () => at("stage").style.setProperty("--aspect", image.naturalWidth / image.naturalHeight);
  image.src = URL.createObjectURL(file);
  image.alt = file.name ?? "";
}

function showAnswer(answer) {
  at("waiting").hidden = true;
  at("result").hidden = false;
  const level = percent(answer.set.level);
  const names = answer.set.labels;
  at("label").replaceChildren(...named(answer.label), ...tagIf(answer.provisional));
  at("choice").textContent = names.length === 1 && names[0] === answer.label
    ? say("set.one", {level}) : say("set.few", {n: names.length, level, names: either(names)});
  at("bars").replaceChildren(...answer.top.map(each => bar(each, names.includes(each.label))));
  at("meaning").textContent = say("meaning", {level});
  at("spoken").textContent = say("spoken", {label: answer.label, share: percent(answer.probability)});
  at("nearest").replaceChildren(...answer.nearest.map(neighbour));
  at("alike").hidden = !answer.nearest.length;
  at("strength").hidden = at("heat").hidden = !answer.heat;
  if (answer.heat) {
    drawHeat(at("heat"), answer.heat);
    fade();
  }
}

const tagIf = provisional => provisional ? [make("span", "tag", say("provisional"))] : [];

function bar({label, probability, provisional}, inside) {
  const row = make("li"), name = make("span", inside ? "name" : "name out");
  const track = make("span", "track"), fill = make("span", provisional ? "fill provisional" : "fill");
  name.append(...named(label), ...tagIf(provisional));
  fill.style.width = `${100 * probability}%`;
  track.append(fill);
  row.append(name, make("span", "share", percent(probability, probability < 0.1 ? 1 : 0)), track);
  return row;
}

function neighbour({label, name, similarity, picture}) {
  const item = make("li"), image = make("img"), title = make("b");
  image.src = picture;
  image.alt = "";
  title.append(...named(label));
  const share = say("alike.share", {share: percent(similarity)});
  item.append(image, title, make("span", "soft", share), make("span", "soft", name));
  return item;
}

function fade() {
  const share = at("slider").value / 100;
  at("heat").style.opacity = share;
  at("image").style.filter = `grayscale(${Math.min(1, 1.4 * share)}) brightness(${1 - 0.25 * share})`;
}

// ---- ways in

const pictureIn = data => [...data.files].find(file => file.type.startsWith("image/")) ?? data.files[0];

at("file").addEventListener("change", event => {
  if (event.target.files.length) show(event.target.files[0]);
  event.target.value = ""; // the same file may be chosen again
});
at("slider").addEventListener("input", fade);
document.addEventListener("paste", event => {
  const file = pictureIn(event.clipboardData);
  if (file) show(file);
});
document.addEventListener("dragover", event => {
  event.preventDefault();
  at("drop").classList.add("over");
});
document.addEventListener("dragleave", event => {
  if (!event.relatedTarget) at("drop").classList.remove("over");
});
document.addEventListener("drop", event => {
  event.preventDefault();
  at("drop").classList.remove("over");
  const file = pictureIn(event.dataTransfer);
  if (file) show(file);
});

at("camera").hidden = !navigator.mediaDevices?.getUserMedia; // browsers offer it to safe addresses
at("camera").addEventListener("click", async () => {
  at("camera").disabled = at("shoot").disabled = true;
  try {
    at("video").srcObject = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}});
  } catch {
    return complain(say("denied"));
  } finally {
    at("camera").disabled = false;
  }
  at("booth").showModal();
  at("video").play();
});
at("video").addEventListener("loadeddata", () => at("shoot").disabled = false);
at("booth").addEventListener("close", () => {
  at("video").srcObject.getTracks().forEach(track => track.stop());
  at("video").srcObject = null;
});
at("leave").addEventListener("click", () => at("booth").close());
at("shoot").addEventListener("click", () => {
  const video = at("video"), canvas = make("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob(blob => show(blob), "image/jpeg", 0.92);
  at("booth").close();
});

// ---- provisional classes

async function refresh() {
  const {classes, extensible} = await ask("/api/classes");
  const added = classes.filter(each => each.provisional);
  const also = added.length ? ` ${say("also", {n: added.length})}` : "";
  at("count").textContent = say("count", {n: classes.length - added.length}) + also;
  at("form").hidden = !extensible;
  at("unteachable").hidden = extensible;
  at("added").replaceChildren(...added.map(known));
}

function known({name, images}) {
  const item = make("li"), button = make("button", "", say("remove"));
  button.type = "button";
  button.setAttribute("aria-label", `${say("remove")}: ${name}`);
  button.addEventListener("click", () => change(async () => {
    await ask(`/api/classes/${encodeURIComponent(name)}`, {method: "DELETE"});
    return say("removed", {name});
  }));
  item.append(make("span", "name", name), ...tagIf(true), make("span", "soft", say("known", {n: images})), button);
  return item;
}

async function change(act) {
  at("told").textContent = at("wrong").textContent = "";
  at("add").disabled = true;
  try {
    const told = await act();
    await refresh();
    at("told").textContent = told;
  } catch (problem) {
    at("wrong").textContent = problem.message;
  }
  at("add").disabled = false;
}

function showExamples() {
  at("chosen").querySelectorAll("img").forEach(image => URL.revokeObjectURL(image.src));
  at("chosen").replaceChildren(...[...at("examples").files].map(file => {
    const item = make("li"), image = make("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    item.append(image);
    return item;
  }));
}

at("examples").addEventListener("change", showExamples);
at("form").addEventListener("submit", event => {
  event.preventDefault();
  change(async () => {
    const files = [...at("examples").files], body = new FormData();
    if (!files.length) throw new Error(say("missing"));
    body.append("name", at("name").value);
    files.forEach(file => body.append("file", file));
    const {name} = await ask("/api/classes", {method: "POST", body});
    at("form").reset();
    showExamples();
    return say("added", {name});
  });
});

translate(document);
at("curl").textContent = `curl --data-binary @picture.jpg -H 'Content-Type: image/jpeg' \\\n  '${location.origin}/api/predict?explain=true'`;
refresh().catch(problem => complain(problem.message));
