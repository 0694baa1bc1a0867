// What the page says; the English of page.html is repeated here only where a script speaks.

const ENGLISH = {
  "count": {one: "{n} class", other: "{n} classes"},
  "also": {one: "and {n} provisional", other: "and {n} provisional"},
  "provisional": "provisional",
  "set.one": "At {level}, it is this one.",
  "set.few": {one: "One of these {n}, at {level}: {names}.", other: "One of these {n}, at {level}: {names}."},
  "meaning": "Percentages are calibrated. For {level} of the images of each trained class, the right one is among the classes so named.",
  "spoken": "{label}, {share}",
  "alike.share": "alike {share}",
  "known": {one: "from {n} picture", other: "from {n} pictures"},
  "remove": "Remove",
  "removed": "Removed: {name}.",
  "added": "Added: {name}. Try it with another picture.",
  "missing": "Choose pictures of the class first.",
  "offline": "The server does not answer. Is it still running?",
  "odd": "The server’s answer cannot be read ({status}).",
  "denied": "The camera cannot be used: the browser or the system forbids it.",
  "key.letters": "A key has only letters from A to Z, digits and signs. Is the keyboard set to another language?",
  "key.wrong": "This key is wrong.",
  "locked": "Without its key the server tells nothing. Try again, and it will ask for the key.",
  "large": "This file is larger than {n} MB.",
};

const RUSSIAN = {
  "skip": "Перейти к содержанию",
  "title": "Что на этой картинке?",
  "invitation": "Перетащите сюда картинку или вставьте её из буфера.",
  "choose": "Выбрать картинку",
  "camera": "Снять камерой",
  "where": "Где это видно",
  "waiting": "Минуту",
  "nothing": "Здесь появится ответ: самые вероятные классы, насколько это надёжно и на чём основано.",
  "alike": "Самые похожие обучающие изображения",
  "teach.title": "Научить ещё одному классу",
  "teach.note": "Для начала хватит пяти картинок. Класс остаётся предварительным: сеть не обучается заново, и ответы о нём менее надёжны. Хранятся только признаки, сами картинки — нет.",
  "unteachable": "В этом запуске нет обучающих изображений для сравнения; их запишет команда springfield resume RUN.",
  "name": "Название",
  "examples": "Выбрать от 1 до 20 картинок",
  "add": "Добавить класс",
  "programs.title": "Для программ",
  "programs.note": "Тот же ответ в JSON; без «explain» — быстрее.",
  "openapi": "Все адреса и ответы (OpenAPI)",
  "key.title": "Сервер просит ключ",
  "key": "Ключ",
  "key.note": "Он хранится, пока открыта эта страница.",
  "go": "Продолжить",
  "shoot": "Снять",
  "leave": "Закрыть",
  "count": {one: "{n} класс", few: "{n} класса", many: "{n} классов", other: "{n} класса"},
  "also": {one: "и {n} предварительный", few: "и {n} предварительных", many: "и {n} предварительных", other: "и {n} предварительных"},
  "provisional": "предварительный",
  "set.one": "С надёжностью {level} — именно этот класс.",
  "set.few": {one: "С надёжностью {level} — один из {n}: {names}.", other: "С надёжностью {level} — один из {n}: {names}."},
  "meaning": "Проценты откалиброваны. У {level} изображений каждого обученного класса верный ответ — среди названных так классов.",
  "spoken": "{label}, {share}",
  "alike.share": "сходство {share}",
  "known": {one: "по {n} картинке", few: "по {n} картинкам", many: "по {n} картинкам", other: "по {n} картинки"},
  "remove": "Удалить",
  "removed": "Удалён: {name}.",
  "added": "Добавлен: {name}. Проверьте на другой картинке.",
  "missing": "Сначала выберите картинки этого класса.",
  "offline": "Сервер не отвечает. Он ещё работает?",
  "odd": "Ответ сервера не читается ({status}).",
  "denied": "Камера недоступна: её запрещает браузер или система.",
  "key.letters": "В ключе только латинские буквы, цифры и знаки. Может быть, включена другая раскладка?",
  "key.wrong": "Ключ неверный.",
  "locked": "Без ключа сервер не отвечает. Попробуйте ещё раз — он снова попросит ключ.",
  "large": "Этот файл больше {n} МБ.",
};

export const language = (navigator.languages ?? [navigator.language])
  .map(each => each.slice(0, 2)).find(each => ["en", "ru"].includes(each)) ?? "en";
const table = language === "ru" ? RUSSIAN : ENGLISH;
const plural = new Intl.PluralRules(language);

export function say(key, values = {}) {
  const words = table[key];
  const form = typeof words === "string" ? words : words[plural.select(values.n)] ?? words.other;
  return form.replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
}

export function percent(share, digits = 0) {
  return new Intl.NumberFormat(language, {
    style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(share);
}

export function either(names) {
  return new Intl.ListFormat(language, {type: "disjunction"}).format(names);
}

export function translate(root) {
  document.documentElement.lang = language;
  for (const each of root.querySelectorAll("[data-say]")) {
    if (each.dataset.say in table) each.textContent = say(each.dataset.say);
  }
}
