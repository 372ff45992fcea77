import { setImmediate as nextTurn } from 'node:timers/promises';
import { inBulk } from '../platform/bulk.js';
import { OperatorError } from '../platform/config.js';
import type { Database, Queryable, UnitOfWork } from '../platform/database/index.js';
import { refreshSchoolWords } from '../schools/index.js';
import { plainDaysAfter } from './calendar.js';
import { providers } from './content/providers/index.js';
import { schools } from './content/schools.js';
import { addFernshire, addPeople } from './fernshire.js';
import { growProviders } from './grow-providers.js';
import { growSchools } from './grow-schools.js';
import { Past } from './past.js';
import { addProvider } from './providers.js';
import { Rows, tables } from './rows.js';
import { stories } from './stories/index.js';
import { tellAll } from './teller.js';
import { World } from './world.js';

export interface WorldSize {
  schools: number;
  providers: number;
  listings: number;
}

/** The hand-written demo, and the smallest there is. */
export const demoSize: WorldSize = {
  schools: schools.length,
  providers: providers.length,
  listings: providers.flatMap((each) => each.listings).length,
};

export interface DemoOptions {
  /** Another seed gives other ids, dates and places; the hand-written words stay. */
  seed?: number;
  size?: WorldSize;
  /** The moment before which all of it happened; the database's clock if not given. */
  now?: Date;
  onProgress?: (step: string, done: number, of: number) => void;
  /** Called once with all listings, in the same transaction: the search follows. */
  afterListings?: (tx: UnitOfWork, listingIds: string[]) => Promise<unknown>;
}

export interface DemoSummary extends WorldSize {
  people: number;
  recommendations: number;
}

const PROVIDERS_AT_ONCE = 1000;
/** What is older than so many days is told to nobody, or has been read. */
const TOLD_DAYS = 45;
const UNREAD_DAYS = 10;
const PROVIDERS_AT_A_TURN = 20;

/** Whether there is nobody and nothing yet that the demo could be taken for. */
export async function hasRoomForDemo(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ empty: boolean }>('SELECT NOT EXISTS (SELECT FROM school) AND NOT EXISTS (SELECT FROM provider) AND NOT EXISTS (SELECT FROM person) AS empty');
  return row!.empty;
}

export async function demoLoaded(db: Queryable): Promise<boolean> {
  return (await db.query(`SELECT FROM setting WHERE name = 'demo'`)).length > 0;
}

/**
 * Writes the fictional local authority Fernshire and its neighbour, and as much more of the kind as the size asks for,
 * in one transaction, and tells what its people have done. The same seed, size and moment give the same rows, but for
 * the ids of what the stories leave behind.
 * @throws OperatorError when a demo is there already, or the size is less than the hand-written part
 */
export async function loadDemo(db: Database, options: DemoOptions = {}): Promise<DemoSummary> {
  const { seed = 1, size = demoSize, now, onProgress = () => {}, afterListings } = options;
  checkSize(size);
  return db.longTransaction(async (tx) => {
    await claim(tx, { seed, size });
    const rows = new Rows();
    const world = new World(seed, now ?? tx.now);
    const fill = () => write(tx, rows, world, size, onProgress).finally(() => rows.finish());
    const listingIds = await (size.providers > PROVIDERS_AT_ONCE ? inBulk(tx, tables, fill, READ_BY_CHECKS) : fill());
    await refreshSchoolWords(tx);
    // What reads these tables in this same transaction is planned by what is in them now.
    await tx.query('ANALYZE school, provider, listing, recommendation, recommendation_listing, membership, person');
    await tellStories(db, tx, world);
    await afterListings?.(tx, listingIds);
    return { ...size, people: rows.written.person, recommendations: rows.written.recommendation };
  });
}

/** Makes the world and hands it to the database, which writes one part while the next is made. @returns the listings */
async function write(tx: UnitOfWork, rows: Rows, world: World, size: WorldSize, onProgress: NonNullable<DemoOptions['onProgress']>): Promise<string[]> {
  addFernshire(world, rows);
  growSchools(world, rows, size.schools - demoSize.schools);
  await rows.flush(tx);
  onProgress('Schools', size.schools, size.schools);

  const listingIds: string[] = [];
  let done = 0;
  for (const provider of allProviders(world, size)) {
    listingIds.push(...addProvider(world, rows, provider));
    done++;
    if (done % PROVIDERS_AT_A_TURN === 0) await nextTurn(); // in which the next statement is sent
    if (done % PROVIDERS_AT_ONCE === 0 || done === size.providers) {
      await rows.flush(tx);
      onProgress('Providers', done, size.providers);
    }
  }
  addPeople(world, rows);
  await rows.flush(tx);
  return listingIds;
}

/** What the people of Fernshire have done; what they have been told of it has been mailed and, but for the last days, read. */
async function tellStories(db: Database, tx: UnitOfWork, world: World): Promise<void> {
  await tellAll(new Past(db, tx, plainDaysAfter(world.now, -TOLD_DAYS)), world, stories);
  await tx.query(
    `UPDATE notice SET mailed_at = created_at + interval '1 minute', read_at = CASE WHEN created_at < $1 THEN created_at + interval '1 day' END`,
    [plainDaysAfter(world.now, -UNREAD_DAYS)],
  );
}

/** Comes first, so that of two loads at once the second waits for the first and is then told. */
async function claim(tx: UnitOfWork, demo: { seed: number; size: WorldSize }): Promise<void> {
  const claimed = await tx.query(`INSERT INTO setting (name, value) VALUES ('demo', $1) ON CONFLICT DO NOTHING RETURNING name`, [JSON.stringify(demo)]);
  if (claimed.length === 0) throw new OperatorError('The demo is in this database already. Use another DATA_DIR or DATABASE_URL for a demo of another size.');
  if (!(await hasRoomForDemo(tx))) throw new OperatorError('There are schools, providers or people in this database. The demo is only for an empty one: use another DATA_DIR or DATABASE_URL.');
}

/** Who is of a provider, and what they lead, is looked up for each row that is checked when all are written. */
const READ_BY_CHECKS = ['person_mailbox', 'membership_of_person', 'membership_of_provider', 'recommendation_provider', 'recommendation_bodies', 'recommendation_given_by', 'recommendation_school', 'school_trust', 'school_federation', 'listing_provider'];

function checkSize(size: WorldSize): void {
  const { schools, providers, listings } = demoSize;
  if (size.schools < schools || size.providers < providers || size.listings < listings) {
    throw new OperatorError(`The demo has at least ${schools} schools, ${providers} providers and ${listings} listings.`);
  }
  if (size.listings > listings && size.providers === providers) {
    throw new OperatorError(`More than ${listings} listings need more than ${providers} providers.`);
  }
}

function* allProviders(world: World, size: WorldSize) {
  yield* providers;
  yield* growProviders(world, size.providers - demoSize.providers, size.listings - demoSize.listings);
}
