import type { Browser, Page } from 'playwright-core';
import { startApp, type TestServer } from '../support/app.js';
import { failJob } from '../support/jobs.js';
import { barriersOn, describeInChromium, scrollsSideways, startChromium } from './chromium.js';

const DESKTOP = { width: 1280, height: 900 };
const TABLET = { width: 810, height: 1080 };
const PHONE = { width: 360, height: 740 };

describeInChromium('in a browser without JavaScript of ours', () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startApp();
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  async function open(viewport: { width: number; height: number }): Promise<Page> {
    const context = await browser.newContext({ viewport, bypassCSP: true });
    context.setDefaultTimeout(15_000);
    return context.newPage();
  }

  async function expectGood(page: Page): Promise<void> {
    const title = await page.title();
    expect([title, await barriersOn(page), await scrollsSideways(page)]).toEqual([title, [], false]);
    expect([title, await page.locator('h1').count(), await page.locator('script').count()]).toEqual([title, 1, 0]);
  }

  async function signIn(page: Page, email: string): Promise<void> {
    await page.getByLabel('Your e-mail address').fill(email);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await expectGood(page);
    await server.deliver();
    const code = /^\d{6}/.exec(server.outbox.filter((message) => message.to === email).at(-1)!.text)![0];
    await page.getByLabel('Code from the e-mail').fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  test.each([['desktop', DESKTOP], ['tablet', TABLET], ['phone', PHONE]])('search, listing, provider on a %s', async (device, viewport) => {
    await server.world.listed({ name: `Reading Friends of ${device}` });
    const page = await open(viewport);
    await page.goto(server.url);
    await expectGood(page);
    await page.getByLabel('What does the school need').fill(`reading ${device}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=reading/);
    if (viewport === PHONE) await page.getByRole('link', { name: 'Narrow the results' }).click();
    await page.getByLabel('Teaching and learning').check();
    await expectGood(page);
    await page.getByRole('button', { name: 'Show these results' }).click();
    await page.waitForURL(/category=TEACHING_AND_LEARNING/);
    await expectGood(page);
    await page.getByRole('link', { name: 'Remove Teaching and learning' }).click();
    await page.waitForURL((url) => !url.search.includes('category'));

    await page.getByRole('listitem').filter({ hasText: `Reading Friends of ${device}` }).getByRole('link', { name: 'Reading support' }).click();
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toBe('Reading support');
    await expectGood(page);
    await page.getByRole('link', { name: `Reading Friends of ${device}` }).first().click();
    await expectGood(page);
    await page.context().close();
  });

  test('a head answers an invitation from the mail to the thanks', async () => {
    const provider = await server.world.checked({ name: 'Numbers Count' });
    const urn = await server.world.school({ name: 'Fir Grove Primary' });
    const lead = await server.world.lead(urn);
    await server.app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: urn, message: 'You had our maths days.' });
    await server.deliver();
    const link = new URL(/https?:\S+/.exec(server.outbox.find((message) => message.to === lead.email)!.text)![0]).pathname;

    const page = await open(TABLET);
    await page.goto(server.url + link);
    await expectGood(page);
    await signIn(page, lead.email);
    await page.waitForURL(server.url + link);
    await expectGood(page);
    await page.getByRole('button', { name: 'Recommend Numbers Count' }).click();
    await expect(page.title()).resolves.toBe('Error: Recommend Numbers Count – Signpost');
    await expectGood(page);
    await page.getByRole('link', { name: 'Enter what was done.' }).click();
    expect(await page.evaluate('document.activeElement.id')).toBe('whatWasDone');

    await page.getByLabel('Reading support').check();
    await page.getByLabel('What was done?').fill('Three days of coaching.');
    await page.getByLabel('When?').fill('Summer term 2026');
    await page.getByLabel('What changed?').fill('Children explain their methods.');
    await page.getByLabel('Neither I nor the school').check();
    await page.getByRole('button', { name: 'Recommend Numbers Count' }).click();
    await page.waitForURL(/done=given/);
    await expect(page.getByRole('alert').textContent()).resolves.toContain('Thank you.');
    await expectGood(page);
    await page.context().close();
  });

  test('a provider on its way to being listed', async () => {
    const { id, admin } = await server.world.awaiting({ name: 'Hopeful Choirs' });
    await server.world.school({ name: 'Gorse Hill Primary' });
    const [{ email }] = await server.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = $1', [admin.personId]) as [{ email: string }];
    const page = await open(PHONE);
    await page.goto(`${server.url}/account`);
    await signIn(page, email);
    await expectGood(page);
    await page.getByRole('link', { name: 'What stands between it and being listed' }).click();
    await expectGood(page);
    await page.getByLabel('Name of a school').fill('gorse hill');
    await page.getByRole('button', { name: 'Find the school' }).click();
    await expectGood(page);
    await page.getByLabel('What do you want to say').fill('We sang with your years 3 and 4.');
    await page.getByRole('button', { name: 'Ask the school' }).click();
    await page.waitForURL(/done=invited/);
    await expect(page.getByRole('table').textContent()).resolves.toContain('Gorse Hill Primary');
    for (const path of [`/providers/${id}/edit`, `/providers/${id}/listings/new`, '/providers/new', '/account/school', `/providers/${id}/actions/withdraw`, '/sign-out', '/nowhere']) {
      await page.goto(server.url + path);
      await expectGood(page);
    }
    await page.context().close();
  });

  test('an officer’s pages', async () => {
    const { id, officer, recommenders } = await server.world.listed();
    const page = await open(DESKTOP);
    await page.context().addCookies([{ name: 'signpost', value: (await server.cookieOf(officer)).split('=')[1]!, url: server.url }]);
    for (const path of ['/account', '/notices', `/providers/${id}`, `/providers/${id}/checks`, `/providers/${id}/way-to-being-listed`, `/providers/${id}/actions/suspend`, `/recommendations/${recommenders[0]!.recommendation}`, '/cookies', '/privacy', '/accessibility']) {
      await page.goto(server.url + path);
      await expectGood(page);
    }
    await page.context().close();
  });

  test.each([['desktop', DESKTOP], ['phone', PHONE]])('the administrator’s page about the service on a %s', async (_device, viewport) => {
    const { db } = server.app;
    await db.query('DELETE FROM graphile_worker._private_jobs');
    const page = await open(viewport);
    await page.goto(`${server.url}/account`);
    await signIn(page, (await server.world.person('SYSTEM_ADMIN')).email);
    await page.getByRole('link', { name: 'How the service is doing' }).click();
    await expectGood(page);
    for (const error of ['The mail server did not take a message: EENVELOPE 550 at RCPT TO', 'word'.repeat(50)]) await failJob(db, 'send-mail', { error });
    await page.reload();
    await expectGood(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectGood(page);
    await page.getByRole('link', { name: 'Choose at least one job.' }).click();
    expect(await page.evaluate('document.activeElement.id')).toBe('ids');
    await page.getByLabel('Send a message').first().check();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForURL(/done=retry/);
    await expect(page.getByRole('alert').textContent()).resolves.toContain('put back');
    await expectGood(page);
    await page.getByLabel('Send a message').check();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL(/done=remove/);
    await expect(page.getByRole('alert').textContent()).resolves.toContain('removed');
    await expectGood(page);
    await page.context().close();
  });
});
