"""Что говорят все страницы, по-русски; те же ключи, что в english.py."""

RUSSIAN = {
    "skip": "Перейти к содержанию",
    "footer": "Страница составлена программой Springfield. Всё, что на ней показано, хранится в ней"
    " самой; к сети она не обращается.",
    "nav": "Содержание",
    "scale.linear": "обычная шкала",
    "scale.log": "логарифмическая: виден хвост",
    "count.images": "{n}&nbsp;изображений",
    "count.images.one": "{n}&nbsp;изображение",
    "count.images.few": "{n}&nbsp;изображения",
    "count.classes": "{n}&nbsp;классов",
    "count.classes.one": "{n}&nbsp;класс",
    "count.classes.few": "{n}&nbsp;класса",
    "count.epochs": "{n}&nbsp;эпох",
    "count.epochs.one": "{n}&nbsp;эпоха",
    "count.epochs.few": "{n}&nbsp;эпохи",
    "duration.hours": "{hours}&nbsp;ч {minutes}&nbsp;мин",
    "duration.minutes": "{minutes}&nbsp;мин {seconds}&nbsp;с",
    "duration.seconds": "{seconds}&nbsp;с",
    # виды замечаний и причин не брать изображение
    "kind.corrupt": "повреждённый файл",
    "kind.wrong_type": "не тот тип файла",
    "kind.duplicate": "дубликат",
    "kind.near_duplicate": "почти дубликат",
    "kind.cross_class_duplicate": "дубликат в другом классе",
    "kind.too_small": "слишком маленькое",
    "kind.too_large": "слишком большое",
    "kind.odd_aspect": "необычные пропорции",
    "kind.other_class": "класс не нужен",
    "kind.suspicious_label": "сомнительная метка",
    # что проверка говорит о файле
    "said.size": "{width}&nbsp;×&nbsp;{height}",
    "said.same": "то же изображение, что и {path}",
    "said.nearly": "почти то же изображение, что и {path}",
    "said.looks": "больше похоже на {label} (сила подозрения {share})",
    "said.named": "формат {format}, а расширение {ending}",
    "said.empty": "файл пуст",
    "said.no_image": "не изображение",
    "said.nothing_left": "от изображения в файле ничего не осталось",
    "said.not_regular": "не обычный файл",
    "said.link_nothing": "ссылка в никуда",
    "said.link_folder": "ссылка на папку; по ссылкам поиск не идёт",
    "said.link_out": "ссылка за пределы папки с данными; скопируйте файл туда или внесите его в"
    " таблицу path,label",
    "said.name": "имя файла не в UTF-8; переименуйте его",
    "said.scans": "в JPEG больше {n} проходов",
    "said.zeros": "файл обрывается: вместо его конца записаны нули",
    "said.truncated": "файл обрывается ({n} байт не прочитано)",
    "said.truncated.few": "файл обрывается ({n} байта не прочитано)",
    "said.ends": "файл обрывается",
    "said.cut": "файл обрывается",
    "said.broken": "данные изображения испорчены",
    "said.unrecognized": "данные изображения не распознаны",
    "said.large_file": "файл больше {n}&nbsp;МБ",
    "said.vast": "{size}: больше {n}&nbsp;мегапикселей",
    "said.megapixels": "больше {n}&nbsp;мегапикселей",
    "said.unread": "не читается: {reason}",
    "said.damaged": "повреждён: {reason}",
    # насколько можно оценить класс
    "said.verdict.none": "нельзя оценить: нет отложенных изображений",
    "said.verdict.image": "нельзя оценить: единственное изображение",
    "said.verdict.picture": "нельзя оценить: {n}&nbsp;почти одинаковых",
    "said.verdict.picture.one": "нельзя оценить: {n}&nbsp;почти одинаковое",
    "said.provisional.image": "предварительно: 1&nbsp;изображение",
    "said.provisional.images": "предварительно: {n}&nbsp;изображений",
    "said.provisional.images.one": "предварительно: {n}&nbsp;изображение",
    "said.provisional.images.few": "предварительно: {n}&nbsp;изображения",
    "said.provisional.picture": "предварительно: {n}&nbsp;почти одинаковых",
    "said.provisional.picture.one": "предварительно: {n}&nbsp;почти одинаковое",
    "said.provisional.pictures": "предварительно: {distinct}&nbsp;разных из {n}",
    "said.folds": "Чтобы уверенно оценить классы (таких {n} из {classes}), отложенных изображений"
    " слишком мало; с ключом --folds {folds} каждое изображение этих классов проверяется один раз.",
    # что говорят разбиение и выравнивание
    "said.lost": "класс {label} не изучается: ни один из его файлов ({n}) не годится ({reason})",
    "said.unused": "не используются файлы: {n} из {total}, чаще всего вот почему: {reason}",
    "said.shrunk": "половина изображений больше {total} пикселей по обеим сторонам, а сеть видит"
    " их в {size}: что в них мельче {n} пикселей, пропадает; если это важно,"
    " --set images.size=224 или больше",
    "said.joined": "{label}: вместе держатся изображения, {n} из {total} (почти дубликаты или"
    " одна группа); они остаются по одну сторону разбиения, и оценка класса зависит от остальных",
    "said.similar": "{label} и {other} — два класса, хотя их названия различаются только заглавными"
    " буквами или пробелами; если это одно и то же, дайте им одно название",
    "said.versions": "Судя по именам, часть изображений ({n}), например {path}, — варианты других;"
    r" по одну сторону разбиения их держит только --set split.group_by='(.+)\.rf\.'",
    "said.excluded": "исключено по списку {manifest}",
    "said.cap": "сверх предела в {n} обучающих изображений",
    "said.cap.one": "сверх предела в {n} обучающее изображение",
    "said.cap.few": "сверх предела в {n} обучающих изображения",
    "said.cap_val": "сверх предела в {n} валидационных изображений",
    "said.cap_val.one": "сверх предела в {n} валидационное изображение",
    "said.cap_val.few": "сверх предела в {n} валидационных изображения",
    "said.largest": "не из {n} самых больших",
    "said.rule.none": "ни одного пригодного изображения: класс не изучается",
    "said.rule.one_picture": "единственное изображение: класс изучается, но оценить его нельзя",
    "said.rule.folds": "{n}&nbsp;разных изображений: каждое один раз проверяется, а для остальных"
    " частей служит обучению",
    "said.rule.folds.one": "{n}&nbsp;разное изображение: один раз проверяется, а для остальных"
    " частей служит обучению",
    "said.rule.folds.few": "{n}&nbsp;разных изображения: каждое один раз проверяется, а для"
    " остальных частей служит обучению",
    "said.rule.shares": "делится по долям из рецепта",
    "said.rule": "{n}&nbsp;разных изображений: {train} для обучения, {val} для валидации,"
    " {test} для теста; оценка предварительная",
    "said.rule.few": "{n}&nbsp;разных изображения: {train} для обучения, {val} для валидации,"
    " {test} для теста; оценка предварительная",
    "said.by_heart": "В {n} классах каждое изображение показывается больше {often} раз за эпоху,"
    " а в классе {name} — ×{most}: сеть может выучить их наизусть; уменьшите balance.threshold"
    " или выберите sampling 'sqrt'.",
    "said.by_heart.one": "В {n} классе каждое изображение показывается больше {often} раз за эпоху,"
    " а в классе {name} — ×{most}: сеть может выучить их наизусть; уменьшите balance.threshold"
    " или выберите sampling 'sqrt'.",
    "said.stacked": "Поправки складываются: класс {rare} весит против {frequent} ×{total}, а для"
    " равенства хватило бы ×{need} (выбор изображений ×{by_sampling}, веса ×{by_weights}, функция"
    " потерь ×{by_loss}); задайте {setting}.",
    "said.idle": "Выбор изображений уже выравнивает классы сам (×{by_sampling} из ×{need}), и"
    " исправлять больше нечего; задайте {setting}.",
    "said.both": "И balance.threshold = {threshold}, и balance.sampling = '{sampling}' выравнивают"
    " классы; достаточно чего-то одного.",
    "said.tau": "balance.tau = {tau} ничего не меняет: его читает только"
    " balance.loss = 'logit-adjusted'.",
    "said.deferred": "balance.deferred = {deferred} ничего не меняет: нет ни выбора изображений, ни"
    " весов, которые начались бы позже.",
    "said.width": "network.width = {factor} ничего не меняет: его читает только"
    " network.name = 'residual'.",
    "said.conv512": "network.conv512 = true ничего не меняет: его читает только"
    " network.name = 'original'.",
    "said.remix": "augment.remix = true ничего не меняет: изображения не смешивает ни"
    " augment.mixup, ни augment.cutmix.",
    "said.untuned": "Без предобученных весов {keys} ничего не меняет; задайте network.weights.",
    "said.head": "При finetune.whole = false обучается только конец сети; {keys} ничего не меняет.",
    "said.top": "finetune.top_epochs обучает и последний слой; finetune.head ничего не меняет.",
    "said.cosine": "network.cosine = {cosine} не сочетается с последним слоем, подобранным по"
    " признакам: его длины и смещения пропадут на первом же шаге; задайте finetune.top_epochs, где"
    " обучается слой косинусов, или network.cosine = 0.",
    "said.unnormalised": "finetune.batch_norm = '{kind}' ничего не меняет: в сети '{network}' нет"
    " пакетной нормализации.",
    "said.soup": "При network.combine = 'weights' усредняются веса сетей, которые начинали с разных"
    " весов и мало похожи друг на друга; задайте network.weights или network.combine = 'answers'.",
    "said.room": "В памяти помещается изображений за раз: {n}; градиенты таких частей складываются"
    " до пакета в {total}, а пакетная нормализация и прореживание видят каждую часть отдельно.",
    "said.ran_out_last": "Память кончилась, пока делался классификатор; работа идёт дальше,"
    " изображений за раз: {n}.",
    "said.ran_out": "В эпохе {epoch} кончилась память; с последней контрольной точки изображений за"
    " раз: {n}.",
    "said.killed": "Система прервала обучение из-за нехватки памяти; дальше изображений за раз:"
    " {n}.",
}
