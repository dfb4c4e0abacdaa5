import { describe, expect, it } from 'vitest';
import { encoded } from '../testing/encoded.ts';
import { codeOf, read } from '../testing/read.ts';

const texts = {
  russian:
    'Мельница стоит на берегу реки. Колесо вращается водой, и жернова мелют зерно.\nДоговор № 5 от 3 мая.\n',
  ukrainian: 'Млин стоїть на березі річки. Його колесо крутить вода, і жорна мелють зерно.',
  greek: 'Ο μύλος βρίσκεται δίπλα στο ποτάμι. Το νερό γυρίζει τον τροχό.',
  hebrew: 'הטחנה עומדת ליד הנהר. המים מסובבים את הגלגל.',
  arabic: 'الطاحونة تقف بجانب النهر. الماء يدير العجلة، والحجر يطحن القمح.',
  chinese: '水车建在河边，水流推动轮子转动。合同自签字之日起生效。',
  traditional: '水車建在河邊，水流推動輪子轉動。合約自簽字之日起生效。',
  japanese: '水車は川のそばに建っています。水の力で回り、石臼で粉をひきます。',
  katakana: 'サーバーのメンテナンスは、ホテルのレストランでコーヒーを飲みながら行います。',
  korean: '물레방아는 강가에 서 있다. 물이 바퀴를 돌리고 맷돌이 곡식을 간다.',
};

describe('text in a charset that nobody names', () => {
  it.each([
    ['windows-1251', texts.russian],
    ['windows-1251', texts.ukrainian],
    ['koi8-r', texts.russian.replace('№ ', '')],
    ['iso-8859-5', texts.russian],
    ['windows-1253', texts.greek],
    ['windows-1255', texts.hebrew],
    ['windows-1256', texts.arabic],
    ['gb18030', texts.chinese],
    ['big5', texts.traditional],
    ['shift_jis', texts.japanese],
    ['shift_jis', texts.katakana],
    ['euc-jp', texts.japanese],
    ['euc-jp', texts.katakana],
    ['euc-kr', texts.korean],
    ['gb18030', '合同编号'],
    ['gb18030', '你好，世界'],
    ['gb18030', '发票金额为五百元。'],
    ['gb18030', '姓名,金额\n张三,500\n李四,400\n'],
    ['big5', '發票金額為五百元。'],
    ['euc-kr', '계약서 번호와 계약 금액'],
    ['shift_jis', 'こんにちは'],
    ['windows-1251', 'Привет, мир!'],
    ['windows-1251', 'Договор аренды'],
    ['koi8-r', 'Привет, мир!'],
    ['koi8-r', 'Договор аренды'],
    ['windows-1251', 'Name;Цена\nРожь;500\nОвёс;400\n'],
    ['windows-1251', 'Счёт за Windows Server 2019, издание Standard, по договору с Orval Ltd.'],
  ])('is read in %s: %s', async (charset, text) => {
    expect((await read(encoded(text, charset), { filename: 'a.txt' })).text).toBe(text);
  });

  it('is read where it begins with much that is ASCII, and in web pages and tables', async () => {
    const code = 'const mill = wheel + stone;\n'.repeat(10_000);
    const late = await read(encoded(code + texts.russian, 'windows-1251'), { filename: 'a.js' });
    expect(late.text.endsWith(texts.russian)).toBe(true);
    const page = `<html><body><p class="text">${texts.japanese}</p></body></html>`;
    expect((await read(encoded(page, 'shift_jis'))).text).toBe(texts.japanese);
  });

  it.each([
    ['ibm866', texts.russian.replace('№ ', '')],
    ['windows-874', 'กังหันน้ำตั้งอยู่ริมแม่น้ำ'],
    ['koi8-r', 'оплата'],
    ['euc-kr', '안녕하세요'],
  ])('is refused with what to do where it cannot be told: %s', async (charset, text) => {
    const bytes = encoded(text, charset);
    await expect(read(bytes, { filename: 'a.txt' })).rejects.toMatchObject({
      code: 'unsupported_format',
      detail: expect.stringContaining('name it in the media type') as string,
    });
    const named = { mediaType: `text/plain; charset=${charset}`, filename: 'a.txt' };
    expect((await read(bytes, named)).text).toBe(text);
  });

  it('is no charset of its own where it is noise', async () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, n) => ((n * 7919) % 255) + 1);
    expect(await codeOf(read(noise, { filename: 'a.txt' }))).toBe('unsupported_format');
  });
});

/** Those of Windows that ISO 8859-1 has not. */
const ofWindows: Readonly<Record<string, number>> = {
  ...{
    '€': 0x80,
    '…': 0x85,
    '‘': 0x91,
    '’': 0x92,
    '“': 0x93,
    '”': 0x94,
    '–': 0x96,
    '—': 0x97,
    œ: 0x9c,
    ž: 0x9e,
  },
};
const western = (text: string): Uint8Array =>
  Uint8Array.from([...text].map((letter) => ofWindows[letter] ?? letter.charCodeAt(0)));

describe('Western text that is not UTF-8', () => {
  it.each([
    'é',
    '°',
    'CAFÉ',
    'Señor',
    'été',
    'ÉTÉ, ÉLÉVÉ À ÂGÉ',
    'ÉÈÀÇÊ',
    'éèàçê',
    'ÄÖÜäöüß',
    'ñññ áéíóú ÁÉÍÓÚ',
    'Ångström åäö ÅÄÖ',
    '« CAFÉ… », là',
    'Müller & Söhne GmbH',
    'Straße 5, 10 €',
    'Größe: 5 m² ± 2 °C, ½ ¾ ¼, § 12',
    '“Déjà” — “Là”…',
    '«été», «ÉTÉ», «été», «à», «É», «ôté».',
    'Name;Größe;Länge\nMüller;5;ä\nØ;6;ö\n',
    'São Paulo, ação, coração, à mão; não há pão.',
    'El niño comió en la montaña y el señor pagó 20 €. ¿Qué pasó? ¡Olé!',
    'Ça va très bien, merci. Où êtes-vous allés hier ? J’ai été à Orléans, au cœur de l’été.',
    'Mädchen für Äpfel, Öl und Übermut; Fußgänger müssen draußen warten.',
    'Þetta reddast, það er gott að búa á Íslandi. Ég á ær og kýr.',
    'Hyvää päivää, äiti! Yötyö on työtä, hääyöaie.',
    'Smørrebrød på Ærø, æøå ÆØÅ.',
    'Perché più caffè? È così: università, città, verità.',
    '© 2024 Orval® — 100 % “naïve” it’s',
    `${'x'.repeat(100_000)}\né`,
  ])('stays Windows-1252: %s', async (text) => {
    expect((await read(western(text), { filename: 'a.txt' })).text).toBe(text);
  });
});
