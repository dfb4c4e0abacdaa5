import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { complaints, launchBrowser, noBrowser, openTab, type Tab } from './browser.ts';
import { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const article =
  '# Aldbury mill\n\n' +
  'The valley has had mills since the middle ages. '.repeat(60) +
  '\n\nThe Aldbury mill was built in 1791 by Josiah Crane.\n\n' +
  'Its wheel was replaced after the flood of 1903. '.repeat(60);

let browser: Browser;
let tab: Tab;
let page: Page;

beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(({ skip }) => skip(noBrowser !== undefined, noBrowser));
afterEach(async () => {
  await tab.page.context().close();
  expect(tab.faults).toEqual([]);
});

const open = async (url: string, options?: Parameters<typeof openTab>[2]): Promise<void> => {
  tab = await openTab(browser, url, options);
  ({ page } = tab);
};

const ask = async (question: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Your question' }).fill(question);
  await page.keyboard.press('Enter');
};
const dialog = () => page.getByRole('dialog');
const rowOf = (id: string) => page.getByRole('row').filter({ hasText: id });

describe('the console', () => {
  let server: Server;
  let client: Client;
  beforeAll(async () => {
    if (noBrowser) return;
    server = await Server.start();
    client = server.client();
    const document = { title: 'Aldbury mill', text: article, media_type: 'text/markdown' } as const;
    await client.put('mills/aldbury.md', document);
    await client.waitFor('mills/aldbury.md', 'indexed');
  });
  afterAll(() => server?.stop());

  it('answers with sources; each opens its passage, marked and in view, by keyboard too', async () => {
    await open(server.url);
    await ask('Who built the Aldbury mill?');
    const citation = page.getByRole('button', { name: /^Source 1: / }).first();
    await citation.waitFor();
    await page.getByText('Extracts from the documents: no language model is set.').waitFor();
    await page
      .getByRole('complementary', { name: 'Sources' })
      .getByText('mills/aldbury.md')
      .first()
      .waitFor();
    const marked = dialog().locator('mark');
    const source = page.getByRole('complementary').getByRole('button').filter({ hasText: 'Josiah Crane' });
    await source.first().focus();
    await page.keyboard.press('Enter');
    await marked.waitFor();
    expect(await marked.textContent()).toContain('Josiah Crane');
    await expect.poll(() => isInView(page, '.document-text mark')).toBe(true);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await citation.click();
    await marked.waitFor();
    await page.goBack();
    await dialog().waitFor({ state: 'detached' });
  });

  it('keeps to the width of its window, whatever words and names the sources have', async () => {
    const [id, word] = [`moths/${'m'.repeat(240)}`, 'z'.repeat(3000)];
    await client.put(id, { title: 't'.repeat(1000), text: `The zebra moth is striped. ${word}` });
    await client.waitFor(id, 'indexed');
    await open(server.url);
    await ask('Is the zebra moth striped?');
    await page
      .getByRole('button', { name: /^Source 1: / })
      .first()
      .click();
    await dialog().waitFor();
    const [shown, given] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(shown).toBeLessThanOrEqual(given);
    await client.delete(id);
  });

  it('takes dropped files and shows each on its way to its end, with the reason where it fails', async () => {
    await open(`${server.url}/#/documents`);
    await drop(page, [
      ['sluice(1).md', '# Sluice\n\nThe sluice is opened at dawn.'],
      ['torn.pdf', '%PDF-1.7\n'],
      ['empty.txt', ''],
    ]);
    await page.getByText('3 of 3 done').waitFor();
    const upload = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    expect(await upload('sluice(1).md').textContent()).toContain('indexed');
    expect(await upload('torn.pdf').textContent()).toMatch(/dead-lettered.*damaged/);
    expect(await upload('empty.txt').textContent()).toMatch(/refused.*empty/);
    await expect.poll(() => rowOf('torn.pdf').first().textContent()).toMatch(/dead-lettered.*damaged/);
    const { state, version } = await client.waitFor('torn.pdf', 'indexed');
    expect({ state, version }).toEqual({ state: 'dead-lettered', version: 1 });
  });

  it('shows where a document has been, and what it says', async () => {
    await open(`${server.url}/#/documents`);
    const history = page.getByRole('button', { name: 'History of mills/aldbury.md' });
    await history.click();
    const states = page.getByRole('list', { name: 'History of mills/aldbury.md' }).getByRole('listitem');
    await expect.poll(() => states.count()).toBe(4);
    expect(await history.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: 'Read mills/aldbury.md' }).click();
    await dialog().getByText('Josiah Crane').waitFor();
  });

  it('takes pasted text, and deletes it with a receipt once that is confirmed', async () => {
    await open(`${server.url}/#/documents`);
    await page.getByText('Paste text instead').click();
    await page.getByLabel('Title').fill('Weir');
    await page.getByLabel('Text', { exact: true }).fill('The weir was mended in May.');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('1 of 1 done').waitFor();
    await page.getByRole('button', { name: 'Delete Weir.md' }).click();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect((await client.status('Weir.md')).body.state).toBe('indexed');
    await page.getByRole('button', { name: 'Delete Weir.md' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('heading', { name: 'Erased' }).waitFor();
    expect(await dialog().getByRole('row').filter({ hasText: 'vectors' }).first().textContent()).toMatch(
      /^1/,
    );
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await rowOf('Weir.md').waitFor({ state: 'detached' });
    expect((await client.status('Weir.md')).body.state).toBe('deleted');
  });

  it('finds passages, marks the words and opens them; Back closes the document', async () => {
    await open(`${server.url}/#/search`);
    await page.getByRole('searchbox').fill('who builds the Aldbury mills');
    await page.getByRole('combobox').selectOption('sparse');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const result = page.locator('.result').first();
    await result.waitFor();
    expect(await result.locator('mark').allTextContents()).toContain('mill');
    await result.click();
    await dialog().locator('mark').waitFor();
    await page.goBack();
    await dialog().waitFor({ state: 'detached' });
    await result.waitFor();
  });

  it('ranks as it is told to, and shows how scores came about', async () => {
    await open(`${server.url}/#/search`);
    await page.getByText('Ranking', { exact: true }).click();
    await page.getByLabel('Meaning counts').fill('0');
    await page.getByLabel('Words count').fill('0');
    await page.getByLabel('Explain scores').check();
    await page.getByRole('searchbox').fill('who builds the Aldbury mills');
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Meaning counts').evaluate((field) => field.matches(':invalid'))).toBe(true);
    expect(await page.locator('.result').count()).toBe(0);
    await page.getByLabel('Meaning counts').fill('2');
    await page.getByLabel('Diversity').fill('0.3');
    await page.getByLabel('Chunks around').fill('1');
    await page.getByLabel('Ask again').check();
    const request = page.waitForRequest('**/v1/search');
    await page.keyboard.press('Enter');
    expect((await request).postDataJSON()).toMatchObject({
      ...{ weights: { dense: 2, sparse: 0 }, mmr: { diversity: 0.3 }, neighbours: 1, feedback: true },
      explain: true,
    });
    const told = page.locator('.explanation').first();
    await told.waitFor();
    expect(await told.textContent()).toMatch(
      /Meaning1 of \d+, cosine .*Fused by scores.*Diversity1 by score/s,
    );
    expect(await complaints(page), 'explained').toEqual([]);
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await overhang(page)).toBe(0);
    await page.getByRole('combobox').first().selectOption('sparse');
    for (const field of ['Words count', 'Ask again'])
      expect(await page.getByLabel(field).isDisabled()).toBe(true);
  });

  it('says what is wrong when the server cannot be reached, and tries again when told to', async () => {
    await open(`${server.url}/#/search`);
    await page.route('**/v1/search', (route) => route.abort());
    await page.getByRole('searchbox').fill('mill');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('cannot be reached').waitFor();
    await page.unroute('**/v1/search');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.result').first().waitFor();
  });

  it.each(['light', 'dark'] as const)('is clean by axe on every page in the %s theme', async (theme) => {
    await open(server.url, { theme });
    expect(await complaints(page), 'first page').toEqual([]);
    await ask('Who built the Aldbury mill?');
    await page.getByText('Extracts from the documents: no language model is set.').waitFor();
    expect(await complaints(page), 'answer').toEqual([]);
    await page
      .getByRole('button', { name: /^Source 1: / })
      .first()
      .click();
    await dialog().locator('mark').waitFor();
    expect(await complaints(page), 'document').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Documents', exact: true }).click();
    await page.getByRole('button', { name: 'History of mills/aldbury.md' }).click();
    await page.getByRole('list', { name: 'History of mills/aldbury.md' }).waitFor();
    expect(await complaints(page), 'documents').toEqual([]);
    await page.getByRole('button', { name: 'Delete mills/aldbury.md' }).click();
    expect(await complaints(page), 'delete').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('mill');
    await page.keyboard.press('Enter');
    await page.locator('.result').first().waitFor();
    expect(await complaints(page), 'search').toEqual([]);
  });

  it.each([320, 760, 1200])(
    'breaks none of its own words at %i px, however long the names are',
    async (width) => {
      const id = `moths/${'m'.repeat(240)}`;
      await client.put(id, { text: 'The zebra moth is striped.' });
      await client.waitFor(id, 'indexed');
      await open(`${server.url}/#/documents`, { width });
      await rowOf(id).waitFor();
      expect(await brokenWords(page, 'nav a, label, thead th, h1, h2, .badge, button')).toEqual([]);
      expect(await overhang(page)).toBe(0);
      expect(await page.locator('td.number').first().isVisible()).toBe(width >= 768);
      await client.delete(id);
    },
  );

  it('fits a phone on every page', async () => {
    await open(server.url, { width: 360 });
    await ask('Who built the Aldbury mill?');
    await page.getByRole('complementary', { name: 'Sources' }).waitFor();
    expect(await overhang(page)).toBe(0);
    for (const name of ['Documents', 'Search']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await overhang(page), name).toBe(0);
    }
  });
});

