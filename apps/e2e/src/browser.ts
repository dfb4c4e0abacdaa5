import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's Chromium, or the one that CHROMIUM_PATH names. */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Why no browser test can run here; undefined when they can. */
export const noBrowser = existsSync(executablePath)
  ? undefined
  : `there is no browser at ${executablePath}: apt-get install chromium, or set CHROMIUM_PATH`;

/** Nothing of the browser's own may go out or change what is on the page. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args });

export type Theme = 'light' | 'dark';

export interface Tab {
  readonly page: Page;
  /** Faults of scripts, and what the content security policy held back. */
  readonly faults: string[];
}

export async function openTab(
  browser: Browser,
  url: string,
  { theme = 'light', width = 1200 }: { readonly theme?: Theme; readonly width?: number } = {},
): Promise<Tab> {
  const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults };
}

/** What axe has against the page as it is: rule and first element of each complaint. */
export async function complaints(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's policy would not let a script tag in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} (${nodes[0]?.failureSummary})`);
}
