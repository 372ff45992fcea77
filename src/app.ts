import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { type Brokerage, brokerageConstraints, brokerageProcesses, brokerageRetention, createBrokerage } from './brokerage/index.js';
import { createDirectory, type Directory, directoryConstraints, directoryEntities, directoryProcesses, providerIsVisible } from './directory/index.js';
import { buildGraphqlSchema } from './graphql/schema.js';
import { createIdentity, type Identity, identityEntities } from './identity/index.js';
import { createNotifications, notificationJobs, notificationsRetention } from './notifications/index.js';
import { createOutcomes, type Outcomes, outcomesConstraints, outcomesProcesses, outcomesRetention } from './outcomes/index.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { Database } from './platform/database.js';
import { type Jobs, migrateJobs } from './platform/jobs.js';
import { fileTransport, mailJobs, type MailTransport, smtpTransport } from './platform/mail.js';
import { checkProcess } from './platform/process/index.js';
import { housekeepingJobs } from './platform/housekeeping.js';
import { retentionJobs } from './platform/retention.js';
import { createReferrals, referralsConstraints, referralsProcesses, referralsRetention, type ReferralsRoom } from './referrals/index.js';
import { schoolsConstraints, schoolsResolvers } from './schools/index.js';
import { createSearch, type Search, upgradeDocuments } from './search/index.js';

/** Every process of the product, checked at each start and drawn in docs/processes.md. */
export const processes = [...directoryProcesses, ...brokerageProcesses, ...referralsProcesses, ...outcomesProcesses];

/** What is kept for how long, where the setting `retention` says nothing else. */
export const retention = [...brokerageRetention, ...referralsRetention, ...outcomesRetention, ...notificationsRetention];

export interface App {
  db: Database;
  databaseUrl: string;
  clock: Clock;
  identity: Identity;
  directory: Directory;
  brokerage: Brokerage;
  referrals: ReferralsRoom;
  outcomes: Outcomes;
  search: Search;
  schema: GraphQLSchema;
  jobs: Jobs;
  close(): Promise<void>;
}

export interface AppOptions {
  config: Config;
  databaseUrl: string;
  clock: Clock;
  mail?: MailTransport;
}

/** The composition root: the only place where the parts are put together. Nothing listens or runs yet. */
export async function createApp({ config, databaseUrl, clock, mail = mailTransport(config) }: AppOptions): Promise<App> {
  processes.forEach(checkProcess);
  const db = await connect(databaseUrl, clock);
  const { identity, search, directory, brokerage, referrals, outcomes, schema } = assemble(db, clock, config);
  const jobs = together(mailJobs(db, mail), directory.jobs, brokerage.jobs, referrals.jobs, outcomes.jobs, search.jobs, notificationJobs(db, mail, config.publicUrl), housekeepingJobs(db), retentionJobs(db, retention));
  return { db, databaseUrl, clock, identity, directory, brokerage, referrals, outcomes, search, schema, jobs, close: () => db.close() };
}

/** The rooms and their schema on a database, which none of them uses before it is asked something. */
export function assemble(db: Database, clock: Clock, { sessionSecret, publicUrl, ...config }: Pick<Config, 'sessionSecret' | 'publicUrl'> & Partial<Config>) {
  const identity = createIdentity(db, sessionSecret, providerIsVisible);
  const search = createSearch(db, clock, config.meiliHost ? { host: config.meiliHost, key: config.meiliKey ?? null, prefix: config.meiliPrefix! } : null);
  const directory = createDirectory(db, publicUrl, search.refresh);
  const brokerage = createBrokerage(db);
  const referrals = createReferrals(db, brokerage.requests);
  const outcomes = createOutcomes(db, directory.recommendations);
  const notifications = createNotifications();
  db.onHistory = notifications.onHistory;
  const schema = buildGraphqlSchema([...schoolsResolvers.map((Resolver) => new Resolver()), ...identity.resolvers, ...directory.resolvers, ...brokerage.resolvers, ...referrals.resolvers, ...outcomes.resolvers, ...search.resolvers, ...notifications.resolvers]);
  return { identity, search, directory, brokerage, referrals, outcomes, schema };
}

export const mailFolder = (config: Config) => join(config.dataDir, 'mail');

function mailTransport(config: Config): MailTransport {
  const host = new URL(config.publicUrl).hostname;
  return config.smtpUrl ? smtpTransport(config.smtpUrl, config.mailFrom, host) : fileTransport(mailFolder(config), config.mailFrom, host);
}

export function connect(databaseUrl: string, clock: Clock): Promise<Database> {
  return Database.connect({ url: databaseUrl, clock, entities: [...identityEntities, ...directoryEntities], constraints: { ...schoolsConstraints, ...directoryConstraints, ...brokerageConstraints, ...referralsConstraints, ...outcomesConstraints } });
}

/** Brings the database up to date. Any number of processes may do so at once. */
export async function migrate(databaseUrl: string, clock: Clock): Promise<string[]> {
  const db = await connect(databaseUrl, clock);
  try {
    const done = await db.migrate();
    await migrateJobs(databaseUrl);
    await upgradeDocuments(db);
    return done;
  } finally {
    await db.close();
  }
}

function together(...parts: Jobs[]): Jobs {
  return { tasks: Object.assign({}, ...parts.map((part) => part.tasks)) as Jobs['tasks'], schedule: parts.flatMap((part) => part.schedule) };
}
