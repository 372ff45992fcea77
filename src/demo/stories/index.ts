import type { Recorded } from '../../platform/database/index.js';
import { dayOf, plainDaysAfter } from '../calendar.js';
import { finishedSupport } from '../content/finished.js';
import type { Story } from '../teller.js';
import * as agreed from './agreed.js';
import * as ended from './ended.js';
import { finished } from './finished.js';
import { phonics } from './phonics.js';
import { confidential, invitationsWaiting, joint, planningCosts } from './requests.js';
import { settings } from './settings.js';
import * as sips from './sip.js';
import * as underWay from './under-way.js';

/** From so many days ago on every night counts; before, those on which support begins. */
const EVERY_NIGHT = 75;
const WEEK = 7;
const TOLD_DAYS = 30;
const MOST_TOLD = 60;

/** The jobs of the nights, and at the end those that are due now. */
const nights: Story = async function* (teller) {
  const { past, now } = teller;
  const begins = finishedSupport.flatMap(({ schools }) => schools.map(({ days: [begun] }) => begun)).filter((days) => days > EVERY_NIGHT);
  for (const day of new Set(begins.sort((a, b) => b - a).map(teller.daysAgo))) {
    yield nightOf(day);
    await past.passNight();
    await past.passWeek();
  }
  for (let days = EVERY_NIGHT; days > 0; days--) {
    yield nightOf(dayOf(plainDaysAfter(now, -days)));
    await past.passNight();
    if (days % WEEK === 0) await past.passWeek();
  }
  yield now;
  await past.passNight();
  await past.passWeek();
};

const nightOf = (day: string) => new Date(`${day}T03:00:00Z`);

/** Tells people of what has happened lately in the directory, whose rows are written and not told. */
const directory: Story = async function* ({ past, now }) {
  const steps = await past.db.query<Recorded & { at: Date }>(
    `SELECT id AS "historyId", process, transition, object_id AS "objectId", person_id AS "personId", on_behalf_kind AS "onBehalfKind", reason, at
     FROM history WHERE at > $1 ORDER BY id LIMIT $2`,
    [plainDaysAfter(now, -TOLD_DAYS), MOST_TOLD],
  );
  for (const { at, ...step } of steps.sort((a, b) => a.at.getTime() - b.at.getTime())) {
    yield at;
    await past.tellOf(step);
  }
};

/** Everything that is told of Fernshire, by name. */
export const stories: Record<string, Story> = {
  settings,
  directory,
  nights,
  phonics,
  planningCosts,
  confidential,
  joint,
  invitationsWaiting,
  ...agreed,
  ...ended,
  ...sips,
  ...underWay,
  ...finished,
};
