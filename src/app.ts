import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { type Brokerage, brokerageConstraints, brokerageFollower, brokerageLeaving, brokerageProcesses, brokerageRetention, createBrokerage } from './brokerage/index.js';
import { createDirectory, type Directory, directoryConstraints, directoryEntities, directoryLeaving, directoryProcesses, directoryRetention, hasInterestInWhatSchoolVouchesFor, mayBeAlternative, providerIsVisible, roleRefused } from './directory/index.js';
import { buildGraphqlSchema } from './graphql/schema.js';
import { createIdentity, type Identity, identityEntities, identityConstraints, identityFollower } from './identity/index.js';
import { createImports, type Imports, importsRetention } from './imports/index.js';
import { createNotifications, notificationJobs, notificationsRetention } from './notifications/index.js';
import { createOutcomes, type Outcomes, outcomesConstraints, outcomesFollower, outcomesProcesses, outcomesRetention } from './outcomes/index.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { Database, type DatabaseLimits, defaultLimits, longLimits, type UnitOfWork } from './platform/database/index.js';
import { type Jobs, jobsResolvers, joinJobs, migrateJobs } from './platform/jobs/index.js';
import { defaultImportSettings } from './platform/import-settings.js';
import type { Logger } from './platform/log.js';
import { fileTransport, mailJobs, type MailTransport, smtpTransport } from './platform/mail/index.js';
import { checkProcess } from './platform/process/index.js';
import { housekeepingJobs } from './platform/housekeeping.js';
import { retentionJobs } from './platform/retention.js';
import { createReferrals, referralsConstraints, referralsFollower, referralsLeaving, referralsProcesses, referralsRetention, type ReferralsRoom } from './referrals/index.js';
import { type Follower, PartnershipResolver, Partnerships, schoolsConstraints, schoolsFollower, schoolsProcesses, schoolsResolvers } from './schools/index.js';
import { createSearch, type MeiliOptions, type Search, upgradeDocuments } from './search/index.js';

/** Every process of the product, checked at each start and drawn in docs/processes.md. */
export const processes = [...schoolsProcesses, ...directoryProcesses, ...brokerageProcesses, ...referralsProcesses, ...outcomesProcesses];

/** What is kept for how long, where the setting `retention` says nothing else. */
export const retention = [...directoryRetention, ...brokerageRetention, ...referralsRetention, ...outcomesRetention, ...importsRetention, ...notificationsRetention];

export interface App {
  db: Database;
  clock: Clock;
  partnerships: Partnerships;
  identity: Identity;
  directory: Directory;
  brokerage: Brokerage;
  referrals: ReferralsRoom;
  outcomes: Outcomes;
  search: Search;
  imports: Imports;
  /** What goes on for the local authorities that follow another, room by room; people last, who are told what the others found. */
  followers: readonly Follower[];
  schema: GraphQLSchema;
  jobs: Jobs;
  close(): Promise<void>;
}

export interface AppOptions {
  config: Config;
  databaseUrl: string;
  clock: Clock;
  mail?: MailTransport;
  /** Told of slow statements. */
  log?: Logger;
}

/** The composition root: the only place where the parts are put together. Nothing listens or runs yet. */
export async function createApp({ config, databaseUrl, clock, mail = mailTransport(config), log }: AppOptions): Promise<App> {
  processes.forEach(checkProcess);
  const db = await connect(databaseUrl, clock, config.database, log);
  const { partnerships, identity, search, directory, brokerage, referrals, outcomes, imports, followers, schema } = assemble(db, clock, config, log);
  const jobs = joinJobs(mailJobs(db, mail), directory.jobs, brokerage.jobs, referrals.jobs, outcomes.jobs, search.jobs, imports.jobs, notificationJobs(db, mail, config.publicUrl), housekeepingJobs(db), retentionJobs(db, retention));
  return { db, clock, partnerships, identity, directory, brokerage, referrals, outcomes, search, imports, followers, schema, jobs, close: () => db.close() };
}