describe('the console with a language model behind the server', () => {
  let model: LanguageModel;
  let server: Server;
  beforeAll(async () => {
    if (noBrowser) return;
    model = await LanguageModel.start();
    const env = { MILLRACE_LLM_BASE_URL: model.url, MILLRACE_LLM_MODEL: 'test-model' };
    server = await Server.start({ env });
    const client = server.client();
    await client.put('aldbury', { title: 'Aldbury mill', text: article });
    await client.waitFor('aldbury', 'indexed');
  });
  afterAll(async () => {
    await server?.stop();
    await model?.stop();
  });
  beforeEach(() => void Object.assign(model, { stall: false, cutAfter: undefined }));

  it('shows the answer as it comes, and stops it on demand, in the model too', async () => {
    Object.assign(model, { pieces: ['The mill was built. And then it', ' never ends.'], stall: true });
    await open(server.url);
    await ask('Who built the mill?');
    await page.getByText('The mill was built.').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You stopped this answer.').waitFor();
    await expect.poll(() => model.aborted).toBe(1);
    await page.getByRole('button', { name: 'Ask' }).waitFor();
  });

  it('makes buttons of its citations, and keeps the conversation', async () => {
    model.pieces = ['Josiah', ' Crane', ' built it [1', '].'];
    await open(server.url);
    await ask('Who built the mill?');
    await page.getByRole('button', { name: 'Source 1: Aldbury mill' }).waitFor();
    expect(await page.locator('.answer-text').textContent()).toBe('Josiah Crane built it 1.');
    await ask('And when?');
    await expect.poll(() => page.locator('.answer-text').count()).toBe(2);
    const told = model.requests.at(-1)!.messages.map(({ content }) => content);
    expect(told).toContain('Josiah Crane built it [1].');
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Chat', exact: true }).click();
    expect(await page.locator('.answer-text').count()).toBe(2);
  });

  it('keeps the conversation of its tab over a reload, goes on with it, and begins anew when told to', async () => {
    model.pieces = ['Josiah Crane built it [1].'];
    await open(server.url);
    await ask('Who built the mill?');
    await page.getByRole('button', { name: 'Source 1: Aldbury mill' }).waitFor();
    await page.getByRole('button', { name: 'Ask' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Who built the mill?' }).waitFor();
    await page.getByRole('button', { name: 'Source 1: Aldbury mill' }).click();
    await dialog().locator('mark').waitFor();
    await page.keyboard.press('Escape');
    await ask('And when?');
    await expect.poll(() => page.locator('.answer-text').count()).toBe(2);
    expect(model.requests.at(-1)!.messages.map(({ content }) => content)).toContain(
      'Josiah Crane built it [1].',
    );
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByRole('heading', { name: 'Ask your documents' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Ask your documents' }).waitFor();
  });

  it('says of an answer that a reload cut off that it broke off, and asks again when told to', async () => {
    Object.assign(model, { pieces: ['The mill was built. And then it', ' never ends.'], stall: true });
    await open(server.url);
    await ask('Who built the mill?');
    await page.getByText('The mill was built.').waitFor();
    await page.reload();
    await page.getByRole('alert').getByText('left before the answer was complete').waitFor();
    Object.assign(model, { pieces: ['It was built in 1791.'], stall: false });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It was built in 1791.').waitFor();
  });

  it('shows an answer that broke off as failed, and asks again when told to', async () => {
    Object.assign(model, { pieces: ['The mill was built. ', 'It ', 'stands.'], cutAfter: 2 });
    await open(server.url);
    await ask('Who built the mill?');
    await page.getByRole('alert').waitFor();
    model.cutAfter = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It stands.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Who built the mill?' }).count()).toBe(1);
  });
});

describe('the console of a server that wants a key', () => {
  const env = { MILLRACE_ADMIN_KEY: 'a-key-for-this-test-only' };
  let server: Server;
  beforeAll(async () => {
    if (!noBrowser) server = await Server.start({ env });
  });
  afterAll(() => server?.stop());

  it('asks for it, and goes on with it', async () => {
    await open(`${server.url}/#/documents`);
    await page.getByRole('alert').getByText('No valid key was given.').waitFor();
    await page.getByRole('button', { name: 'Enter a key' }).click();
    await page.keyboard.type('a-mistyped-key');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The server refused this key').waitFor();
    for (const [key, complaint] of [
      ['a-pasted\u2013dash', 'a character in it that keys never have'],
      ['k'.repeat(20_000), 'too long to be one'],
    ] as const) {
      await page.getByRole('button', { name: 'Use another key' }).click();
      await page.getByLabel('Key', { exact: true }).fill(key);
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText(complaint).waitFor();
    }
    await page.getByRole('button', { name: 'Use another key' }).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(env.MILLRACE_ADMIN_KEY);
    expect(await complaints(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('There are no documents yet.').waitFor();
  });

  it('tells a key for reading what it may not do, and opens its sources all the same', async () => {
    const admin = new Client(server.url, env.MILLRACE_ADMIN_KEY);
    await admin.put('mill', { text: article, media_type: 'text/markdown' });
    await admin.waitFor('mill', 'indexed');
    const made = { tenant: 'default', name: 'rita', rights: ['read'] };
    const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', made);
    await open(`${server.url}/#/documents`);
    await page.evaluate((key) => sessionStorage.setItem('millrace-key', key), body.key);
    await page.reload();
    await page.getByRole('alert').getByText('This key may not see, add or delete documents').waitFor();
    await page.getByRole('button', { name: 'Use another key' }).waitFor();
    expect(await complaints(page)).toEqual([]);
    await page.getByRole('link', { name: 'Chat' }).click();
    await ask('Who built the Aldbury mill?');
    await page
      .getByRole('button', { name: /^Source 1: / })
      .first()
      .click();
    await dialog().locator('mark').waitFor();
  });
});

/** A drop as the page sees it. */
async function drop(page: Page, files: readonly (readonly [name: string, text: string])[]): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, text] of given) data.items.add(new File([text], name));
    return data;
  }, files);
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
}

const isInView = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((selector) => {
    const box = document.querySelector(selector)!.getBoundingClientRect();
    const around = document.querySelector(selector)!.parentElement!.getBoundingClientRect();
    return box.top >= around.top && box.bottom <= around.bottom;
  }, selector);

/** Words of the elements that stand on more than one line. */
const brokenWords = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const isBroken = (text: Node, { index, 0: word }: RegExpExecArray): boolean => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
    };
    const textsOf = (element: Element) =>
      [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    return [...document.querySelectorAll(selector)]
      .flatMap(textsOf)
      .flatMap((text) =>
        [...(text.textContent ?? '').matchAll(/\S+/g)]
          .filter((word) => isBroken(text, word))
          .map(([word]) => word),
      );
  }, selector);

/** CSS pixels by which the page is wider than the screen. */
const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
