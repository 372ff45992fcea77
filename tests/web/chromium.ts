import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const hasChromium = existsSync(executablePath);

/** Where there is no Chromium the tests are left out, and say so. */
export const describeInChromium = hasChromium ? describe : describe.skip;
if (!hasChromium) process.stderr.write(`\nNo Chromium at ${executablePath}: the browser tests are LEFT OUT. Install it, or set CHROMIUM.\n\n`);

export const startChromium = (): Promise<Browser> => chromium.launch({ executablePath, args: ARGS });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  id: string;
  help: string;
  nodes: { html: string }[];
}

/** What axe finds against WCAG 2.2 AA on the page as it stands. The page's context needs `bypassCSP`. */
export async function barriersOn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(LEVELS)} }).then((result) => result.violations)`);
  return (violations as Violation[]).map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`);
}

/** Whether a person has to scroll sideways. */
export const scrollsSideways = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth') as Promise<boolean>;