/** The rooms and their schema on a database, which none of them uses before it is asked something. */
export function assemble(db: Database, clock: Clock, { sessionSecrets, publicUrl, ...config }: Pick<Config, 'sessionSecrets' | 'publicUrl'> & Partial<Config>, log?: Logger) {
  const partnerships = new Partnerships(db);
  const search = createSearch(db, clock, meiliOptions(config));
  const directory = createDirectory(db, publicUrl, search.refresh);
  const personChanged = (tx: UnitOfWork, personId: string) => directory.providers.settleFor(tx, personId);
  const identity = createIdentity(db, sessionSecrets, { sees: providerIsVisible, hasInterest: hasInterestInWhatSchoolVouchesFor, mayBeAlternative, personChanged }, publicUrl, [directoryLeaving, brokerageLeaving, referralsLeaving]);
  directory.appeals.accept('ROLE_REFUSED', roleRefused(identity.memberships));
  const brokerage = createBrokerage(db);
  const referrals = createReferrals(db, brokerage.requests, async (tx, { personId, providerId, declared }) => {
    if (declared) await brokerage.engagements.signerHasInterest(tx, personId, providerId);
    await directory.providers.settleAll(tx, [providerId]);
  });
  const outcomes = createOutcomes(db, directory.recommendations, directory.appeals);
  const followers = [schoolsFollower, directory.follower, brokerageFollower, referralsFollower, outcomesFollower, identityFollower];
  const { imports, resolvers: importsResolvers } = createImports({ db, clock, search, directory, identity, followers, settings: config.imports ?? defaultImportSettings, log });
  const notifications = createNotifications();
  db.onHistory = async (tx, steps) => {
    await directory.appeals.decisionsChanged(tx, steps); // adds the steps with which appeals end
    await notifications.onHistory(tx, steps);
  };
  const schema = buildGraphqlSchema([...[...jobsResolvers, ...schoolsResolvers].map((Resolver) => new Resolver()), new PartnershipResolver(partnerships), ...identity.resolvers, ...directory.resolvers, ...brokerage.resolvers, ...referrals.resolvers, ...outcomes.resolvers, ...search.resolvers, ...importsResolvers, ...notifications.resolvers]);
  return { partnerships, identity, search, directory, brokerage, referrals, outcomes, imports, followers, schema };
}

export const mailFolder = (config: Config) => join(config.dataDir, 'mail');

function mailTransport(config: Config): MailTransport {
  const host = new URL(config.publicUrl).hostname;
  return config.smtpUrl ? smtpTransport(config.smtpUrl, config.mailFrom, host, config.smtpMs) : fileTransport(mailFolder(config), config.mailFrom, host);
}

function meiliOptions({ meiliHost, meiliKey, meiliPrefix, meiliSearchMs, meiliWorkMs }: Partial<Config>): MeiliOptions | null {
  return meiliHost ? { host: meiliHost, key: meiliKey ?? null, prefix: meiliPrefix!, searchMs: meiliSearchMs!, workMs: meiliWorkMs! } : null;
}

export function connect(databaseUrl: string, clock: Clock, limits: DatabaseLimits = defaultLimits, log?: Logger): Promise<Database> {
  return Database.connect({ url: databaseUrl, clock, limits, ...(log && { log }), entities: [...identityEntities, ...directoryEntities], constraints: { ...schoolsConstraints, ...identityConstraints, ...directoryConstraints, ...brokerageConstraints, ...referralsConstraints, ...outcomesConstraints } });
}

/** Brings the database up to date. Any number of processes may do so at once. */
export async function migrate(databaseUrl: string, clock: Clock, limits: DatabaseLimits = defaultLimits): Promise<string[]> {
  const db = await connect(databaseUrl, clock, longLimits(limits));
  try {
    const done = await db.migrate();
    await migrateJobs(db);
    await upgradeDocuments(db);
    return done;
  } finally {
    await db.close();
  }
}
